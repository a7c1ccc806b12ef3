"""Emergency purchases are filed by their hour, late ones are named once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from kernel.parties.models import Organisation, Region
from procurement.orders.flow import Refusal
from procurement.orders.services import answers
from procurement.supply.channel import queries, services
from procurement.supply.channel.flow import FilingState
from procurement.supply.channel.services import Paper
from tests.procurement.orders.market import NOW, Market

from .scene import emergency
from .test_shortages import told

PDF = b"%PDF-1.4\n% test\n%%EOF\n"


def test_an_emergency_purchase_is_filed_once_with_ground_and_paper(session: Session, market: Market) -> None:
    order = emergency(session, market)
    said = {"order_id": order.id, "ground": "批量伤员", "document": "院内会议纪要〔2026〕3号", "at": NOW}
    with clock.travel(to=NOW):
        with pytest.raises(Forbidden):
            services.file(session, actor=market.actors["company1"], **said)
        with pytest.raises(NotFound):
            services.file(session, actor=market.actors["h2"], **said)
        with pytest.raises(Invalid):
            services.file(session, actor=market.actors["h1"], **{**said, "document": " "})
        services.file(session, papers=[Paper("纪要.pdf", PDF)], actor=market.actors["h1"], **said)
        with pytest.raises(DomainError):
            services.file(session, actor=market.actors["h1"], **said)
    assert order.filed_at is not None
    assert queries.counts(session, market.actors["agency"], NOW)[FilingState.FILED] == 1
    assert queries.due(session, market.actors["h1"], NOW) == []


def test_an_overdue_filing_is_told_once_and_still_taken(session: Session, market: Market) -> None:
    order = emergency(session, market)
    assert order.file_by is not None
    assert services.remind_due(session, at=order.file_by - timedelta(seconds=1)) == 0
    with clock.travel(to=NOW):
        answers.confirm(session, order_id=order.id, actor=market.actors["company1"], at=NOW)
    assert services.remind_due(session, at=order.file_by) == 1
    assert services.remind_due(session, at=order.file_by) == 0
    assert told(session, market, "h1", "emergency-overdue") == told(session, market, "agency", "emergency-overdue") == 1
    assert queries.counts(session, market.actors["agency"], order.file_by)[FilingState.OVERDUE] == 1
    with clock.travel(to=order.file_by):
        services.file(
            session, order_id=order.id, ground="补报", document="说明", actor=market.actors["h1"], at=clock.now()
        )
    made = queries.filing(session, order.id)
    assert made is not None and made.filed_at is not None and made.filed_at >= order.file_by


def test_what_was_refused_need_not_be_filed(session: Session, market: Market) -> None:
    order = emergency(session, market)
    with clock.travel(to=NOW):
        answers.refuse(
            session, order_id=order.id, refusal=Refusal.OUT_OF_STOCK, note="", actor=market.actors["company1"], at=NOW
        )
        with pytest.raises(Conflict):
            services.file(session, order_id=order.id, ground="x", document="y", actor=market.actors["h1"], at=NOW)
    assert order.file_by is not None and services.remind_due(session, at=order.file_by) == 0


def test_the_share_counts_what_was_bought_in_a_year(session: Session, market: Market) -> None:
    emergency(session, market, count=1_000)
    market.order(session, a=9_000)
    found = queries.share(session, market.actors["h1"], NOW)
    assert (found.emergency, found.total, found.ratio) == (Decimal("123.4"), 1234, Decimal("0.1"))
    assert queries.share(session, market.actors["h2"], NOW).ratio is None


def test_a_plan_beyond_the_cap_of_its_region_is_refused(session: Session, market: Market) -> None:
    session.add(Region(code="980100", name="江州市", parent_code=None))
    session.flush()
    for who in ("h1", "h2"):
        session.get_one(Organisation, market.organisations[who]).region_code = "980100"
    market.order(session, a=9_000)
    emergency(session, market, count=1_000)
    with pytest.raises(Conflict) as refused:
        emergency(session, market, count=1)
    assert refused.value.code == "emergency-beyond-share"
    with pytest.raises(Conflict):
        emergency(session, market, "h2")
