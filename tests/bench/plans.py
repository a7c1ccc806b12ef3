"""The effect of a price plan over 300 hospitals and a year of volumes, held against a plain recomputation."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.auth.actor import actor_for
from kernel.auth.models import User
from kernel.auth.permissions import Role
from kernel.db import Database
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation
from pricing.adjustments.flow import PlanKind
from pricing.adjustments.models import AdjustmentPlan, PlanLine
from pricing.adjustments.queries import judging, plans
from pricing.adjustments.services import drafting
from pricing.adjustments.services.drafting import Draft, NewLine
from pricing.items.flow import PriceGrade
from pricing.items.models import ItemVolume
from pricing.items.queries.prices import prices_on
from pricing.items.rules.prices import grade_of
from tests.bench.province import organisation
from tests.bench.scenes import person

LINES = 1_500
NUMBERS = {"growth": "0.05", "fund.third": "0.6", "fund.second": "0.7", "fund.first": "0.8"}


def drafted(session: Session, item_ids: list[int], region: str, year: int, count: int) -> tuple[AdjustmentPlan, Any]:
    """Begin a plan of so many lines, every item at three grades; return it and what setting its lines took."""
    at = clock.now()
    who = session.scalars(select(User)).first()
    if who is None:
        who = person(session, at, organisation(session, at, 9, OrganisationKind.BUREAU, "医保局"), Role.PRICE_OFFICER)
    actor = actor_for(
        user_id=who.id, name=who.name, roles=frozenset({Role.PRICE_OFFICER}), organisation_id=who.organisation_id,
        organisation_name="", organisation_kind=OrganisationKind.BUREAU, region=region,
    )  # fmt: skip
    draft = Draft(
        f"B-{count}", "调价", PlanKind.SINGLE, region, year, clock.today(at) + timedelta(days=30), document="x"
    )
    plan = drafting.begin(session, draft=draft, actor=actor, at=at)
    for name, value in NUMBERS.items():
        drafting.fill(session, plan_id=plan.id, parameter=name, text=value, source="x", actor=actor, at=at)
    chosen = item_ids[: count // len(PriceGrade)]
    old = prices_on(session, clock.today(at), region, item_ids=chosen)
    rows = [
        NewLine(item_id, grade, (price * (100 + item_id % 9 - 2) / 100).quantize(Decimal("0.01")) + Decimal("0.01"))
        for (item_id, grade), price in old.items()
    ]
    return plan, timed(lambda: drafting.set_lines(session, plan_id=plan.id, rows=rows, actor=actor, at=at))


def plain(session: Session, plan: AdjustmentPlan) -> Decimal:
    """Add the effect up row by row, in decimals."""
    lines = select(PlanLine.item_id, PlanLine.grade, PlanLine.old_price, PlanLine.new_price)
    delta = {(row[0], row[1]): row[3] - row[2] for row in session.execute(lines.where(PlanLine.plan_id == plan.id))}
    grades = {one.id: grade_of(one.grade) for one in session.scalars(select(Organisation))}
    rows = session.execute(
        select(ItemVolume.hospital_id, ItemVolume.item_id, ItemVolume.quantity).where(
            ItemVolume.year == plan.volume_year
        )
    )
    return sum(
        (delta[item, grades[hospital]] * quantity for hospital, item, quantity in rows
         if (item, grades[hospital]) in delta),
        Decimal(0),
    )  # fmt: skip


def measure(table: Table, name: str, database: Database, item_ids: list[int], region: str, year: int) -> None:
    """Time the lines and the effect of 1 500 and of three times as many; a difference to the plain sum stops it."""
    for count in (LINES, 3 * LINES):
        with database.transaction() as session:
            plan, took = drafted(session, item_ids, region, year, count)
            held = plans.lines(session, plan)
            session.flush()
            day = clock.today(clock.now())
            spent = timed(lambda: judging.judged(session, plan, day, held))  # noqa: B023 - called at once
            whole = judging.judged(session, plan, day, held).effect
            floor = timed(lambda: plain(session, plan))  # noqa: B023 - called at once
            assert abs(whole.whole.amount - plain(session, plan)) < Decimal("0.01")
            assert sum(one.amount for _place, one in whole.by_hospital) == whole.whole.amount
            assert sum(one.amount for one in whole.lines) == whole.whole.amount
        table.add_row(f"{len(held)} lines of a plan set, {name}", f"{took:.1f}", "", "")
        table.add_row(f"effect of {len(held)} lines, {name} (floor: row by row)", f"{spent:.1f}", f"{floor:.1f}",
                      f"{spent / floor:.2f}")  # fmt: skip


def timed(action: Callable[[], object]) -> float:
    """Return the milliseconds of one run."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000
