"""The board adds up what accounts hold: for everybody from its sums, for one's own as it stands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from kernel.errors import Forbidden
from procurement.agreements.boards import queries, services
from procurement.agreements.boards.flow import Scope
from tests.procurement.orders.market import NOW, Market
from tests.procurement.orders.shop import Shop

DAY = date(2026, 3, 3)
YUAN = Decimal("0.1234")


def test_every_scope_adds_up_to_the_same(session: Session, market: Market) -> None:
    market.order(session, a=20_500, b=1_000)
    market.order(session, "h2", a=700)
    session.flush()
    assert services.refresh(session, at=NOW) == services.refresh(session, at=NOW) == 1 + 2 + 2 + 2
    boards = {
        scope: queries.board(session, market.actors["agency"], scope=scope, year=2026, day=DAY) for scope in Scope
    }
    totals = [queries.total(board.rows) for board in boards.values()]
    assert totals.count(totals[0]) == len(Scope)
    assert (totals[0].within, totals[0].beyond) == (Decimal("2677.78"), Decimal("61.70"))
    assert totals[0].agreed == 4 * 20_000 * YUAN
    own = queries.board(session, market.actors["h1"], scope=Scope.HOSPITAL, year=2026, day=DAY)
    assert [row.sums for row in own.rows] == [row.sums for row in boards[Scope.HOSPITAL].rows if row.name == "江州一院"]
    supplier = queries.board(session, market.actors["company2"], scope=Scope.VARIETY, year=2026, day=DAY)
    assert sum(row.sums.bought for row in supplier.rows) == 1_000 * YUAN
    with pytest.raises(Forbidden):
        queries.board(session, market.actors["distributor"], scope=Scope.VARIETY, year=2026, day=DAY)


def test_the_board_on_its_page_and_as_a_file(shop: Shop) -> None:
    shop.order(a=25_000)
    with shop.database.transaction() as session:
        services.refresh(session, at=NOW)
    for scope in Scope:
        page = shop.get(f"/procurement/progress?by={scope}&year=2026&sort=-done", "agency")
        assert page.status_code == 200 and "data-plot" in page.text
    assert "125.0" in shop.get("/procurement/progress?by=variety&year=2026", "h1").text
    assert shop.get("/procurement/progress", "distributor").status_code == 403
    assert shop.get("/exports/procurement.progress?by=company&year=2026", "company1").status_code == 200
    assert shop.get("/procurement/progress?by=nothing&year=20x6&page=9", "h2").status_code == 200
