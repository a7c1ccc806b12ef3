"""The board counts hospitals, days of stock and answers, and computes no level from unknown thresholds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import UnsetParameter
from kernel.parties.models import Organisation, Region
from procurement.supply.rules import WarningLevel, policy, thresholds
from procurement.supply.shortages import services
from procurement.supply.shortages.queries import listing
from procurement.supply.warnings import queries
from tests.procurement.orders.market import NOW, REGION, Market

from .scene import report
from .test_shortages import NONE


def test_without_thresholds_the_board_names_what_is_missing(session: Session, market: Market) -> None:
    report(session, market)
    with pytest.raises(UnsetParameter):
        thresholds(policy(REGION))
    found = queries.board(session, market.actors["agency"], NOW)
    assert found.unset == "warning.share.yellow"
    assert [one.level for one in found.varieties] == [None]


def test_share_and_days_make_the_level(session: Session, market: Market) -> None:
    session.add(Region(code="980100", name="江州市", parent_code=None))
    session.flush()
    for who in ("h1", "h2"):
        session.get_one(Organisation, market.organisations[who]).region_code = "980100"
    first, second = report(session, market, stock=400), report(session, market, "h2", stock=90)
    with clock.travel(to=NOW):
        services.answer(session, shortage_id=first.id, said=NONE, actor=market.actors["company1"], at=NOW)
    found = queries.board(session, market.actors["agency"], second.due_at, "980100")
    line = found.varieties[0]
    assert (line.reporting, line.concerned, line.days, line.silent) == (2, 2, 9, 1)
    assert (line.share, line.level) == (Decimal(1), WarningLevel.RED)
    assert (found.response.in_time, found.response.all) == (1, 2)
    assert [(one.key, one.level, one.count) for one in found.regions] == [("980100", WarningLevel.RED, 2)]
    assert queries.board(session, market.actors["agency"], NOW, "980200").varieties == []


def test_a_region_whose_code_ends_in_noughts_holds_no_other(session: Session, market: Market) -> None:
    """500000 is a province of its own, not all that begins with 5."""
    session.add_all([Region(code="500000", name="渝市"), Region(code="510100", name="锦城")])
    session.flush()
    session.get_one(Organisation, market.organisations["h1"]).region_code = "510100"
    report(session, market)
    reader = market.actors["agency"]
    assert [queries.board(session, reader, NOW, code).open for code in ("510000", "500000")] == [1, 0]
    found = [session.scalars(listing(reader, at=NOW, region_code=code)).all() for code in ("510100", "500000")]
    assert [len(one) for one in found] == [1, 0]
