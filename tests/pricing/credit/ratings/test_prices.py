"""⑤ counts as done once all products of a rating have a winning or negotiated price in its province."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from kernel import clock
from kernel.clock import today
from pricing.credit.flow import Matter
from pricing.credit.ratings.flow import CorrectionState, Route
from pricing.credit.ratings.models import CreditRating
from pricing.credit.ratings.services import correcting
from pricing.listings.flow import ListingKind
from pricing.listings.rules import NewListing
from pricing.listings.services import list_products
from tests.pricing.scene import CITY, NOW, OTHER, PROVINCE

from .court import Court

pytestmark = pytest.mark.usefixtures("then")


def price(session: Session, stand: Court, product: int, region: str, days: int = 0) -> None:
    starts = today(NOW) + timedelta(days=days)
    row = NewListing(stand.scene.products[product].id, region, ListingKind.AGREEMENT, Decimal("1.2"), starts, reason="")
    list_products(session, rows=[row], actor=stand.first, at=NOW)
    session.flush()


def done(session: Session, one: CreditRating, days: int = 0) -> bool:
    at = NOW + timedelta(days=days)
    with clock.travel(to=at):
        settled = bool(correcting.settle_prices(session, at=at))
    fifth = next(each for each in one.corrections if each.number == 5)
    assert (fifth.route is Route.PRICE) is settled is (fifth.state is CorrectionState.VERIFIED)
    return settled


def test_the_prices_of_all_its_products_in_its_province_remove_the_inflation(session: Session, stand: Court) -> None:
    fact = stand.fact(session, Matter.TAX, 600_000)
    one = stand.published(session, stand.proposed(session, fact, products=(0, 2)))
    price(session, stand, 0, PROVINCE)
    for region in (OTHER, CITY):  # neither elsewhere nor in a part of the province
        price(session, stand, 2, region)
        assert not done(session, one)
    price(session, stand, 2, PROVINCE, days=9)
    assert [done(session, one, days) for days in (0, 8)] == [False, False]
    assert done(session, one, 9)


def test_without_products_no_price_removes_anything(session: Session, stand: Court) -> None:
    one = stand.published(session, stand.proposed(session, stand.fact(session, Matter.TAX, 60_000), products=()))
    price(session, stand, 0, PROVINCE)
    assert not done(session, one)
