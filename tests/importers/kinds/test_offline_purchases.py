"""What hospitals report to have bought beside the platform: the other half of the online rate."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Variety
from catalogue.drugs.rules.codes import VarietyKind
from importers import queries, services
from importers.flow import Mode
from importers.workbook import read
from kernel.errors import Forbidden
from procurement.orders.figures.flow import FigureCode
from procurement.orders.figures.models import OfflinePurchase
from procurement.orders.figures.queries import board, sums
from tests.importers import books
from tests.procurement.orders.market import NOW, Market, populate

HEAD = ["月份", "类别", "线下采购金额", "非中选品种编码", "原因"]


@pytest.fixture
def market(session: Session) -> Market:
    return populate(session)


def stage(session: Session, market: Market, *rows: list[Any], who: str = "h1") -> Any:
    book = read(books.book([HEAD, *rows]), "线下采购.xlsx")
    return services.stage(session, name="offline-purchases", query={}, book=book, actor=market.actors[who], at=NOW)


def write(session: Session, market: Market, staged: Any) -> None:
    services.apply(session, import_id=staged.id, mode=Mode.ALL, actor=market.actors["h1"], at=NOW)


def test_what_was_bought_offline_lowers_the_online_rate(session: Session, market: Market) -> None:
    write(
        session,
        market,
        stage(session, market, ["2026-03", "药品", "120.50", "", "紧急"], ["2026-03", "高值医用耗材", "0", "", ""]),
    )
    asked = sums.asked({"period": "2026Q1"}, NOW)
    view = board.view(session, market.actors["agency"], asked, NOW)
    found = {one.code: one for one in view.figures}
    assert found[FigureCode.ONLINE_DRUGS].denominator == Decimal("120.50")
    assert found[FigureCode.ONLINE_DRUGS].value == 0
    assert (view.reported.offline, view.reported.all) == (1, 2)


def test_the_same_file_twice_changes_nothing_and_a_new_amount_replaces(session: Session, market: Market) -> None:
    write(session, market, stage(session, market, ["2026-02", "药品", "5.00", "", ""]))
    again = stage(session, market, ["2026-02", "药品", "5.00", "", ""])
    assert again.unchanged == 1
    write(session, market, stage(session, market, ["2026-02", "药品", "6.00", "", "更正"]))
    held = session.scalars(select(OfflinePurchase)).one()
    assert (held.month, held.amount, held.reason) == (date(2026, 2, 1), Decimal("6.00"), "更正")


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["2026-04", "药品", "1", "", ""]], "offline-no-month"),
        ([["2026Q1", "药品", "1", "", ""]], "offline-no-month"),
        ([["2026-02", "药品", "-1", "", ""]], "below-minimum"),
        ([["2026-02", "药品", "1.001", "", ""]], "offline-decimals"),
        ([["2026-02", "药品", "1", "", ""], ["2026-02", "药品", "2", "", ""]], "row-repeated"),
        ([["2026-02", "药品", "1", "V999", ""]], "offline-no-variety"),
    ],
)
def test_mistakes_are_named_by_their_cell(session: Session, market: Market, rows: list[list[Any]], code: str) -> None:
    found = queries.findings(session, stage(session, market, *rows))
    assert found is not None and code in {issue.code for issue in found.issues}


def test_a_variety_stands_beside_what_has_none(session: Session, market: Market) -> None:
    drug = session.scalars(select(Variety.code).where(Variety.kind == VarietyKind.DRUG)).first()
    rows = ["2026-02", "药品", "5.00", "", ""], ["2026-02", "药品", "7.00", drug, ""]
    write(session, market, stage(session, market, *rows))
    assert stage(session, market, *rows).unchanged == 2
    wrong = queries.findings(session, stage(session, market, ["2026-02", "高值医用耗材", "1", drug, ""]))
    assert wrong is not None and {issue.code for issue in wrong.issues} == {"offline-no-variety"}
    assert {one.variety: one.amount for one in session.scalars(select(OfflinePurchase))} == {
        "": Decimal("5.00"), drug: Decimal("7.00")
    }  # fmt: skip


def test_only_hospitals_report(session: Session, market: Market) -> None:
    with pytest.raises(Forbidden):
        stage(session, market, ["2026-02", "药品", "1", "", ""], who="company1")
