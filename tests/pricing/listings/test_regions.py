"""An office acts in its own region alone: on listings, merges, applications, label rules and workbooks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.services.products import ProductDraft, create_product
from importers import services as imports
from kernel.auth.actor import SYSTEM, Actor
from kernel.errors import Forbidden, Invalid, NotFound
from kernel.sheets import Sheet
from pricing.applications.flow import ApplicationAction, ApplicationState, Purpose
from pricing.applications.models import ListingApplication
from pricing.applications.queries import applications
from pricing.applications.services.reviewing import review, review_many
from pricing.governance.sets.models import LabelSet
from pricing.governance.sets.services import BOOK, place
from pricing.listings import exports
from pricing.listings.duplicates import queries as merges
from pricing.listings.duplicates.services import drop, propose
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.queries import of_key
from pricing.listings.rules import NewListing
from pricing.listings.services import end, list_products, restore, suspend
from tests.importers.ways import by_xlsx
from tests.pricing.scene import CITY, NOW, OTHER, PROVINCE, TOWN, Scene, populate

TODAY, LISTED = date(2026, 11, 20), ListingKind.LISTED


@pytest.fixture
def scene(session: Session) -> Scene:
    """The first product is listed in the province and in a town of the city."""
    scene = populate(session)
    for region in (PROVINCE, TOWN):
        row = NewListing(scene.products[0].id, region, LISTED, Decimal("1.20"), TODAY - timedelta(days=30))
        list_products(session, rows=[row], actor=scene.officer, at=NOW)
    return scene


def city(scene: Scene) -> Actor:
    return replace(scene.officer, region=CITY)


def number(session: Session, scene: Scene, region: str) -> int:
    return of_key(session, (scene.products[0].id, region, LISTED)).id


def test_a_city_suspends_restores_and_ends_listings_of_its_own_and_none_of_the_province(
    session: Session, scene: Scene
) -> None:
    given: dict[str, Any] = {"reason": "断供", "actor": city(scene), "at": NOW}
    above, own = (number(session, scene, region) for region in (PROVINCE, TOWN))
    with pytest.raises(Forbidden):
        suspend(session, listing_id=above, **given)
    with pytest.raises(Forbidden):
        end(session, listing_id=above, day=TODAY, **given)
    assert suspend(session, listing_id=own, **given).state is ListingState.SUSPENDED
    suspend(session, listing_id=above, **{**given, "actor": scene.officer})
    with pytest.raises(Forbidden):
        restore(session, listing_id=above, **given)
    assert restore(session, listing_id=own, **given).state is ListingState.ACTIVE
    assert end(session, listing_id=own, day=TODAY, **given).state is ListingState.ENDED


def test_a_city_neither_reads_nor_reviews_applications_of_the_province(session: Session, scene: Scene) -> None:
    made = ListingApplication(
        product_id=scene.products[0].id, company_id=scene.companies[0].id, region_code=PROVINCE, kind=LISTED,
        purpose=Purpose.PRICE, price=Decimal(1), starts=TODAY, reason="降价", state=ApplicationState.SUBMITTED,
        submitted_by_id=scene.users["company"].id, submitted_at=NOW, checks=[], failed=0, code="",
        elsewhere_region="", ceiling_source="",
    )  # fmt: skip
    session.add(made)
    session.flush()
    bureau = replace(scene.officer, organisation_kind=scene.users["officer"].organisation.kind)
    seen = {region: applications.visible(replace(bureau, region=region)) for region in (CITY, OTHER, PROVINCE)}
    assert [len(session.scalars(query).all()) for query in seen.values()] == [0, 0, 1]
    common: dict[str, Any] = {"action": ApplicationAction.CHECK, "actor": replace(bureau, region=CITY), "at": NOW}
    with pytest.raises(NotFound):
        review(session, application_id=made.id, version=made.version, **common)
    with pytest.raises(NotFound):
        review_many(session, application_ids=[made.id], **common)


def test_a_city_does_not_merge_in_the_province_and_gives_it_no_rules(session: Session, scene: Scene) -> None:
    first = scene.products[0]
    given = ProductDraft(registered_name=first.registered_name, approval_number="国药准字H20149999", pack=first.pack)
    twin = create_product(
        session, company_id=first.company_id, specification_id=first.specification_id, draft=given, actor=SYSTEM, at=NOW
    )
    session.flush()
    list_products(session, rows=[NewListing(twin.id, PROVINCE, LISTED, Decimal(1), TODAY)], actor=SYSTEM, at=NOW)
    with pytest.raises(Invalid):
        propose(session, region_code=PROVINCE, actor=city(scene), at=NOW)
    (made,) = propose(session, region_code=PROVINCE, actor=scene.officer, at=NOW)
    assert merges.open_count(session, city(scene)) == 0 and merges.open_count(session, scene.officer) == 1
    with pytest.raises(NotFound):
        drop(session, merge_id=made.id, text="不合并", actor=city(scene), at=NOW)
    BOOK.take_over(session, actor=SYSTEM, at=NOW)
    session.flush()
    with pytest.raises(Invalid):
        place(session, region_code=PROVINCE, code="anhui", reason="试行", actor=city(scene), at=NOW)
    assert place(session, region_code=TOWN, code="anhui", reason="试行", actor=city(scene), at=NOW).code == "anhui"


def test_a_city_does_not_write_the_rules_that_the_province_goes_by(session: Session, scene: Scene) -> None:
    BOOK.take_over(session, actor=SYSTEM, at=NOW)
    base = session.scalars(select(LabelSet.id).where(LabelSet.code == "anhui")).one()
    second = replace(scene.officer, user_id=scene.users["other"].id)
    BOOK.copy(session, rules_id=base, code="own", title="自定", actor=scene.officer, at=NOW)
    BOOK.approve(session, code="own", actor=second, at=NOW)
    change: dict[str, Any] = {"code": "own", "parameter": "against the 75th percentile", "at": NOW, "source": "文件",
                              "text": "yellow 1.5; from 2026-12-01", "reason": "收紧"}  # fmt: skip
    place(session, region_code=TOWN, code="own", reason="试行", actor=city(scene), at=NOW)
    BOOK.change(session, actor=city(scene), **change)
    place(session, region_code=PROVINCE, code="own", reason="试行", actor=scene.officer, at=NOW)
    with pytest.raises(Forbidden):
        BOOK.change(session, actor=city(scene), **change)
    with pytest.raises(Forbidden):
        BOOK.approve(session, code="own", actor=replace(second, region=CITY), at=NOW)
    assert BOOK.approve(session, code="own", actor=second, at=NOW).number == 2


def test_a_city_brings_in_prices_of_its_own_region_alone(session: Session, scene: Scene) -> None:
    rows = [list(row) for row in exports.listings(session, {}, scene.officer, NOW).rows]
    column = exports.HEADERS.index("挂网价")
    for row in rows:
        row[column] = Decimal("0.9")
    book = by_xlsx(Sheet("挂网目录", exports.HEADERS, rows))
    found = imports.stage(session, name="listings", query={}, book=book, actor=city(scene), at=NOW)
    assert (found.changed, found.faulty) == (1, 1)
