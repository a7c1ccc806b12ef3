"""Pages of a plan's lines: the grid while it is a draft, a table afterwards."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import Invalid, Issue
from kernel.forms import FormReader, mistakes
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.money import NotANumber, parse_decimal
from kernel.web import flash_done, redirect_to, render
from pricing.adjustments.flow import PLAN_FLOW, PlanAction
from pricing.adjustments.models import PlanLine
from pricing.adjustments.queries import effects, plans
from pricing.adjustments.services import drafting
from pricing.adjustments.services.drafting import NewLine
from pricing.adjustments.views.plans import concerned, number
from pricing.items.models import ItemVersion

STEPS = ("0.01", "0.1", "0.5", "1")


def show(call: Call, plan_id: int) -> str:
    """Show a plan's lines, to the bureau with volumes and amounts."""
    plan = plans.one(call.session, plan_id, call.actor)
    found, staff = plans.lines(call.session, plan), call.actor.may(P.ADJUSTMENT_READ)
    state = plans.state_of(plan, call.at)
    edits = plans.works_on(plan, call.actor) and PLAN_FLOW.allows(state, PlanAction.EDIT)
    volumes = effects.volumes(call.session, plan, effects.places(call.session, plan.region_code)) if staff else {}
    versions = plans.versions(call.session, [one.item_id for one in found], today(call.at))
    rows = [_row(one, versions.get(one.item_id), volumes.get(one.id)) for one in found]
    return render(
        "pricing/adjustment_lines.html", plan=plan, state=state, staff=staff, edits=edits, rows=rows,
        complex=plan.proposal_round and concerned(call, plan),
        columns=_columns() if edits else (), errors=mistakes(call.error), values=call.form, steps=STEPS,
    )  # fmt: skip


def _row(one: PlanLine, version: ItemVersion | None, volume: Decimal | None) -> dict[str, Any]:
    """Return a line as the grid and the table show it; decimals are text."""
    percent = (one.new_price / one.old_price - 1) * 100 if one.old_price else None
    return {
        "id": one.id, "code": one.item.code, "name": version.name if version else "", "grade": str(label(one.grade)),
        "unit": version.unit if version else "", "old": f"{one.old_price.normalize():f}",
        "new": f"{one.new_price.normalize():f}", "technical": str(_("yes") if one.technical else _("no")),
        "percent": "" if percent is None else f"{percent:.1f}",
        "volume": "" if volume is None else f"{volume.normalize():f}",
        "amount": "" if volume is None else f"{(one.new_price - one.old_price) * volume:.2f}",
    }  # fmt: skip


def _columns() -> list[dict[str, Any]]:
    fixed = {"readonly": True}
    return [
        {"field": "code", "title": str(_("Code")), "kind": "text", "frozen": True, "width": 120, **fixed},
        {"field": "name", "title": str(_("Service item")), "kind": "text", "width": 200, **fixed},
        {"field": "grade", "title": str(_("Grade")), "kind": "text", "width": 110, **fixed},
        {"field": "unit", "title": str(_("Unit")), "kind": "text", "width": 80, **fixed},
        {"field": "old", "title": str(_("Price now")), "unit": str(_("yuan")), "kind": "number", "width": 100, **fixed},
        {"field": "new", "title": str(_("New price")), "unit": str(_("yuan")), "kind": "number", "decimals": 2,
         "width": 110},
        {"field": "volume", "title": str(_("Volume of the year")), "kind": "number", "width": 120, **fixed},
        {"field": "amount", "title": str(_("Added a year")), "unit": str(_("yuan")), "kind": "number", "width": 130,
         "total": True, **fixed},
        {"field": "technical", "title": str(_("Technical labour")), "kind": "text", "width": 100, **fixed},
    ]  # fmt: skip


def save(call: Call, plan_id: int) -> Response:
    """Take the grid's prices over; an empty price takes its line out."""
    plan = plans.one(call.session, plan_id, call.actor)
    held = {one.id: one for one in plans.lines(call.session, plan)}
    keep, out = _read(call.form.get("lines", ""), held)
    done = drafting.set_lines(call.session, plan_id=plan_id, rows=keep, actor=call.actor, at=call.at)
    if out:
        drafting.remove_lines(call.session, plan_id=plan_id, line_ids=out, actor=call.actor, at=call.at)
    flash_done(_("%(count)s lines were changed.", count=done + len(out)))
    return redirect_to("pricing.adjustment_lines", plan_id=plan_id)


def _read(written: str, held: dict[int, PlanLine]) -> tuple[list[NewLine], list[int]]:
    """Read what the grid posts; rows that are no lines of the plan are passed over."""
    try:
        rows = json.loads(written or "[]")
    except ValueError:
        raise Invalid({"lines": Issue("plan-grid")}) from None
    keep, out = [], []
    for row in rows if isinstance(rows, list) else []:
        line = held.get(record_id(str(row.get("id", ""))) or 0) if isinstance(row, dict) else None
        if line is None:
            continue
        text = str(row.get("new", "")).strip()
        if not text:
            out.append(line.id)
        elif (price := _price(text)) != line.new_price:
            keep.append(NewLine(line.item_id, line.grade, price, line.technical))
    return keep, out


def _price(text: str) -> Decimal:
    try:
        return parse_decimal(text)
    except NotANumber:
        raise Invalid({"lines": Issue("not-a-number", value=text)}) from None


def add(call: Call, plan_id: int) -> Response:
    """Add items by the beginning of their codes."""
    reader = FormReader(call.form)
    prefix, percent = reader.text("prefix", _("Code begins with")), number(reader, "percent")
    step = Decimal(call.form.get("step", "")) if call.form.get("step", "") in STEPS else Decimal(1)
    reader.done()
    done = drafting.add_by_prefix(
        call.session, plan_id=plan_id, prefix=prefix, percent=percent, step=step, actor=call.actor, at=call.at
    )
    flash_done(_("%(count)s lines were changed.", count=done))
    return redirect_to("pricing.adjustment_lines", plan_id=plan_id)
