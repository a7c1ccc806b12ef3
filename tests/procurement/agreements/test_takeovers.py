"""What is left goes to the next in line, balanced; the next year's agreements carry the whole volume."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.auth.second import SamePerson
from kernel.clock import today
from kernel.errors import Conflict
from procurement.agreements.models import Agreement
from procurement.agreements.renewals import services as renewals
from procurement.agreements.takeovers import queries, services
from procurement.agreements.takeovers.flow import TakeoverState
from procurement.agreements.takeovers.models import Takeover
from procurement.orders.reconciliation.queries import reconcile
from procurement.orders.services import answers
from procurement.orders.services.plans import PlanRefused
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round
from tests.procurement.orders.market import NOW, REGION, Market
from tests.procurement.orders.shop import Shop

LATE = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)


def another(session: Session, market: Market) -> Award:
    """Let company2 be a winner of company1's lot too, at its own price."""
    first = session.scalars(select(Award).where(Award.company_id == market.organisations["company1"])).one()
    first.period = 2
    second = Award(
        round_id=first.round_id, lot_id=first.lot_id, company_id=market.organisations["company2"], period=2,
        specification_id=first.specification_id, price=Decimal("0.2000"), ratio=Decimal("0.8"),
    )  # fmt: skip
    session.add(second)
    session.flush()
    return second


def proposed(session: Session, market: Market, award: Award) -> Takeover:
    return services.propose(
        session, round_id=award.round_id, lot_id=award.lot_id, region_code=REGION, reason="停产",
        from_company_id=market.organisations["company1"], to_company_id=award.company_id,
        actor=market.actors["agency"], at=NOW,
    )  # fmt: skip


def test_the_rest_moves_to_the_next_in_line_at_its_own_price(session: Session, market: Market) -> None:
    order = market.order(session, a=3_000)[0]
    one = proposed(session, market, another(session, market))
    values = {"round_id": one.round_id, "takeover_id": one.id, "at": NOW}
    with pytest.raises(SamePerson):
        services.confirm(session, actor=market.actors["agency"], **values)
    services.confirm(session, actor=market.actors["agency-second"], **values)
    with pytest.raises(Conflict):
        services.confirm(session, actor=market.actors["agency-second"], **values)
    assert (one.state, one.agreements, one.volume) == (TakeoverState.CONFIRMED, 2, 37_000)
    old = session.get_one(Agreement, market.agreements["h1", "a"])
    new = session.get_one(Agreement, old.successor_id or 0)
    assert (old.agreed, old.used, old.ends) == (3_000, 3_000, today(NOW))
    assert (new.agreed, new.price, new.starts) == (17_000, Decimal("0.2000"), today(NOW))
    with clock.travel(to=NOW):
        answers.cancel(session, order_id=order.id, actor=market.actors["h1"], at=NOW)
    with pytest.raises(PlanRefused):
        market.order(session, a=10)
    assert reconcile(session, day=date(2026, 3, 3)).differences == []


def test_only_who_is_in_line_takes_over_and_once(session: Session, market: Market) -> None:
    award = another(session, market)
    own = {"round_id": award.round_id, "lot_id": award.lot_id, "region_code": REGION, "reason": "停产", "at": NOW,
           "from_company_id": market.organisations["company1"], "actor": market.actors["agency"]}  # fmt: skip
    for taker in ("company1", "distributor"):
        with pytest.raises(Conflict, match="takeover-not-in-line"):
            services.propose(session, to_company_id=market.organisations[taker], **own)  # type: ignore[arg-type]  # by name
    one = proposed(session, market, award)
    with pytest.raises(Conflict, match="takeover-open-already"):
        proposed(session, market, award)
    services.drop(session, round_id=one.round_id, takeover_id=one.id, actor=market.actors["agency"], at=NOW)
    assert proposed(session, market, award).state is TakeoverState.PROPOSED
    round_ = session.get_one(Round, award.round_id)
    found = queries.places(session, round_, today(NOW))
    assert [(place.hospitals, place.left, len(place.line)) for place in found] == [(2, 40_000, 1), (2, 40_000, 0)]


def test_the_next_year_carries_the_whole_volume_and_comes_once(session: Session, market: Market) -> None:
    market.order(session, a=3_000)
    award = another(session, market)
    one = proposed(session, market, award)
    agency = {"round_id": one.round_id, "actor": market.actors["agency-second"]}
    services.confirm(session, takeover_id=one.id, at=NOW, **agency)  # type: ignore[arg-type]  # by name
    with pytest.raises(Conflict, match="renewal-nothing"):
        renewals.renew(session, at=NOW, **agency)  # type: ignore[arg-type]  # by name
    assert renewals.renew(session, at=LATE, **agency) == 2  # type: ignore[arg-type]  # by name; b's award has no period
    next_ = session.scalars(select(Agreement).where(Agreement.year == 2).order_by(Agreement.id)).all()
    assert [(each.agreed, each.company_id, each.starts) for each in next_] == [
        (20_000, award.company_id, date(2027, 1, 1))
    ] * 2
    with pytest.raises(Conflict, match="renewal-nothing"):
        renewals.renew(session, at=LATE, **agency)  # type: ignore[arg-type]  # by name
    assert reconcile(session, day=date(2026, 11, 1)).agrees


def test_a_take_over_on_its_page(shop: Shop) -> None:
    with shop.database.transaction() as session:
        award = another(session, shop.market)
        round_id, lot, taker = award.round_id, award.lot_id, award.company_id
    url = f"/procurement/rounds/{round_id}/takeovers"
    assert "Who supplies, who follows" in shop.get(url, "agency").text
    assert shop.get(url, "company1").status_code == 403
    place = f"{lot}:{REGION}:{shop.market.organisations['company1']}"
    assert shop.post(url, "agency", place=place, to=str(taker), reason="").status_code == 422
    assert shop.post(url, "agency", place=place, to=str(taker), reason="停产").status_code == 303
    assert shop.post(f"{url}/1/confirm", "agency").status_code == 303
    with shop.database.transaction(write=False) as session:
        assert session.get_one(Takeover, 1).state is TakeoverState.PROPOSED
    assert shop.post(f"{url}/1/confirm", "agency-second").status_code == 303
    page = shop.get(url, "agency").text
    assert "Taken over" in page and "40,000" in page
    assert "Renewal and take-over" in shop.get(f"/procurement/agreements?round={round_id}", "agency").text
    old = shop.market.agreements["h1", "a"]
    assert "Passed on" in shop.get(f"/procurement/agreements/{old}", "h1").text
