"""Pages of prices across regions: who sees and does what, in both languages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from kernel import clock
from kernel.auth.actor import SYSTEM
from kernel.db import Database
from pricing.governance.comparison.flow import Match, WarningState
from pricing.governance.comparison.models import LinkageWarning, OutsideProduct, SameGroup
from pricing.governance.comparison.rules.matching import Written
from pricing.governance.comparison.rules.prices import Held
from pricing.governance.comparison.services import building
from pricing.governance.comparison.services.bringing import Said, bring
from pricing.listings.flow import ListingKind
from pricing.listings.rules import NewListing
from pricing.listings.services import list_products
from tests.factories.people import signed_in
from tests.pricing.scene import OTHER, PROVINCE, Scene, populate


@pytest.fixture
def scene(database: Database) -> Scene:
    """Company 1's price is twice that of the other province, where one more product is written in another way."""
    at = clock.now()
    start = clock.today(at) - timedelta(days=9)
    with database.transaction() as session:
        scene = populate(session)
        row = NewListing(scene.products[0].id, PROVINCE, ListingKind.LISTED, Decimal("2.00"), start)
        list_products(session, rows=[row], actor=scene.officer, at=at)
        for text, price in (("0.1g", "1.00"), ("大规格", "0.70")):
            written = Written("", "阿司匹林", "甲制药", "肠溶片", text, 30)
            said = Said(written, OTHER, ListingKind.LISTED, start, Held(Decimal(price), None, None, "公告"))
            bring(session, said=[said], import_id=None, actor=scene.officer, at=at)
        building.run(session, day=clock.today(at), actor=SYSTEM, at=at)
        for one in (*scene.users.values(), *scene.companies, *scene.products):
            session.refresh(one)  # the run went past the identity map
    return scene


def test_bureau_and_company_each_do_their_part_and_others_see_nothing(
    app: Flask, database: Database, scene: Scene
) -> None:
    people = {name: signed_in(app, who) for name, who in scene.users.items()}
    with database.transaction(write=False) as session:
        warning = session.scalars(select(LinkageWarning)).one().id
        unsure = session.scalars(select(OutsideProduct).where(OutsideProduct.match == Match.UNSURE)).one()
        company, specification = scene.companies[0].id, scene.products[0].specification_id
        group = session.scalars(
            select(SameGroup).where(SameGroup.company_id == company, SameGroup.specification_id == specification)
        ).one()
        pages = {
            "/pricing/gaps?sort=-ratio&same=three": {}, "/pricing/gaps": {},
            f"/pricing/gaps/{group.id}": {"other": 404},
            "/pricing/linkage?overdue=1": {}, f"/pricing/linkage/{warning}": {"other": 404},
            "/pricing/outside": {"company": 403, "other": 403},
            f"/pricing/outside/{unsure.id}": {"company": 403, "other": 403},
            f"/exports/pricing.same-group?group={group.id}&as=csv": {"other": 404},
            f"/catalogue/products/{scene.products[0].id}": {},
        }  # fmt: skip
    for name, client in people.items():
        for lang in ("zh_CN", "en"):
            client.get(f"/language/{lang}")
            found = {url: client.get(url).status_code for url in pages}
            assert found == {url: held.get(name, 200) for url, held in pages.items()}
    assert app.test_client().get("/pricing/gaps").status_code in (302, 303, 401)
    assert "阿司匹林" not in people["other"].get("/pricing/gaps").get_data(as_text=True).split("<main")[1]
    settle = f"/pricing/outside/{unsure.id}"
    said = {"action": "confirm", "pair": f"{specification}/{company}", "version": "1"}
    assert people["officer"].post(settle, data=said).status_code == 422
    assert people["officer"].post(settle, data=said | {"note": "已核对说明书"}).status_code == 303
    one = f"/pricing/linkage/{warning}"
    assert people["company"].post(f"{one}/answer", data={"text": " "}).status_code == 422
    assert people["other"].post(f"{one}/answer", data={"text": "x"}).status_code == 404
    assert people["company"].post(f"{one}/answer", data={"text": "促销"}).status_code == 303
    assert people["company"].post(f"{one}/decide", data={"action": "accept", "text": "x"}).status_code == 403
    back = {"action": "return", "text": "请附公告", "version": "1"}
    late = people["officer"].post(f"{one}/decide", data=back)  # decided about what stood before the answer
    assert late.status_code == 409 and "请附公告" in late.get_data(as_text=True)
    assert people["officer"].post(f"{one}/decide", data=back | {"version": "2"}).status_code == 303
    assert people["other"].post(f"{one}/cut").status_code == 404
    assert "0.7000" in people["company"].get(one).get_data(as_text=True)  # the settled product is cheaper
    assert people["company"].post(f"{one}/cut", data={"price": "0.8"}).status_code == 409  # as it was shown before
    assert people["company"].post(f"{one}/cut", data={"price": "0.7000"}).status_code == 303
    with database.transaction(write=False) as session:
        assert session.get_one(LinkageWarning, warning).state is WarningState.CLEARED
