"""Pages of credit: a company's letter, everybody's letters, reported facts."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kernel.auth.actor import Actor
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import NotFound
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.web import flash_done, page_number, paginate, redirect_to, render
from pricing.credit import queries, rules, services
from pricing.credit.flow import LetterState, Matter
from pricing.credit.models import CommitmentLetter
from pricing.credit.ratings.queries import ratings


def letter(call: Call) -> str:
    """Show a company this year's letter, to sign or to withdraw."""
    company, year = queries.company_of(call.session, call.actor), today(call.at).year
    text = rules.letter(name=company.name, code=company.code, year=year)
    signed = queries.letter_of(call.session, company.id, year)
    return render(
        "pricing/commitment.html", text=text, digest=rules.digest(text), year=year, signed=signed,
        binds=signed is not None and signed.state is LetterState.SIGNED,
    )  # fmt: skip


def sign(call: Call) -> Response:
    """Sign it."""
    services.sign(call.session, shown=call.form.get("digest", ""), actor=call.actor, at=call.at)
    flash_done(_("The commitment letter is signed."))
    return redirect_to("pricing.commitment")


def withdraw(call: Call) -> Response:
    """Withdraw it."""
    services.withdraw(call.session, actor=call.actor, at=call.at)
    flash_done(_("The commitment letter is withdrawn."))
    return redirect_to("pricing.commitment")


def letters(call: Call) -> str:
    """List companies with their letter of a year, those without one first."""
    asked = queries.asked_letters(call.args, call.at)
    years = range(today(call.at).year, queries.FIRST_YEAR - 1, -1)
    return render(
        "pricing/commitments.html", list=queries.letters_page(call.session, call.actor, asked, page_number()),
        year=asked["year"], years=[(each, each) for each in years], tally=queries.tally(call.session, asked["year"]),
        choices=[("yes", _("Signed")), ("no", _("Not signed"))],
    )  # fmt: skip


def facts(call: Call) -> str:
    """List reported facts."""
    found = queries.facts(call.actor, **queries.asked(call.args))
    matters = [(matter.value, label(matter)) for matter in Matter]
    page = paginate(call.session, found)
    rated = ratings.of_cases(call.session, [one.case_id for one in page.rows], call.actor)
    return render(
        "pricing/credit_facts.html", list=page, matters=matters, rated=rated,
        stage_of=lambda one: ratings.stage_of(one, call.at),
    )  # fmt: skip


def letter_subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how a letter is called and where it stands: to its company, and to officers."""
    found = session.get(CommitmentLetter, record_id(identity) or 0)
    if found is None or not (actor.runs_platform or found.company_id == actor.organisation_id):
        return None
    own = found.company_id == actor.organisation_id
    url = url_for("pricing.commitment" if own else "pricing.commitments")
    return f"{found.company.shown_name} · {_('Commitment letter %(year)s', year=found.year)}", url


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how a fact is called and where it stands, to whoever may see it."""
    try:
        found = queries.one(session, int(identity), actor)
    except (NotFound, ValueError):
        return None
    return f"{found.company.shown_name} · {label(found.matter)}", url_for("pricing.credit_facts")
