"""Every kind of order passes the check of its own listing; emergencies take any price there is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from kernel.clock import today
from pricing.credit.flow import LetterState
from pricing.credit.models import CommitmentLetter
from pricing.listings.flow import ListingKind
from pricing.listings.rules import NewListing
from pricing.listings.services import list_products
from procurement.orders.flow import OrderKind
from procurement.orders.services import plans
from procurement.orders.services.plans import PlanRefused, Wanted
from tests.factories.letters import bind

from .market import NOW, REGION, Market


def listed(session: Session, market: Market, name: str, kind: ListingKind, price: str, region: str = REGION) -> None:
    row = NewListing(market.products[name], region, kind, Decimal(price), today(NOW))
    list_products(session, rows=[row], actor=market.actors["agency"], at=NOW)


@pytest.mark.parametrize("kind", [OrderKind.NEGOTIATED, OrderKind.LISTED, OrderKind.SHORTAGE, OrderKind.FILED])
def test_an_order_of_a_kind_needs_a_listing_of_that_kind(session: Session, market: Market, kind: OrderKind) -> None:
    bind(session, market.actors["company1"])
    other = ListingKind.LISTED if kind is OrderKind.FILED else ListingKind.FILED
    listed(session, market, "a", other, "9")
    with pytest.raises(PlanRefused) as refused:
        market.order(session, kind=kind, a=10)
    assert [issue.code for issue in refused.value.issues] == ["order-without-listing"]
    listed(session, market, "a", ListingKind(kind.value), "1.5")
    [order] = market.order(session, kind=kind, a=10)
    assert order.amount == Decimal("15.00") and order.lines[0].agreement_id is None


def test_a_filed_purchase_takes_the_companys_letter(session: Session, market: Market) -> None:
    listed(session, market, "a", ListingKind.FILED, "1.5")
    with pytest.raises(PlanRefused) as refused:
        market.order(session, kind=OrderKind.FILED, a=10)
    assert [issue.code for issue in refused.value.issues] == ["order-unsigned"]
    bind(session, market.actors["company1"])
    assert len(market.order(session, kind=OrderKind.FILED, a=10)) == 1


def test_a_withdrawn_letter_is_said_before_a_missing_one(session: Session, market: Market) -> None:
    listed(session, market, "a", ListingKind.FILED, "1.5")
    company = bind(session, market.actors["company1"]).organisation_id
    for letter in session.query(CommitmentLetter).filter_by(company_id=company):
        letter.state = LetterState.WITHDRAWN
    session.flush()
    with pytest.raises(PlanRefused) as refused:
        market.order(session, kind=OrderKind.FILED, a=10)
    assert [issue.code for issue in refused.value.issues] == ["order-letter-withdrawn"]


def test_an_emergency_takes_the_agreement_before_a_listing_and_files_in_time(session: Session, market: Market) -> None:
    listed(session, market, "a", ListingKind.LISTED, "9")
    with pytest.raises(PlanRefused):
        market.order(session, who="h2", kind=OrderKind.LISTED, b=10)
    actor = market.actors["h1"]
    plan = plans.create(
        session, kind=OrderKind.EMERGENCY, title="急救", reason="群体中毒", actor=actor, at=NOW
    )  # fmt: skip
    lines = [Wanted(market.products["a"], Decimal(10))]
    plans.keep(session, plan_id=plan.id, version=plan.version, lines=lines, actor=actor, at=NOW)
    plans.submit(session, plan_id=plan.id, version=plan.version, actor=actor, at=NOW)
    [order] = plans.approve(session, plan_id=plan.id, actor=market.actors["h1-second"], at=NOW)
    assert order.lines[0].price == Decimal("0.1234") and order.file_by is not None
