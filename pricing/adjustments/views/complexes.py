"""Pages of complex items: hospitals propose, the bureau compares and adopts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import Forbidden, Invalid, Issue
from kernel.forms import FormReader, mistakes
from kernel.i18n import _
from kernel.identity import record_id
from kernel.money import NotANumber, parse_decimal
from kernel.web import flash_done, redirect_to, render
from pricing.adjustments import rules
from pricing.adjustments.flow import PLAN_FLOW, PlanAction
from pricing.adjustments.models import AdjustmentPlan
from pricing.adjustments.queries import complexes, effects, judging, plans
from pricing.adjustments.services import proposing
from pricing.items.queries.prices import prices_on


def show(call: Call, plan_id: int) -> str:
    """Show complex items with what was proposed; a hospital sees its own prices and the comparison without names."""
    plan, staff = plans.one(call.session, plan_id, call.actor), call.actor.may(P.ADJUSTMENT_READ)
    place = effects.places(call.session, plan.region_code).get(call.actor.organisation_id or 0)
    if not staff and place is None:
        raise Forbidden
    state = plans.state_of(plan, call.at)
    edits = PLAN_FLOW.allows(state, PlanAction.EDIT)
    open_ = edits and plan.proposals_due_at is not None and call.at <= plan.proposals_due_at
    return render(
        "pricing/adjustment_complex.html", plan=plan, state=state, staff=staff, place=place, open=open_,
        **_items(call, plan, staff=staff), edits=edits and plans.works_on(plan, call.actor),
        mine={one.item_id: one for one in complexes.proposals(call.session, plan, plan.proposal_round, place.id)}
        if place else {},
        rounds=[(number, complexes.compared(call.session, plan, number)) for number in rules.ROUNDS
                if number < plan.proposal_round or (number == plan.proposal_round and not open_)],
        proposing=complexes.proposing(call.session, plan) if open_ else 0, limit=judging.limit_of(plan),
        errors=mistakes(call.error), values=call.form, last=rules.ROUNDS[-1],
    )  # fmt: skip


def _items(call: Call, plan: AdjustmentPlan, *, staff: bool) -> dict[str, Any]:
    """Return the complex items, those that could be, what they are called, and their prices now."""
    marked, day = complexes.marked(call.session, plan), today(call.at)
    lines = plans.lines(call.session, plan) if staff else ()
    ids = [*(one.item_id for one in marked), *(one.item_id for one in lines)]
    return {
        "marked": marked, "versions": plans.versions(call.session, ids, day),
        "items": sorted({(one.item_id, one.item.code) for one in lines}, key=lambda one: one[1]),
        "now": prices_on(call.session, plans.eve(plan, day), plan.region_code, item_ids=ids),
    }  # fmt: skip


def mark(call: Call, plan_id: int) -> Response:
    """Say which items are complex."""
    ids = {found for each in call.form.getlist("items") if (found := record_id(each)) is not None}
    proposing.mark(call.session, plan_id=plan_id, item_ids=ids, actor=call.actor, at=call.at)
    flash_done(_("%(count)s items are complex.", count=len(ids)))
    return redirect_to("pricing.adjustment_complex", plan_id=plan_id)


def open_round(call: Call, plan_id: int) -> Response:
    """Open the next round."""
    reader = FormReader(call.form)
    due_at = reader.until("proposals_due", _("Day"))
    reader.done()
    proposing.open_round(call.session, plan_id=plan_id, due_at=due_at, actor=call.actor, at=call.at)
    flash_done(_("The round is open; the hospitals are told."))
    return redirect_to("pricing.adjustment_complex", plan_id=plan_id)


def propose(call: Call, plan_id: int) -> Response:
    """Propose prices."""
    prices, wrong = dict[int, Decimal](), dict[str, Issue]()
    for name, text in call.form.items():
        item_id = record_id(name.removeprefix("p-")) if name.startswith("p-") else None
        if item_id is None or not text.strip():
            continue
        try:
            prices[item_id] = parse_decimal(text)
        except NotANumber:
            wrong[name] = Issue("not-a-number", value=text)
    if wrong:
        raise Invalid(wrong)
    reason = call.form.get("reason", "")[:400]
    proposing.propose_prices(
        call.session, plan_id=plan_id, prices=prices, reason=reason, actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("Your prices are proposed; they can be changed until the round ends."))
    return redirect_to("pricing.adjustment_complex", plan_id=plan_id)


def adopt(call: Call, plan_id: int) -> Response:
    """Take the middle of the last round over."""
    done = proposing.adopt(call.session, plan_id=plan_id, actor=call.actor, at=call.at)
    flash_done(_("%(count)s lines were changed.", count=done))
    return redirect_to("pricing.adjustment_lines", plan_id=plan_id)
