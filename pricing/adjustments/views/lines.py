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
from kernel.web import number as shown
from pricing.adjustments.flow import PLAN_FLOW, PlanAction
from pricing.adjustments.models import AdjustmentPlan, PlanLine
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
    _typed(call, rows)
    return render(
        "pricing/adjustment_lines.html", plan=plan, state=state, staff=staff, edits=edits, rows=rows,
        complex=plan.proposal_round and concerned(call, plan),
        columns=_columns() if edits else (), stale=len(_stale(call, plan)) if edits else 0,
        errors=mistakes(call.error), values=call.form, steps=STEPS,
        author=edits and call.actor.user_id in {one.id for one in plans.authors(call.session, plan)},
    )  # fmt: skip


def _stale(call: Call, plan: AdjustmentPlan) -> list[PlanLine]:
    return drafting.stale(call.session, plan, today(call.at))


def _typed(call: Call, rows: list[dict[str, Any]]) -> None:
    """Keep in the grid what was typed into it where it was refused."""
    if call.error is None or "lines" not in call.form:
        return
    try:
        typed = _posted(call.form["lines"])
    except Invalid:
        return
    for row in rows:
        row["new"] = typed.get(row["id"], row["new"])


def _row(one: PlanLine, version: ItemVersion | None, volume: Decimal | None) -> dict[str, Any]:
    """Return a line as the grid and the table show it; decimals are text."""
    percent = (one.new_price / one.old_price - 1) * 100 if one.old_price else None
    return {
        "id": one.id, "code": one.item.code, "name": version.name if version else "", "grade": str(label(one.grade)),
        "unit": version.unit if version else "", "old": f"{one.old_price:.2f}",
        "new": f"{one.new_price:.2f}", "technical": str(_("yes") if one.technical else _("no")),
        "percent": "" if percent is None else f"{percent:.1f}",
        "volume": "" if volume is None else f"{volume.normalize():f}",
        "amount": "" if volume is None else f"{(one.new_price - one.old_price) * volume:.2f}",
        "added": shown(None if volume is None else (one.new_price - one.old_price) * volume, 2),
    }  # fmt: skip


def _columns() -> list[dict[str, Any]]:
    fixed = {"readonly": True}
    words, figure, yuan = {"kind": "text", **fixed}, {"kind": "number", **fixed}, str(_("yuan"))
    return [
        {"field": "code", "title": str(_("Code")), "frozen": True, "width": 110, **words},
        {"field": "name", "title": str(_("Service item")), "width": 190, **words},
        {"field": "grade", "title": str(_("Grade")), "width": 95, **words},
        {"field": "unit", "title": str(_("Unit")), "width": 70, **words},
        {"field": "old", "title": str(_("Price before it")), "unit": yuan, "width": 95, **figure},
        {"field": "new", "title": str(_("New price")), "unit": yuan, "kind": "number", "decimals": 2, "width": 95},
        {"field": "volume", "title": str(_("Volume of the year")), "width": 100, **figure},
        {"field": "amount", "title": str(_("Added a year")), "unit": yuan, "width": 125, "total": True, **figure},
        {"field": "technical", "title": str(_("Technical labour")), "width": 85, **words},
    ]


def save(call: Call, plan_id: int) -> Response:
    """Take the grid's prices over, with the old prices as they are now; an empty price takes its line out."""
    plan = plans.one(call.session, plan_id, call.actor)
    held = {one.id: one for one in plans.lines(call.session, plan)}
    stale = {one.id for one in _stale(call, plan)}
    keep, out = _read(_posted(call.form.get("lines", "")), held, stale)
    done = drafting.set_lines(call.session, plan_id=plan_id, rows=keep, actor=call.actor, at=call.at)
    if out:
        drafting.remove_lines(call.session, plan_id=plan_id, line_ids=out, actor=call.actor, at=call.at)
    flash_done(_("%(count)s lines were changed.", count=done + len(out)))
    return redirect_to("pricing.adjustment_lines", plan_id=plan_id)


def _posted(written: str) -> dict[int, str]:
    """Return the new prices that a grid posts, by line."""
    try:
        rows = json.loads(written or "[]")
    except (ValueError, RecursionError):
        raise Invalid({"lines": Issue("plan-grid")}) from None
    if not isinstance(rows, list):
        raise Invalid({"lines": Issue("plan-grid")})
    named = [(record_id(str(row.get("id", ""))), row) for row in rows if isinstance(row, dict)]
    return {line_id: str(row.get("new", "")).strip() for line_id, row in named if line_id is not None}


def _read(posted: dict[int, str], held: dict[int, PlanLine], stale: set[int]) -> tuple[list[NewLine], list[int]]:
    """Read what the grid posts; rows that are no lines of the plan are passed over. Every mistake is told at once."""
    keep, out, wrong = list[NewLine](), list[int](), dict[str, Issue]()
    for line, text in ((held[line_id], text) for line_id, text in posted.items() if line_id in held):
        if not text:
            out.append(line.id)
            continue
        try:
            price = parse_decimal(text)
        except NotANumber:
            facts: dict[str, object] = {"item": line.item.code, "grade": line.grade}
            wrong[drafting.place_of(line.item_id, line.grade)] = Issue("plan-line-price", value=text[:40], facts=facts)
            continue
        if price != line.new_price or line.id in stale:
            keep.append(NewLine(line.item_id, line.grade, price, line.technical))
    if wrong:
        raise Invalid(wrong)
    return keep, out


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
