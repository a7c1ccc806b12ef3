"""Who has not brought a winner in, by hospital, and that nobody is pressed twice a day."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.notices.models import Notice
from procurement.agreements.absences import queries, services
from procurement.agreements.alerts.services import look
from tests.procurement.orders.market import NOW, Market
from tests.procurement.orders.shop import Shop

APRIL = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
HERE = "/procurement/progress/absences"


def lots(session: Session, market: Market, who: str, region: str = "") -> dict[str, int]:
    return {one.hospital: one.lots for one in queries.hospitals(session, market.actors[who], region)}


def test_hospitals_without_the_winner_are_listed_from_the_third_month(session: Session, market: Market) -> None:
    market.order(session, a=6_000)
    session.flush()
    look(session, at=NOW)
    assert lots(session, market, "agency") == {}
    look(session, at=APRIL)
    assert lots(session, market, "agency") == {"江州二院": 2, "江州一院": 1}
    assert lots(session, market, "agency", "330000") == {}
    assert lots(session, market, "h1") == {"江州一院": 1}
    assert lots(session, market, "company1") == {}


def test_a_hospital_is_reminded_once_a_day(session: Session, market: Market) -> None:
    look(session, at=APRIL)
    agency, h1 = market.actors["agency"], market.organisations["h1"]
    assert services.remind(session, hospitals=[h1], actor=agency, at=APRIL) == 1
    assert services.remind(session, hospitals=None, actor=agency, at=APRIL) == 1  # the other one
    assert services.remind(session, hospitals=None, actor=agency, at=APRIL) == 0
    told = session.scalar(select(func.count(Notice.id)).where(Notice.code == "absences-reminded"))
    assert told == 6  # two pharmacists and the finance of each
    assert {one.reminded for one in queries.hospitals(session, agency)} == {clock.today(APRIL)}


def test_the_page_lists_and_reminds(shop: Shop) -> None:
    with shop.database.transaction() as session:
        look(session, at=APRIL)
    for who in ("agency", "h1", "company1"):
        assert shop.get(HERE, who).status_code == 200
    assert "江州二院" in shop.get(HERE, "agency").text and "江州二院" not in shop.get(HERE, "h1").text
    assert shop.post(HERE, "h1", all="1").status_code == 403
    assert shop.post(HERE, "agency", all="1").status_code == 303
    with shop.database.transaction(write=False) as session:
        assert session.scalar(select(func.count(Notice.id)).where(Notice.code == "absences-reminded")) == 6
