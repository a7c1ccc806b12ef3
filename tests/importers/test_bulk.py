from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalogue.register.models import CodedDrug
from catalogue.register.services import put_drugs
from importers.bulk import compare
from importers.columns import Plan, Rows
from kernel.auth.actor import SYSTEM

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TABLE = CodedDrug.__table__
assert isinstance(TABLE, sa.Table)
COLUMNS: dict[str, list[Any]] = {
    "code": [f"XJ01CAA040A0010{number:08d}" for number in range(5)],
    "registered_name": ["甲", "乙", "丙", "丁", "戊"],
    "company": ["A", "A", "B", "B", "B"],
    "pack_quantity": [1, None, 3, 4, 5],
}


def planned(session: Session, faulty: tuple[int, ...] = (), **changed: list[Any]) -> Plan:
    rows = Rows("数据", list(range(2, 7)), {**COLUMNS, **changed}, faulty=set(faulty))
    return compare(session, rows, table=TABLE, key=("code",), title="registered_name")


def write(session: Session, plan: Plan) -> int:
    assert plan.block is not None
    return put_drugs(session, columns=plan.block.columns, import_id=7, actor=SYSTEM, at=NOW, facts={})


def test_new_rows_are_written_once_and_the_same_file_plans_nothing(session: Session) -> None:
    plan = planned(session)
    assert (plan.counts, write(session, plan)) == ((5, 0, 0), 5)
    again = planned(session)
    assert (again.counts, again.empty) == ((0, 0, 5), True)


def test_only_rows_that_differ_are_written_and_shown_with_what_stood(session: Session) -> None:
    write(session, planned(session))
    plan = planned(session, pack_quantity=[1, 2, 3, 40, 5])
    assert plan.counts == (0, 2, 3)
    assert [(item.row, item.before) for item in plan.changes] == [
        (3, {"pack_quantity": None}),
        (5, {"pack_quantity": 4}),
    ]
    assert write(session, plan) == 2
    stands = {drug.registered_name: drug.pack_quantity for drug in session.scalars(sa.select(CodedDrug))}
    assert stands == {"甲": 1, "乙": 2, "丙": 3, "丁": 40, "戊": 5}
    assert set(session.scalars(sa.select(CodedDrug.row))) == {2, 3, 4, 5, 6}


def test_rows_with_issues_are_left_out(session: Session) -> None:
    assert planned(session, faulty=(0, 4)).counts == (3, 0, 0)
    assert planned(session, faulty=(0, 1, 2, 3, 4)).counts == (0, 0, 0)


def test_a_plan_is_told_from_another_by_what_stands(session: Session) -> None:
    first = planned(session)
    write(session, planned(session, faulty=(3,)))
    second = planned(session)
    write(session, planned(session, pack_quantity=[1, 2, 3, 4, 5]))
    third = planned(session)
    marks = {plan.block.mark for plan in (first, second, third) if plan.block}
    assert len(marks) == 3


@pytest.mark.parametrize("count", [1, 2_500])
def test_few_and_many_rows_are_compared_alike(session: Session, count: int) -> None:
    codes = [f"XJ01CAA040A0011{number:08d}" for number in range(count)]
    rows = Rows("", list(range(count)), {"code": codes, "registered_name": ["甲"] * count, "company": ["A"] * count})
    plan = compare(session, rows, table=TABLE, key=("code",), title="registered_name")
    write(session, plan)
    again = compare(session, rows, table=TABLE, key=("code",), title="registered_name")
    assert (plan.counts, again.counts) == ((count, 0, 0), (0, 0, count))
