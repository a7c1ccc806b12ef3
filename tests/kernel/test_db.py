"""What is written is what was given, on both engines; the bulk paths store what the ORM would."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.columns import Amount, Factor, Price, Quantity, Ratio
from kernel.db import Database, upsert
from kernel.parties.models import Region


def regions(session: Session, names: dict[str, str]) -> int:
    columns = {"code": list(names), "name": list(names.values())}
    return upsert(session, Region.__table__, key=("code",), columns=columns)


def test_an_upsert_counts_only_what_changed(session: Session) -> None:
    assert regions(session, {"32": "江苏", "33": "浙江"}) == 2
    assert regions(session, {"32": "江苏", "33": "浙江"}) == 0
    assert regions(session, {"33": "浙江省", "34": "安徽"}) == 2
    found = session.execute(select(Region.code, Region.name).order_by(Region.code))
    assert [tuple(row) for row in found] == [("32", "江苏"), ("33", "浙江省"), ("34", "安徽")]


def test_a_key_that_stands_twice_is_refused(session: Session) -> None:
    columns = {"code": ["32", "32"], "name": ["江苏", "江苏省"]}
    with pytest.raises(ValueError, match="a key stands twice"):
        upsert(session, Region.__table__, key=("code",), columns=columns)


def test_a_raise_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError), database.transaction() as session:
        session.add(Region(code="32", name="江苏"))
        session.flush()
        raise RuntimeError
    with database.transaction(write=False) as session:
        assert session.scalars(select(Region)).all() == []


@pytest.mark.parametrize(("kind", "scale"), [(Price, 4), (Amount, 2), (Ratio, 6), (Quantity, 3), (Factor, 12)])
def test_a_decimal_keeps_its_places_and_more_are_refused(database: Database, kind: type[Price], scale: int) -> None:
    step = Decimal(1).scaleb(-scale)
    column, dialect = kind(), database.engine.dialect
    assert column.process_result_value(column.process_bind_param(7 * step, dialect), dialect) == 7 * step
    with pytest.raises(ValueError, match=f"more than {scale} decimals"):
        column.process_bind_param(step / 10, dialect)
    with pytest.raises(TypeError):
        column.process_bind_param(0.5, dialect)
