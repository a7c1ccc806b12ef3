"""What the fund owes hospitals, by workbook: each hospital and month once, never changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from importers import queries, services
from importers.flow import Mode
from importers.workbook import read
from kernel.errors import Forbidden
from kernel.parties.models import Organisation
from procurement.settlement.models.claims import FundEntry
from tests.importers import books
from tests.procurement.orders.market import NOW, Market, populate

HEAD = ["医疗机构统一社会信用代码", "月份", "应拨付金额", "说明"]


@pytest.fixture
def market(session: Session) -> Market:
    return populate(session)


def stage(session: Session, market: Market, *rows: list[Any], who: str = "agency") -> Any:
    book = read(books.book([HEAD, *rows]), "应付.xlsx")
    return services.stage(session, name="fund-dues", query={}, book=book, actor=market.actors[who], at=NOW)


def write(session: Session, market: Market, staged: Any) -> None:
    services.apply(session, import_id=staged.id, mode=Mode.ALL, actor=market.actors["agency"], at=NOW)


def code(session: Session, market: Market, who: str) -> str:
    return session.get_one(Organisation, market.organisations[who]).code


def test_dues_are_entered_once_and_never_changed(session: Session, market: Market) -> None:
    h1, h2 = code(session, market, "h1"), code(session, market, "h2")
    write(session, market, stage(session, market, [h1, "2026-02", "500.00", "职工"], [h2, "2026-02", "800.50", ""]))
    found = session.scalars(select(FundEntry).order_by(FundEntry.hospital_id)).all()
    assert [(one.month, one.amount) for one in found] == [
        (date(2026, 2, 1), Decimal(500)), (date(2026, 2, 1), Decimal("800.50"))
    ]  # fmt: skip
    assert stage(session, market, [h1, "2026-02", "500.00", ""]).unchanged == 1
    wrong = stage(
        session, market, [h1, "2026-02", "501", ""], [h1, "2026-04", "1", ""], [h1, "02/2026", "1", ""],
        ["X" * 18, "2026-02", "1", ""], [h2, "2026-01", "0", ""],
    )  # fmt: skip
    told = queries.findings(session, wrong)
    assert told is not None and {issue.code for issue in told.issues} == {
        "fund-due-other", "month-bad", "demand-unknown-hospital", "amount-not-positive"
    }  # fmt: skip


def test_only_the_agency_imports_dues(session: Session, market: Market) -> None:
    with pytest.raises(Forbidden):
        stage(session, market, [code(session, market, "h1"), "2026-02", "1", ""], who="h1-finance")
