"""What a credit finding would do before it is decided: exactly its products and regions, in as many queries as ever."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from kernel.errors import Forbidden, NotFound
from kernel.parties.models import Region
from pricing.credit.flow import Matter, Source
from pricing.credit.ratings.flow import MeasureKind
from pricing.credit.services import NewFact, report_facts
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing
from procurement.bids.flow import BoxState
from procurement.bids.models import Box
from procurement.demand.models import BaseVolume, Call, Lot, LotSpecification
from procurement.rounds.flow import RoundState
from procurement.rounds.models.rounds import Round
from procurement.supply.effects.flow import Ground, InRound, Part, Place
from procurement.supply.effects.queries import asked as asking
from procurement.supply.effects.queries import market as closing
from procurement.supply.effects.queries import rounds, totals, trade
from procurement.supply.effects.queries.asked import Asked
from tests.factories.credit import measure
from tests.procurement.orders.market import NOW, REGION, Market
from tests.procurement.orders.site import Site

PAGE, ELSEWHERE = "/procurement/credit-effects", "970000"
SERIOUS, EXTREME = "seriously-dishonest", "extremely-dishonest"


@pytest.fixture
def officer(market: Market) -> Actor:
    return market.actors["agency"]


def ask(
    session: Session, market: Market, level: str, *products: str, who: str = "company1", region: str = REGION,
    **more: str,
) -> Asked:  # fmt: skip
    parts = MultiDict([("company", str(market.organisations[who])), ("version", "2025"), ("level", level),
                       ("region", region), *more.items()])  # fmt: skip
    for name in products:
        parts.add("products", str(market.products[name]))
    return asking.read(session, market.actors["agency"], parts, NOW)


def elsewhere(session: Session) -> None:
    session.add(Region(code=ELSEWHERE, name="山河省"))
    session.flush()


def figures(session: Session, asked: Asked, actor: Actor) -> tuple[int, ...]:
    """Products, orders, varieties with volume, hospitals, substitutes."""
    found = totals.totals(session, asked, actor)
    counts = found.counts
    return (counts[Part.PRODUCTS], counts[Part.ORDERS], counts[Part.VOLUME], found.hospitals, counts[Part.SUBSTITUTES])


@pytest.mark.parametrize(
    ("level", "region", "expected"),
    [
        ("dishonest", REGION, (0, 0, 0, 0, 0)), (SERIOUS, REGION, (1, 1, 1, 2, 1)),
        (SERIOUS, ELSEWHERE, (1, 0, 0, 0, 0)), (EXTREME, REGION, (1, 1, 1, 2, 1)),
        (EXTREME, ELSEWHERE, (1, 1, 1, 2, 1)),
    ],
)  # fmt: skip
def test_a_finding_reaches_exactly_its_products_and_regions(
    session: Session, market: Market, officer: Actor, level: str, region: str, expected: tuple[int, ...]
) -> None:
    elsewhere(session)
    market.order(session, a=100)
    market.order(session, b=100)
    asked = ask(session, market, level, "a", region=region)
    assert figures(session, asked, officer) == expected


def test_what_is_to_come_and_what_is_left_add_up_in_yuan(session: Session, market: Market, officer: Actor) -> None:
    order = market.order(session, a=100)[0]
    order.lines[0].cancelled = Decimal(40)
    session.flush()
    asked = ask(session, market, SERIOUS, "a")
    found = totals.totals(session, asked, officer)
    assert (found.to_come, found.worth) == (Decimal("7.40"), Decimal("4923.66"))  # 60 and 39,900 at 0.1234
    assert [(one.agreed, one.left, one.hospitals) for one in found.volume] == [(40_000, 39_900, 2)]
    assert set(found.regions) == {REGION}
    assert trade.to_come(session, asked, [order.id]) == {order.id: (1, Decimal("7.40"))}
    own = trade.by_product(session, asked, [market.products["a"]])[market.products["a"]]
    assert (own.orders, own.to_come, own.worth, own.hospitals) == (1, Decimal("7.40"), Decimal("4923.66"), 2)


def test_an_order_that_has_arrived_or_expired_does_not_run(session: Session, market: Market, officer: Actor) -> None:
    done, expired = market.order(session, a=10)[0], market.order(session, a=20)[0]
    done.lines[0].shipped = done.lines[0].received = Decimal(10)
    expired.due_at = NOW
    session.flush()
    assert figures(session, ask(session, market, SERIOUS, "a"), officer)[1] == 0


def test_all_of_a_company_closes_what_it_delivers_too(session: Session, market: Market, officer: Actor) -> None:
    order = market.order(session, a=100)[0]
    order.deliverer_id = market.organisations["distributor"]
    session.flush()
    asked = ask(session, market, EXTREME, who="distributor", all="1")
    assert (asked.reach.closed, asked.reach.products) == (True, frozenset())
    assert [one.id for one in session.scalars(trade.orders(asked))] == [order.id]
    assert list(session.scalars(trade.orders(ask(session, market, SERIOUS, who="distributor", all="1")))) == []


def test_an_agreement_without_a_product_is_at_stake_once_none_of_them_is_free(
    session: Session, market: Market, officer: Actor
) -> None:
    first = session.get_one(Product, market.products["a"])
    session.execute(sa.text("update agreement set product_id = null where product_id = :a"), {"a": first.id})
    other = Product(company_id=first.company_id, specification_id=first.specification_id, registered_name="阿莫西林片",
                    approval_number="国药准字H00000001", pack=48)  # fmt: skip
    session.add(other)
    session.flush()
    market.products["a48"] = other.id
    assert figures(session, ask(session, market, SERIOUS, "a"), officer)[2:4] == (0, 0)
    assert figures(session, ask(session, market, SERIOUS, "a", "a48"), officer)[2:4] == (1, 2)
    other.active = False
    session.flush()
    assert figures(session, ask(session, market, SERIOUS, "a"), officer)[2:4] == (1, 2)


def test_substitutes_say_their_ground_and_whether_they_are_barred(session: Session, market: Market) -> None:
    asked = ask(session, market, SERIOUS, "a")
    page = closing.substitutes_page(session, asked, 1)
    assert [(one.product.id, one.same, one.grounds, one.barred) for one in page.rows] == [
        (market.products["a2"], True, (Ground.WINNER,), False)
    ]
    session.add(Listing(product_id=market.products["a2"], region_code=REGION, kind=ListingKind.LISTED,
                        price=Decimal("0.2"), starts=date(2026, 1, 1), origin="typed", created_at=NOW))  # fmt: skip
    measure(session, market.products["a2"], MeasureKind.PRODUCTS_HERE, at=NOW, region=REGION, starts=date(2026, 1, 1))
    (one,) = closing.substitutes_page(session, asked, 1).rows
    assert (one.grounds, one.barred) == ((Ground.WINNER, Ground.LISTED), True)
    assert closing.alone(session, asked) == []
    assert closing.alone(session, ask(session, market, SERIOUS, "b", who="company2")) == ["氨溴索"]


def test_prices_of_its_products_in_its_regions_are_named(session: Session, market: Market) -> None:
    elsewhere(session)
    for region, kind in ((REGION, ListingKind.AGREEMENT), (ELSEWHERE, ListingKind.LISTED)):
        session.add(Listing(product_id=market.products["a"], region_code=region, kind=kind, price=Decimal("0.1"),
                            starts=date(2026, 1, 1), origin="typed", created_at=NOW))  # fmt: skip
    session.flush()
    here, all_ = ask(session, market, SERIOUS, "a"), ask(session, market, EXTREME, "a")
    assert [one.region_code for one in session.scalars(closing.listings(here))] == [REGION]
    assert [one.region_code for one in session.scalars(closing.listings(all_))] == [REGION, ELSEWHERE]
    assert [each.reach.place(market.products["a"]) for each in (here, all_)] == [Place.PROVINCE, Place.EVERYWHERE]


def receiving(session: Session, market: Market, region: str = REGION, **more: Any) -> Round:
    """Add a round that receives bids for what a is."""
    product = session.get_one(Product, market.products["a"])
    call = Call(code="XQ-2", title="秋季需求", year=2026, deadline=NOW, created_at=NOW)
    session.add(call)
    session.flush()
    lot = Lot(call_id=call.id, number=1, variety_id=product.specification.variety_id)
    box = Box(
        call_id=call.id,
        code="LM-2",
        title="秋季集采",
        state=BoxState.RECEIVING,
        deadline=NOW + timedelta(days=3),
        **more,
    )
    session.add_all([lot, box])
    session.flush()
    session.add(LotSpecification(lot_id=lot.id, specification_id=product.specification_id, price_factor=Decimal(1),
                                 volume_factor=Decimal(1)))  # fmt: skip
    session.add(BaseVolume(lot_id=lot.id, specification_id=product.specification_id, region_code=region,
                           quantity=Decimal(1)))  # fmt: skip
    made = Round(code="LM-2", title="秋季集采", state=RoundState.BIDDING, call_id=call.id, box_id=box.id,
                 rule_set_id="batch-4", created_at=NOW, published_at=NOW)  # fmt: skip
    session.add(made)
    session.flush()
    return made


def test_rounds_say_who_may_not_bid_any_more_and_who_won(session: Session, market: Market, officer: Actor) -> None:
    elsewhere(session)
    asked = ask(session, market, SERIOUS, "a")
    new = receiving(session, market)
    found = [(one.round_.code, one.lot.number, one.standing) for one in rounds.page(session, asked, officer, 1).rows]
    assert found == [("LM-2", 1, InRound.MAY_BID), ("LM-1", 1, InRound.WINNER)]
    far = ask(session, market, SERIOUS, "a", region=ELSEWHERE)
    assert rounds.InRound.MAY_BID not in {one.standing for one in rounds.page(session, far, officer, 1).rows}
    new.box.deadline = NOW  # too late to bid: nobody says who did before the opening
    session.flush()
    assert [one.standing for one in rounds.page(session, asked, officer, 1).rows] == [InRound.WINNER]


def test_a_rehearsal_is_no_round(session: Session, market: Market, officer: Actor) -> None:
    receiving(session, market, rehearsal=True)
    asked = ask(session, market, SERIOUS, "a")
    assert [one.round_.code for one in rounds.page(session, asked, officer, 1).rows] == ["LM-1"]


def test_a_case_is_asked_about_with_the_level_its_version_gives(
    session: Session, market: Market, officer: Actor
) -> None:
    one = NewFact(market.organisations["company1"], Matter.KICKBACKS, "document", "1", REGION, date(2026, 2, 1), "回扣",
                  Decimal(600_000), case_number="案1", source=Source.JUDGMENT, origin="法院")  # fmt: skip
    fact = report_facts(session, rows=[one], actor=officer, at=NOW)[0]
    asked = asking.of_case(session, officer, fact.case, NOW)
    assert (asked.version, asked.level, asked.whole, asked.region_code) == ("2025", SERIOUS, True, REGION)
    assert asked.reach.here == {market.products["a"]}


def test_strange_products_are_left_out_and_told(session: Session, market: Market) -> None:
    asked = ask(session, market, SERIOUS, "a", "b")
    assert (asked.ids, asked.strange) == ({market.products["a"]}, 1)
    assert ask(session, market, SERIOUS, "b", who="distributor").ids == {market.products["b"]}


def test_it_takes_as_many_queries_for_many_rows_as_for_few(session: Session, market: Market, officer: Actor) -> None:
    def queries() -> int:
        asked, found = ask(session, market, EXTREME, "a"), []
        connection = session.connection()
        sa.event.listen(connection, "before_cursor_execute", lambda *given: found.append(given[2]))
        totals.totals(session, asked, officer)
        trade.orders_page(session, asked, 1)
        closing.substitutes_page(session, asked, 1)
        rounds.page(session, asked, officer, 1)
        return len(found)

    market.order(session, a=1)
    queries()
    few = queries()
    for count in range(2, 8):
        market.order(session, a=count)
    session.expire_all()
    assert queries() == few


def test_only_who_rates_may_ask_and_only_about_companies(session: Session, market: Market) -> None:
    for who in ("company1", "h1", "distributor"):
        with pytest.raises(Forbidden):
            asking.read(session, market.actors[who], MultiDict({"company": "1"}), NOW)
    for parts in ({}, {"company": str(market.organisations["h1"])}, {"rating": "9"}, {"case": "x"}, {"company": "²"}):
        with pytest.raises(NotFound):
            asking.read(session, market.actors["agency"], MultiDict(parts), NOW)


def test_every_list_opens_and_goes_out_as_a_workbook(site: Site) -> None:
    with site.database.transaction() as session:
        site.market.order(session, a=5)
    query = f"company={site.market.organisations['company1']}&version=2025&level={EXTREME}&region={REGION}"
    chosen = f"products={site.market.products['a']}&products={site.market.products['b']}"
    for part in Part:
        answer = site.browser("agency").get(f"{PAGE}?{query}&{chosen}&part={part.value}")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200 and chosen.replace("&", "&amp;") in page  # its tabs keep both products
        out = site.browser("agency").get(f"/exports/procurement.effects-{part.value}?as=csv&{query}&{chosen}")
        assert out.status_code == 200
    assert "阿莫西林片" in site.browser("agency").get(f"{PAGE}?{query}&{chosen}").get_data(as_text=True)
    for who, code in (("h1", 403), ("company1", 403)):
        assert site.browser(who).get(f"{PAGE}?{query}").status_code == code
        assert site.browser(who).get(f"/exports/procurement.effects-orders?as=csv&{query}").status_code == code
    for bad in ("", "company=999999", "rating=1", "company=1&level=x&version=9&region=zz&products=x&part=y"):
        assert site.browser("agency").get(f"{PAGE}?{bad}").status_code in (200, 404)
