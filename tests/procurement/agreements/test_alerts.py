"""Warnings come, stay with their first day, and go; each hospital is told of new ones once."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.notices.models import Notice
from procurement.agreements.alerts import queries, services
from procurement.agreements.alerts.flow import AlertKind
from procurement.agreements.alerts.models import VolumeAlert
from tests.procurement.orders.market import NOW, Market
from tests.procurement.orders.shop import Shop

APRIL = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
MAY = datetime(2026, 5, 1, 1, 0, tzinfo=UTC)


def kinds(session: Session, market: Market, who: str) -> list[AlertKind]:
    return sorted(one.kind for one in session.scalars(queries.listing(market.actors[who])))


def told(session: Session) -> int:
    return session.scalar(select(func.count(Notice.id)).where(Notice.code == "volume-alerts")) or 0


def test_warnings_come_and_go(session: Session, market: Market) -> None:
    market.order(session, a=6_000)
    session.flush()
    assert services.look(session, at=APRIL) == 6
    assert kinds(session, market, "h1") == [AlertKind.BEHIND, AlertKind.NO_WINNER]  # b alone
    assert kinds(session, market, "h2") == [AlertKind.BEHIND] * 2 + [AlertKind.NO_WINNER] * 2
    assert kinds(session, market, "company1") == []
    before = told(session)
    assert before > 0
    market.order(session, b=19_000, at=NOW)
    session.flush()
    session.expire_all()
    services.look(session, at=MAY)
    session.expire_all()
    assert kinds(session, market, "h1") == [AlertKind.BEHIND]  # now a
    assert {one.since for one in session.scalars(queries.listing(market.actors["h2"]))} == {date(2026, 4, 1)}
    assert session.scalar(select(func.count(VolumeAlert.id)).where(VolumeAlert.ended == date(2026, 5, 1))) == 2


def test_warnings_on_their_page(shop: Shop) -> None:
    with shop.database.transaction() as session:
        services.look(session, at=APRIL)
    for who in ("h1", "agency", "company1"):
        assert shop.get("/procurement/progress/warnings?kind=behind", who).status_code == 200
    assert "Nothing bought of a winner" in shop.get("/procurement/progress/warnings", "h1").text
