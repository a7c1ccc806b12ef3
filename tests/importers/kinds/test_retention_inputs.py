"""Workbooks of what goes into the retained balance: purchases before a round, non-winning use beside the platform."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from importers import queries, services
from importers.flow import Mode
from importers.workbook import read
from kernel.parties.models import Organisation
from procurement.retention.models.inputs import OtherUse, PriorPurchase
from procurement.rounds.models.rounds import Round
from tests.importers import books
from tests.procurement.orders.market import NOW, REGION, Market, populate

PRIOR = ["品种序号", "地区代码", "产品名称", "采购价", "采购量"]
OTHER = ["医疗机构信用代码", "品种序号", "协议年度", "使用金额", "其中：通过一致性评价", "其中：DRG/DIP结余留用"]


@pytest.fixture
def market(session: Session) -> Market:
    return populate(session)


def stage(session: Session, market: Market, name: str, *rows: list[Any]) -> Any:
    query = {"round": str(session.scalars(select(Round.id)).one())}
    book = read(books.book(list(rows)), "数据.xlsx")
    return services.stage(session, name=name, query=query, book=book, actor=market.actors["agency"], at=NOW)


def write(session: Session, market: Market, staged: Any) -> None:
    services.apply(session, import_id=staged.id, mode=Mode.ALL, actor=market.actors["agency"], at=NOW)


def codes(session: Session, staged: Any) -> set[str]:
    found = queries.findings(session, staged)
    assert found is not None
    return {issue.code for issue in found.issues}


def test_purchases_before_a_round_are_written_once_and_compared(session: Session, market: Market) -> None:
    rows = [PRIOR, ["1", REGION, "原研", "0.9000", "1000"], ["1", REGION, "仿制", "0.3000", "1000"]]
    write(session, market, stage(session, market, "pre-round-purchases", *rows))
    assert stage(session, market, "pre-round-purchases", *rows).unchanged == 2
    assert {one.price for one in session.scalars(select(PriorPurchase))} == {Decimal("0.9"), Decimal("0.3")}


def test_an_unknown_lot_and_area_are_told_at_once(session: Session, market: Market) -> None:
    staged = stage(session, market, "pre-round-purchases", PRIOR, ["9", "990000", "原研", "0.9", "10"])
    assert codes(session, staged) == {"retention-unknown-lot", "retention-unknown-area"}


def test_use_beside_the_platform_is_written_by_hospital_and_year(session: Session, market: Market) -> None:
    code = session.get_one(Organisation, market.organisations["h1"]).code
    write(session, market, stage(session, market, "non-winning-use", OTHER, [code, "1", "1", "300.50", "100", ""]))
    one = session.scalars(select(OtherUse)).one()
    assert (one.amount, one.passed, one.drg, one.year) == (Decimal("300.50"), Decimal(100), 0, 1)
    write(session, market, stage(session, market, "non-winning-use", OTHER[:4], [code, "1", "1", "70"]))
    assert (one.amount, one.passed) == (Decimal(70), 0)  # a sheet without the parts
    staged = stage(session, market, "non-winning-use", OTHER, [code, "1", "1", "5", "4", "2"])
    assert codes(session, staged) == {"retention-parts"}
