"""What bulk inserts of whole numbers keep is what a database reads back, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from kernel.columns import Amount, Moment, Ratio
from kernel.db import Database, insert_rows

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TABLE = sa.Table(
    "copied", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("amount", Amount()),
    sa.Column("share", Ratio()), sa.Column("said", sa.Text), sa.Column("open", sa.Boolean), sa.Column("at", Moment()),
)  # fmt: skip
TEXTS = ("", "平\t价", "C:\\new", "one\r\ntwo", r"\N", "%s %d")


@pytest.mark.parametrize("gap", [None, 7])
def test_whole_numbers_gaps_and_any_text_come_back_as_they_were(database: Database, gap: int | None) -> None:
    count = len(TEXTS)
    amounts = [0, -1, 123_456_789_012_345, 100, 5, 99]
    columns = {
        "id": range(count), "amount": amounts, "share": [gap, *range(1, count)], "said": TEXTS,
        "open": [True, False] * (count // 2), "at": [NOW] * count,
    }  # fmt: skip
    with database.transaction() as session:
        TABLE.drop(session.connection(), checkfirst=True)
        TABLE.create(session.connection())
        assert insert_rows(session, TABLE, columns=columns, whole=True, batch=4) == count
        rows = session.execute(sa.select(TABLE).order_by(TABLE.c.id)).all()
    assert [row.amount for row in rows] == [Decimal(one).scaleb(-2) for one in amounts]
    shares = [None if gap is None else Decimal(gap).scaleb(-6), *(Decimal(one).scaleb(-6) for one in range(1, count))]
    assert [row.share for row in rows] == shares
    assert tuple(row.said for row in rows) == TEXTS
    assert [row.open for row in rows] == columns["open"]
    assert {row.at for row in rows} == {NOW}
