"""The violation list: what stands in it for everybody, what waits for officers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import Invalid, Issue, NotFound
from kernel.forms import FormReader, mistakes
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.parties import queries as parties
from kernel.parties import regions
from kernel.web import day, flash_done, paginate, redirect_to, render
from pricing.credit.ratings.queries.ratings import governs
from pricing.credit.ratings.views.ratings import day_of
from pricing.credit.violations import queries, services
from pricing.credit.violations.flow import ViolationAction
from pricing.credit.violations.models import RoundViolation


def index(call: Call, changed: Mapping[str, str] | None = None) -> str:
    """Show the list of a day, today's where none is named; officers see what waits for a second person above it.

    `changed`: an entry as it was read and as it is now.
    """
    now = today(call.at)
    on = day_of(call.args.get("on", ""), now)
    found = queries.listed(on, text=call.args.get("q", "").strip()[:80])
    return render(
        "pricing/violations.html", list=paginate(call.session, found), on=on, today=now, A=ViolationAction,
        proposed=queries.proposed(call.session, call.actor), errors=mistakes(call.error), me=call.actor.user_id,
        rates=call.actor.may(P.CREDIT_RATE), governs=partial(governs, call.actor),
        line=_line, changed=changed,
    )  # fmt: skip


def _line(one: RoundViolation) -> str:
    """Return all that an entry says, in one line: a form carries what its reader has read."""
    said = [one.company.shown_name, one.round, one.conduct]
    said += [_("winning status cancelled")] if one.cancels else []
    if one.suspended_from:
        days = {"from": day(one.suspended_from), "until": day(one.suspended_until)}
        said.append(_("may not bid from %(from)s until %(until)s", **days))
    said += [one.region.name if one.region else _("everywhere"), one.origin, one.document]
    return "；".join(said)


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
    verb, seen = call.form.get("act", ""), record_id(call.form.get("seen", "")) or 0
    known: dict[str, Any] = {"violation_id": violation_id, "seen": seen, "actor": call.actor, "at": call.at}
    if verb == ViolationAction.CONFIRM:
        services.confirm(call.session, **known)
    elif verb == ViolationAction.DROP:
        services.drop(call.session, reason=call.form.get("reason", ""), **known)
    elif verb == ViolationAction.LIFT:
        services.lift(call.session, reason=call.form.get("reason", ""), **known)
    else:
        raise Invalid({"act": Issue("unknown-choice", value=verb[:40])})
    flash_done(_("Done."))
    return redirect_to("pricing.violations")


def again(call: Call, violation_id: int) -> str:
    """Show the list again where an act was refused; an entry that was changed meanwhile as it was read and as it is."""
    if not isinstance(call.error, queries.Stale):
        return index(call)
    found = queries.one(call.session, violation_id, call.actor)
    read, reason = (call.form.get(name, "").strip()[:2_000] for name in ("read", "reason"))
    return index(call, {"read": read, "now": f"{_line(found)}；{label(found.state)}", "reason": reason})


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how an entry is called and where it stands; those nobody listed only to officers."""
    try:
        found = queries.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    return f"{found.company.shown_name} · {found.round}", url_for("pricing.violations")
