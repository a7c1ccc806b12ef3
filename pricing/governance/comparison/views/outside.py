"""Products as other regions write them: the list, and one beside what the catalogue holds."""

from __future__ import annotations

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.errors import NotFound
from kernel.forms import mistakes
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.paging import windowed
from kernel.web import flash_done, page_number, redirect_to, render
from pricing.governance.comparison.flow import Match, MatchAction
from pricing.governance.comparison.queries import catalogue, outside
from pricing.governance.comparison.services import reviewing


def index(call: Call) -> str:
    """List written products, those that wait for a person first."""
    found = outside.products(**outside.asked(call.args))
    return render(
        "pricing/outside.html", list=windowed(call.session, found, number=page_number()), Match=Match,
        tally=outside.tally(call.session), matches=[(one.value, label(one)) for one in Match],
        regions=outside.regions(call.session),
    )  # fmt: skip


def show(call: Call, outside_id: int) -> str:
    """Show a product as it was written beside what could be meant."""
    found = outside.one(call.session, outside_id)
    pairs = [(pair[0], pair[1]) for pair in found.candidates]
    if found.group is not None and found.group.specification_id and found.group.company_id:
        pairs = [*pairs, (found.group.specification_id, found.group.company_id)]
    return render(
        "pricing/outside_product.html", found=found, prices=outside.prices_of(call.session, outside_id),
        candidates=catalogue.described(call.session, list(dict.fromkeys(pairs))), A=MatchAction,
        actions=reviewing.waiting(found.match), errors=mistakes(call.error), values=call.form,
    )  # fmt: skip


def decide(call: Call, outside_id: int) -> Response:
    """Confirm one of the candidates, or refuse them all."""
    form = call.form
    first, _slash, second = form.get("pair", "").partition("/")
    version, note = record_id(form.get("version", "")) or 0, form.get("note", "")
    if form.get("action") == MatchAction.CONFIRM.value:
        reviewing.confirm(
            call.session, outside_id=outside_id, specification_id=record_id(first) or 0,
            company_id=record_id(second) or 0, note=note, version=version, actor=call.actor, at=call.at,
        )  # fmt: skip
    elif form.get("action") == MatchAction.REFUSE.value:
        reviewing.refuse(call.session, outside_id=outside_id, note=note, version=version, actor=call.actor, at=call.at)
    else:
        raise NotFound(action=form.get("action", ""))
    flash_done(_("It is remembered: later prices of this product are compared the same way."))
    return redirect_to("pricing.outside", match=Match.UNSURE.value)


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how a written product is called, to whoever may see it."""
    try:
        found = outside.one(session, record_id(identity) or 0)
    except NotFound:
        return None
    return (f"{found.name} {found.specification}", f"/pricing/outside/{found.id}") if actor.may(P.LABEL_RULES) else None
