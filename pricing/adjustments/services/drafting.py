"""Begin a plan, fill in its numbers, and set its lines one by one, by prefix or by workbook."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.db import upsert
from kernel.errors import Conflict, Forbidden, Invalid, Issue
from kernel.parties.models import Region
from kernel.policy import covers, levels, regional
from kernel.rulebooks.rules import kept
from kernel.sets import among
from pricing.adjustments.flow import PlanAction, PlanKind
from pricing.adjustments.models import AdjustmentPlan, PlanComplex, PlanLine
from pricing.adjustments.queries import effects, plans
from pricing.adjustments.rules import changed, price_fault
from pricing.adjustments.services.acts import needed, wrote
from pricing.adjustments.values.rules import typed
from pricing.items.flow import PriceGrade
from pricing.items.models import ItemVersion, ServiceItem
from pricing.items.queries.items import valid_on
from pricing.items.queries.prices import prices_on
from pricing.tags import Tag
from pricing.triggers import queries as triggers

POLICY = Path(__file__).parents[1] / "policy.toml"
LINE_FAULTS = {"plan-price": "plan-line-price", "plan-no-item": "plan-no-item", "plan-no-price": "plan-line-unpriced"}
"""What a grid says of a line, which it names; a workbook has its row beside it."""
CODE = re.compile(r"[A-Za-z0-9-]{3,40}")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a plan is begun with; `base` None: the volumes' revenue."""

    code: str
    title: str
    kind: PlanKind
    region_code: str
    volume_year: int
    starts_on: date
    trigger_id: int | None = None
    document: str = ""
    base: Decimal | None = None
    base_source: str = ""


@dataclass(frozen=True, slots=True)
class NewLine:
    """A price to be, yuan; `technical` None: as the item's version says."""

    item_id: int
    grade: PriceGrade
    new_price: Decimal
    technical: bool | None = None


