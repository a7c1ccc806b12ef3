"""What a province can switch, from the rule set to the stored line: gates, rounding, years, hospitals' reports."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalogue.drugs.rules.codes import VarietyKind
from procurement.agreements.ledger.flow import Move
from procurement.agreements.ledger.models import VolumeEntry
from procurement.agreements.models import Agreement
from procurement.orders.figures.services import Beside, record_offline
from procurement.retention.models.inputs import RuleVersion
from procurement.retention.models.runs import RetentionRun, RunLine
from procurement.retention.queries import lines
from procurement.retention.sets.rules import read
from tests.procurement.orders.market import NOW
from tests.procurement.settlement.goods import received

from .scene import Scene, other


def ruled(session: Session, scene: Scene, **values: Any) -> int:
    """Write a province's approved rule set: the sample with other values, dots written as two lines."""
    sample = session.get_one(RuleVersion, scene.rules)
    changed = {
        name.replace("__", "."): {"value": value, "source": "省文件", "standing": "F"} for name, value in values.items()
    }
    made = RuleVersion(
        code="own", number=1, title="本省", values={**sample.values, **changed}, state=sample.state, made_at=NOW,
        approved_at=NOW,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.id


def line(session: Session, scene: Scene, run: RetentionRun, hospital: str = "h1", lot: str = "a") -> RunLine:
    where = RunLine.run_id == run.id, RunLine.lot_id == scene.lots[lot]
    query = select(RunLine).where(*where, RunLine.hospital_id == scene.market.organisations[hospital])
    return session.scalars(query.execution_options(populate_existing=True)).one()


@pytest.mark.parametrize(("amount", "k"), [(617, "0.5"), (618, "0")])  # received for 2 468.00: 20 % are 617.00
def test_too_large_a_share_of_non_winning_products_closes_the_gate(
    session: Session, scene: Scene, amount: int, k: str
) -> None:
    other(session, scene, amount)
    rules = ruled(session, scene, gate__non_winning="0.2", gate__completion=False)
    one = line(session, scene, scene.scored(session, scene.compute(session, rules=rules)))
    assert one.k == Decimal(k)
    assert lines.working(one, lines.parameters(one.run)).closed == ("" if one.k else "retention-gate-other")


def test_an_amount_is_rounded_to_the_yuan_where_the_province_says_so(session: Session, scene: Scene) -> None:
    run = scene.scored(session, scene.compute(session, rules=ruled(session, scene, rounding="1")))
    one = line(session, scene, run)
    assert one.retained % 1 == 0 and abs(one.retained - one.base / 2) <= Decimal("0.5")


def test_what_was_bought_before_new_year_is_booked_in_the_earlier_year(session: Session, scene: Scene) -> None:
    session.execute(update(Agreement).values(starts=date(2025, 7, 1), ends=date(2026, 7, 1)))
    old = select(VolumeEntry.id).where(VolumeEntry.move == Move.RECEIVE)
    session.execute(update(VolumeEntry).where(VolumeEntry.id.in_(old)).values(day=date(2025, 12, 31)))
    received(session, scene.market, 5_000)
    booked = scene.scored(session, scene.compute(session))
    assert booked.earlier == 0 and line(session, scene, booked).early == 0
    run = scene.scored(
        session, scene.compute(session, "本省按采购金额拆分", ruled(session, scene, fiscal_year="split"))
    )
    one, bare = line(session, scene, run), line(session, scene, run, "h2")
    assert (one.early, bare.early) == (Decimal("0.8"), 0)  # 20 000 before, 5 000 after
    assert one.earlier == round(one.retained * Decimal("0.8"), 2) == run.earlier > 0
    assert one.retained == line(session, scene, booked).retained


def test_what_a_hospital_reports_of_a_variety_counts_as_non_winning_use(session: Session, scene: Scene) -> None:
    rows = [Beside(date(year, month, 1), VarietyKind.DRUG, Decimal(amount), variety=code)
            for year, month, amount, code in ((2025, 12, 1, "V001"), (2026, 1, 100, "V001"), (2026, 2, 50, "V001"),
                                             (2026, 2, 7, ""), (2026, 2, 9, "V002"))]  # fmt: skip
    record_offline(session, rows=rows, actor=scene.market.actors["h1"], at=NOW)
    run = scene.compute(session)
    found = line(session, scene, run)
    assert (found.n, line(session, scene, run, lot="b").n, line(session, scene, run, "h2").n) == (150, 9, 0)
    assert [one.amount for one in lines.sources(session, found).offline] == [100, 50]
    other(session, scene, 120)
    again = line(session, scene, scene.compute(session, "以经办核定为准"))
    assert again.n == 120 and not lines.sources(session, again).offline


def test_a_rule_set_of_before_holds_what_is_our_default(session: Session, scene: Scene) -> None:
    sample = session.get_one(RuleVersion, scene.rules)
    before = {name: one for name, one in sample.values.items() if name not in ("rounding", "fiscal_year")}
    held = read(before)
    assert (held.value("rounding"), held.value("fiscal_year"), held["rounding"].standing) == ("0.01", "end-year", "L")
