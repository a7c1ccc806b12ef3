"""The violation list: what stands in it for everybody, what waits for officers."""

from __future__ import annotations

from functools import partial

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import Invalid, Issue, NotFound
from kernel.forms import FormReader, mistakes
from kernel.i18n import _
from kernel.identity import record_id
from kernel.parties import queries as parties
from kernel.parties import regions
from kernel.web import flash_done, paginate, redirect_to, render
from pricing.credit.ratings.queries.ratings import governs
from pricing.credit.ratings.views.ratings import day_of
from pricing.credit.violations import queries, services
from pricing.credit.violations.flow import ViolationAction


def index(call: Call) -> str:
    """Show the list of a day, today's where none is named; officers see what waits for a second person above it."""
    now = today(call.at)
    on = day_of(call.args.get("on", ""), now)
    found = queries.listed(on, text=call.args.get("q", "").strip()[:80])
    return render(
        "pricing/violations.html", list=paginate(call.session, found), on=on, today=now, A=ViolationAction,
        proposed=queries.proposed(call.session, call.actor), errors=mistakes(call.error), me=call.actor.user_id,
        rates=call.actor.may(P.CREDIT_RATE), governs=partial(governs, call.actor),
    )  # fmt: skip


def new(call: Call) -> str:
    """Ask what a company did in a round."""
    return render(
        "pricing/violation_new.html", values=call.form or call.args, errors=mistakes(call.error),
        regions=_places(call), nation=governs(call.actor, None),
    )  # fmt: skip


def _places(call: Call) -> list[tuple[str, str]]:
    """Return the regions of the reader's office."""
    known = sorted(regions.by_code(call.session).items())
    return [(code, one.name) for code, one in known if governs(call.actor, code)]


def propose(call: Call) -> Response:
    """Propose an entry."""
    services.propose(call.session, rows=[_asked(call)], actor=call.actor, at=call.at)
    flash_done(_("The entry is proposed; a second person puts it on the list."))
    return redirect_to("pricing.violations")


def _asked(call: Call) -> services.NewViolation:
    """Read the form; all of its mistakes at once."""
    reader = FormReader(call.form)
    code, region = reader.text("code", _("Credit code"), most=18), call.form.get("region", "")
    found = parties.suppliers_by_code(call.session, {code}).get(code)
    if code and found is None:
        reader.wrong["code"] = Issue("credit-unknown-company", facts={"value": code})
    if region and region not in regions.by_code(call.session):
        reader.wrong["region"] = Issue("unknown-choice", value=region[:40])
    elif not governs(call.actor, region or None):
        reader.wrong["region"] = Issue("listing-other-region" if region else "needed", facts={"region": region})
    asked = services.NewViolation(
        found or 0, reader.text("round", _("Round"), most=120), reader.text("conduct", _("What it did"), most=400),
        reader.text("origin", _("Deciding office"), most=120), reader.text("document", _("Document"), most=120),
        cancels=call.form.get("cancels") == "1", region_code=region or None,
        suspended_from=reader.day("suspended_from"), suspended_until=reader.day("suspended_until"),
    )  # fmt: skip
    reader.wrong = asked.faults() | reader.wrong
    reader.done()
    return asked


def act(call: Call, violation_id: int) -> Response:
    """Confirm, drop or lift an entry."""
    verb, reason = call.form.get("act", ""), call.form.get("reason", "")
    if verb == ViolationAction.CONFIRM:
        services.confirm(call.session, violation_id=violation_id, actor=call.actor, at=call.at)
    elif verb == ViolationAction.DROP:
        services.drop(call.session, violation_id=violation_id, reason=reason, actor=call.actor, at=call.at)
    elif verb == ViolationAction.LIFT:
        services.lift(call.session, violation_id=violation_id, reason=reason, actor=call.actor, at=call.at)
    else:
        raise Invalid({"act": Issue("unknown-choice", value=verb[:40])})
    flash_done(_("Done."))
    return redirect_to("pricing.violations")


def again(call: Call, violation_id: int) -> str:
    """Show the list again where an act was refused."""
    return index(call)


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how an entry is called and where it stands; those nobody listed only to officers."""
    try:
        found = queries.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    return f"{found.company.shown_name} · {found.round}", url_for("pricing.violations")
