"""What is written is what was given, on both engines; the bulk paths store what the ORM would."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from decimal import Decimal

import psycopg
import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from kernel.columns import Amount, Factor, Price, Quantity, Ratio
from kernel.db import MANY, Database, upsert
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation, Region


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


def test_indexes_stand_after_many_rows_came_or_were_refused(database: Database) -> None:
    table = Organisation.__table__

    def indexes() -> list[str]:
        return sorted(str(each["name"]) for each in inspect(database.engine).get_indexes("organisation"))

    def come(names: list[str | None]) -> int:
        columns: dict[str, list[object]] = {
            "code": [f"91{number:016d}" for number in range(len(names))], "name": [*names],
            "kind": [OrganisationKind.COMPANY] * len(names), "state": [OrganisationState.ACTIVE] * len(names),
            "created_at": [datetime(2026, 11, 22, tzinfo=UTC)] * len(names), "version": [1] * len(names),
        }  # fmt: skip
        texts = ("short_name", "grade", "address", "legal_person", "contact", "phone", "review_note")
        columns |= {text: [""] * len(names) for text in texts}
        with database.transaction() as session:
            return upsert(session, table, key=("code",), columns=columns)

    before = indexes()
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        come([*["药厂"] * MANY, None])
    assert indexes() == before != []
    assert come(["药厂"] * MANY) == MANY
    assert indexes() == before
    assert come(["药厂"] * MANY) == 0
