"""Pages of merges: the list with its proposal, one merge with what can be done."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.errors import NotFound
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.identity import record_id
from kernel.parties import regions
from kernel.policy import covers
from kernel.web import flash_done, redirect_to, render
from pricing.listings.duplicates import queries, services
from pricing.listings.duplicates.flow import MERGE_FLOW, MergeAction

VERBS: dict[str, Any] = {"answer": services.answer, "drop": services.drop}


def index(call: Call) -> str:
    """List merges, the open ones first."""
    return render(
        "pricing/merges.html", list=queries.all_of(call.session, call.actor), errors=mistakes(call.error),
        areas=[(code, f"{code} {one.name}") for code, one in sorted(regions.by_code(call.session).items())
               if covers(call.actor.region, code)], values=call.form,
    )  # fmt: skip


def propose(call: Call) -> Response:
    """Look for duplicates in a region and publicise their merges."""
    made = services.propose(call.session, region_code=call.form.get("region", ""), actor=call.actor, at=call.at)
    flash_done(_("Merges publicised: %(count)s.", count=len(made)))
    return redirect_to("pricing.merges")


def show(call: Call, merge_id: int) -> str:
    """Show a merge with both listings."""
    found = queries.one(call.session, merge_id, call.actor)
    own = found.end.product.company_id == call.actor.organisation_id
    allowed = {MergeAction.OBJECT} if own else set(MergeAction) - {MergeAction.OBJECT}
    may = call.actor.may(P.LISTING_APPLY if own else P.LISTING_REVIEW)
    actions = [one for one in MERGE_FLOW.actions(found.state) if may and one in allowed]
    return render(
        "pricing/merge.html", found=found, actions=actions, A=MergeAction, errors=mistakes(call.error),
        values=call.form, over=call.at >= found.due_at, proposer=found.proposed_by_id == call.actor.user_id,
    )  # fmt: skip


def act(call: Call, merge_id: int) -> Response:
    """Answer, merge or give up."""
    action = call.form.get("action", "")
    common: dict[str, Any] = {"merge_id": merge_id, "actor": call.actor, "at": call.at}
    if action == "merge":
        services.merge(call.session, **common)
    elif action in VERBS:
        VERBS[action](call.session, text=call.form.get("text", ""), **common)
    else:
        raise NotFound(action=action)
    flash_done(_("Done."))
    return redirect_to("pricing.merge", merge_id=merge_id)


def object_(call: Call, merge_id: int) -> Response:
    """Object to a merge."""
    services.object_(call.session, merge_id=merge_id, text=call.form.get("text", ""), actor=call.actor, at=call.at)
    flash_done(_("The objection is on record and will be answered."))
    return redirect_to("pricing.merge", merge_id=merge_id)


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how a merge is called and where it stands, to whoever may see it."""
    try:
        found = queries.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    return f"{_('Merge of listings')} {found.end.product.registered_name}", f"/pricing/listings/merges/{found.id}"