def begin(session: Session, *, draft: Draft, actor: Actor, at: datetime) -> AdjustmentPlan:
    """Begin a plan: a regular one on a decision to adjust, the others on a document."""
    if not actor.may(P.ADJUSTMENT_WRITE) or actor.organisation_id is None:
        raise Forbidden
    if wrong := _faults(session, draft, actor, at):
        raise Invalid(wrong)
    base = draft.base
    if base is None:
        base = effects.base_revenue(session, draft.region_code, draft.volume_year)
    parameters = regional(POLICY, draft.region_code, draft.volume_year)
    made = AdjustmentPlan(
        organisation_id=actor.organisation_id, code=draft.code, title=draft.title.strip(), kind=draft.kind,
        region_code=draft.region_code,
        trigger_id=draft.trigger_id if draft.kind is PlanKind.REGULAR else None, document=draft.document.strip(),
        volume_year=draft.volume_year, base=base, base_source=draft.base_source.strip(), values=kept(parameters),
        starts_on=draft.starts_on, made_by_id=actor.user_id, made_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()  # the event names its id
    wrote(session, made, actor.user_id, at)
    record(session, Tag.ADJUSTMENT_MADE, made, actor, at, {"code": made.code, "kind": made.kind, "base": made.base})
    return made


def _faults(session: Session, draft: Draft, actor: Actor, at: datetime) -> dict[str, Issue]:
    wrong = {} if draft.title.strip() else {"title": Issue("needed")}
    if not CODE.fullmatch(draft.code):
        wrong["code"] = Issue("plan-code", value=draft.code)
    elif session.scalar(select(AdjustmentPlan.id).where(AdjustmentPlan.code == draft.code)) is not None:
        wrong["code"] = Issue("plan-code-taken", value=draft.code)
    if session.get(Region, draft.region_code) is None or not covers(actor.region, draft.region_code):
        wrong["region"] = Issue("unknown-choice", value=draft.region_code)
    if not 2000 <= draft.volume_year <= today(at).year:
        wrong["volume_year"] = Issue("trigger-year", value=str(draft.volume_year))
    if draft.starts_on <= today(at):
        wrong["starts_on"] = Issue("plan-starts", value=draft.starts_on.isoformat())
    if draft.base is not None and (draft.base < 0 or not draft.base_source.strip()):
        wrong["base"] = Issue("plan-base")
    started = {one.id: one.region_code for one in triggers.started(session)}
    if draft.kind is PlanKind.REGULAR and started.get(draft.trigger_id or 0) != draft.region_code:
        wrong["trigger"] = Issue("plan-no-trigger")
    elif draft.kind is not PlanKind.REGULAR and not draft.document.strip():
        wrong["document"] = Issue("needed")
    return wrong


def fill(
    session: Session, *, plan_id: int, parameter: str, text: str, source: str, actor: Actor, at: datetime
) -> AdjustmentPlan:
    """Fill in or change a number of a plan, with the document it stands in."""
    plan = plans.own(session, plan_id, PlanAction.EDIT, actor, at)
    if parameter not in plan.values:
        raise Invalid({"parameter": Issue("unknown-choice", value=parameter)})
    needed(source=source)
    value = typed(parameter, text)
    new = {"value": value, "source": source.strip(), "standing": "F"}
    if plan.values[parameter] != new:
        plan.values = {**plan.values, parameter: new}
        wrote(session, plan, actor.user_id, at)
    facts = {"parameter": parameter, "value": value, "source": source.strip()}
    record(session, Tag.ADJUSTMENT_FILLED, plan, actor, at, facts)
    return plan


def set_lines(
    session: Session, *, plan_id: int, rows: Sequence[NewLine], actor: Actor, at: datetime,
    source: Mapping[str, Any] | None = None,
) -> int:  # fmt: skip
    """Set prices of a plan, all or none; return how many lines are new or changed. Old prices are those before it."""
    plan = plans.own(session, plan_id, PlanAction.EDIT, actor, at)
    old, versions = known(session, plan, {row.item_id for row in rows}, today(at))
    if wrong := {row: code for row in rows if (code := line_fault(row, old, versions))}:
        raise Invalid(_told(session, wrong))
    if not rows:
        return 0
    table, count = PlanLine.__table__, len(rows)
    columns: dict[str, Sequence[Any]] = {
        "plan_id": [plan.id] * count, "item_id": [row.item_id for row in rows], "grade": [row.grade for row in rows],
        "old_price": [old[row.item_id, row.grade] for row in rows], "new_price": [row.new_price for row in rows],
        "technical": [_technical(row, versions) for row in rows],
    }  # fmt: skip
    done = upsert(session, table, key=("plan_id", "item_id", "grade"), columns=columns)
    if done:
        wrote(session, plan, actor.user_id, at)
    record(session, Tag.ADJUSTMENT_LINES_SET, plan, actor, at, {**(source or {}), "lines": count, "changed": done})
    return done


def known(
    session: Session, plan: AdjustmentPlan, item_ids: set[int], day: date
) -> tuple[dict[tuple[int, PriceGrade], Decimal], dict[int, ItemVersion]]:
    """Return what a plan would change: the prices and versions of items as they are before it, seen from a day."""
    eve = plans.eve(plan, day)
    query = select(ItemVersion).where(among(ItemVersion.item_id, item_ids), valid_on(eve))
    versions = {one.item_id: one for one in session.scalars(query)}
    return prices_on(session, eve, plan.region_code, item_ids=item_ids), versions


def line_fault(row: NewLine, old: Mapping[tuple[int, PriceGrade], Decimal], versions: Mapping[int, ItemVersion]) -> str:
    """Return why a line can't be: a code, or nothing."""
    if row.item_id not in versions:
        return "plan-no-item"
    return "plan-no-price" if (row.item_id, row.grade) not in old else price_fault(row.new_price)


def _told(session: Session, wrong: Mapping[NewLine, str]) -> dict[str, Issue]:
    """Say of each line that can't be which it is, and why."""
    query = select(ServiceItem.id, ServiceItem.code).where(among(ServiceItem.id, {row.item_id for row in wrong}))
    codes = {one.id: one.code for one in session.execute(query)}
    return {
        place_of(row.item_id, row.grade): Issue(
            LINE_FAULTS[code], value=format(row.new_price, "f"),
            facts={"item": codes.get(row.item_id, "—"), "grade": row.grade},
        ) for row, code in wrong.items()
    }  # fmt: skip


def place_of(item_id: int, grade: PriceGrade) -> str:
    """Name a line's place in a form."""
    return f"line-{item_id}-{grade.value}"


def _technical(row: NewLine, versions: Mapping[int, ItemVersion]) -> bool:
    return versions[row.item_id].technical if row.technical is None else row.technical


def add_by_prefix(
    session: Session, *, plan_id: int, prefix: str, percent: Decimal, step: Decimal, actor: Actor, at: datetime
) -> int:
    """Add every priced item whose code begins so, changed by a percentage and rounded to a step in yuan."""
    plan = plans.able(session, plan_id, PlanAction.EDIT, actor, at)
    if not prefix.strip() or not -100 < percent <= 1000 or step <= 0:
        raise Invalid({"prefix": Issue("plan-prefix")})
    begins = ServiceItem.code.startswith(prefix.strip(), autoescape=True)
    ids = set(
        session.scalars(
            select(ServiceItem.id).where(begins, ServiceItem.region_code.in_(("", *levels(plan.region_code))))
        )
    )
    old, versions = known(session, plan, ids, today(at))
    rows = [NewLine(item_id, grade, changed(price, percent, step)) for (item_id, grade), price in old.items()
            if item_id in versions]  # fmt: skip
    return set_lines(session, plan_id=plan_id, rows=[row for row in rows if not price_fault(row.new_price)],
                     actor=actor, at=at, source={"prefix": prefix, "percent": percent})  # fmt: skip


def remove_lines(session: Session, *, plan_id: int, line_ids: Sequence[int], actor: Actor, at: datetime) -> int:
    """Take lines out of a plan; an item without any is complex no longer."""
    plan = plans.own(session, plan_id, PlanAction.EDIT, actor, at)
    mine = delete(PlanLine).where(PlanLine.plan_id == plan.id, among(PlanLine.id, line_ids))
    done: Any = session.execute(mine.execution_options(synchronize_session=False))
    if done.rowcount:
        left = select(PlanLine.item_id).where(PlanLine.plan_id == plan.id)
        gone = delete(PlanComplex).where(PlanComplex.plan_id == plan.id, PlanComplex.item_id.not_in(left))
        session.execute(gone.execution_options(synchronize_session=False))
        wrote(session, plan, actor.user_id, at)
    record(session, Tag.ADJUSTMENT_LINES_REMOVED, plan, actor, at, {"removed": done.rowcount})
    return int(done.rowcount)


def stale(session: Session, plan: AdjustmentPlan, day: date) -> list[PlanLine]:
    """Return the lines whose old price is not the one that holds before the plan: their effect would be another."""
    found = plans.lines(session, plan)
    now = prices_on(session, plans.eve(plan, day), plan.region_code, item_ids={one.item_id for one in found})
    return [one for one in found if now.get((one.item_id, one.grade)) != one.old_price]


def must_be_current(session: Session, plan: AdjustmentPlan, day: date) -> None:
    """Refuse a plan with a line that is stale."""
    if found := stale(session, plan, day):
        raise Conflict("plan-stale", count=len(found), code=found[0].item.code)


def put_off(session: Session, *, plan_id: int, starts_on: date | None, actor: Actor, at: datetime) -> int:
    """Let a plan's prices hold from another day on; return how many old prices that changes."""
    plan = plans.own(session, plan_id, PlanAction.EDIT, actor, at)
    if starts_on is None or starts_on <= today(at):
        raise Invalid({"starts_on": Issue("plan-starts", value=str(starts_on or ""))})
    if plan.starts_on != starts_on:
        plan.starts_on = starts_on
        wrote(session, plan, actor.user_id, at)
    record(session, Tag.ADJUSTMENT_FILLED, plan, actor, at, {"starts_on": starts_on})
    found = stale(session, plan, today(at))
    old, versions = known(session, plan, {one.item_id for one in found}, today(at))
    rows = [NewLine(one.item_id, one.grade, one.new_price, one.technical) for one in found
            if one.item_id in versions and (one.item_id, one.grade) in old]  # fmt: skip
    return set_lines(session, plan_id=plan_id, rows=rows, actor=actor, at=at, source={"starts_on": starts_on})
