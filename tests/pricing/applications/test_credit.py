"""A suspension stops new listing applications of what it covers, through the pages; lifted, they are taken."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel import clock
from kernel.auth.permissions import Role
from kernel.db import Database
from pricing.applications.flow import Purpose
from pricing.applications.queries.faults import faults_of
from pricing.applications.rules import Draft
from pricing.credit.models import CommitmentLetter
from pricing.credit.ratings.flow import MeasureKind
from pricing.credit.ratings.models import CreditMeasure
from pricing.listings.flow import ListingKind
from pricing.listings.rules import NewListing
from pricing.listings.services import list_products
from tests.factories.credit import measure
from tests.factories.people import signed_in
from tests.pricing.scene import OTHER, PROVINCE, Scene, acting, populate

NEW = "/pricing/applications/new"
KINDS = [
    (MeasureKind.PRODUCTS_HERE, PROVINCE, {(0, PROVINCE)}), (MeasureKind.PRODUCTS_HERE, OTHER, {(0, OTHER)}),
    (MeasureKind.PRODUCTS_EVERYWHERE, PROVINCE, {(0, PROVINCE), (0, OTHER)}),
    (MeasureKind.ALL_HERE, PROVINCE, {(0, PROVINCE), (2, PROVINCE)}), (MeasureKind.FLAG, PROVINCE, set()),
]  # fmt: skip
EVERY = [(0, PROVINCE), (0, OTHER), (2, PROVINCE), (2, OTHER)]


@pytest.fixture
def scene(database: Database) -> Scene:
    at = clock.now()
    with database.transaction() as session:
        scene = populate(session)
        session.add(CommitmentLetter(company_id=scene.companies[0].id, year=clock.today(at).year, signed_at=at,
                                     signed_by_id=scene.users["company"].id, digest="x"))  # fmt: skip
    return scene


def ask(client: FlaskClient, scene: Scene, product: int, region: str, purpose: str = "list") -> tuple[int, bool]:
    """Apply for a listing; return the answer's status, and whether it names a rating."""
    form = {"product_id": str(scene.products[product].id), "region_code": region, "kind": "listed", "purpose": purpose,
            "price": "0.80", "starts": clock.today(clock.now()).isoformat(), "reason": "新品挂网",
            "code": "XJ01CAA040A001010100001"}  # fmt: skip
    answer = client.post(NEW, data=form)
    return answer.status_code, "XYPJ" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("kind", "region", "barred"), KINDS)
def test_a_suspension_stops_applications_for_its_products_and_regions(
    app: Flask, database: Database, scene: Scene, kind: MeasureKind, region: str, barred: set[tuple[int, str]]
) -> None:
    at = clock.now()
    with database.transaction() as session:
        made = measure(session, scene.products[0].id, kind, at=at, region=region, starts=clock.today(at)).id
    company = signed_in(app, scene.users["company"])
    found = {place: ask(company, scene, *place) for place in EVERY}
    assert found == {place: (422, True) if place in barred else (303, False) for place in EVERY}
    with database.transaction() as session:
        session.get_one(CreditMeasure, made).ends_on = clock.today(at)
    assert [ask(company, scene, *place) for place in sorted(barred)] == [(303, False)] * len(barred)


def test_another_company_hears_nothing_of_an_open_application(app: Flask, database: Database, scene: Scene) -> None:
    assert ask(signed_in(app, scene.users["company"]), scene, 0, PROVINCE) == (303, False)
    day = clock.today(clock.now())
    draft = Draft(scene.products[0].id, PROVINCE, ListingKind.LISTED, Purpose.LIST, Decimal(1), day, "挂网")
    with database.transaction(write=False) as session:
        other = acting(scene.users["other"], Role.MANUFACTURER)
        (wrong,), _beside = faults_of(session, drafts=[draft], actor=other, at=clock.now())
    assert {name: one.code for name, one in wrong.items()} == {"product_id": "application-not-yours"}


@pytest.mark.parametrize("purpose", ["new-price", "delist"])
def test_a_suspension_stops_no_new_price_and_no_delisting(
    app: Flask, database: Database, scene: Scene, purpose: str
) -> None:
    at = clock.now()
    with database.transaction() as session:
        row = NewListing(scene.products[0].id, PROVINCE, ListingKind.LISTED, Decimal("0.9"), clock.today(at))
        list_products(session, rows=[row], actor=scene.officer, at=at)
        measure(session, scene.products[0].id, MeasureKind.ALL_HERE, at=at, region=PROVINCE, starts=clock.today(at))
    company = signed_in(app, scene.users["company"])
    assert ask(company, scene, 0, PROVINCE, purpose=purpose) == (303, False)
