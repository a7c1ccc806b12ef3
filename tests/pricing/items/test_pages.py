"""Pages and the call of service prices: everybody reads them, the bureau brings them in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalogue.consumables.models import Consumable
from catalogue.search.sources.services import catch_up
from kernel.auth.models import User
from kernel.auth.permissions import Role
from kernel.clock import travel
from kernel.db import Database
from pricing.items.flow import AddOnKind, ItemStandard, PriceGrade, PriceSource
from pricing.items.queries import items
from pricing.items.rules.items import AddOn, Content, Draft
from pricing.items.services.items import put_items
from pricing.items.services.mappings import put_mappings
from pricing.items.services.prices import set_prices
from pricing.items.views.comparing import spread
from tests.factories.people import signed_in
from tests.pricing.items.scene import BEGIN, CITY, CODES, NOW, PROVINCE, TODAY, Scene, new, populate, put

LATER = TODAY + timedelta(days=11)
GUIDE = Content(
    name="普通针刺", unit="次", output="疏通经络", add_ons=(AddOn(AddOnKind.ADD, "儿童加收", None, Decimal("0.2")),),
    exclusions=("C0201",),
)  # fmt: skip


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    with travel(to=NOW):
        with database.transaction() as session:
            scene = populate(session)
            grades = [
                new(scene, price, grade=grade) for grade, price in zip(PriceGrade, ("100", "90", "80"), strict=True)
            ]
            put(session, scene, *grades, new(scene, "110", region=CITY), new(scene, "6", item=1))
            put(session, scene, new(scene, "120.5"), on=LATER)
            own = new(scene, "300", item=2, region=CITY, hospital=scene.hospitals[0])
            set_prices(
                session, [own], starts_on=BEGIN, source=PriceSource.FILING, source_id=1, actor=scene.officer, at=NOW
            )  # fmt: skip
            put_items(
                session, [Draft("01440102001", GUIDE)], standard=ItemStandard.GUIDELINE, starts_on=BEGIN,
                actor=scene.officer, at=NOW,
            )  # fmt: skip
            (guide,) = items.ids_by_code(session, ["01440102001"]).values()
            pairs = {"old_id": scene.ids[1:2], "new_id": [guide], "share": [None], "note": ["合并"]}
            put_mappings(session, columns=pairs, actor=scene.officer, at=NOW, facts={})
            session.add(Consumable(code="C0201010520000100001", generic_name="鞘组", company="甲"))
            catch_up(session)
        yield scene


def text(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.get_data(as_text=True)


def test_everybody_finds_items_and_prices_of_a_day(client: FlaskClient, scene: Scene) -> None:
    page = text(client, f"/pricing/services?region={PROVINCE}")
    assert "X线计算机体层平扫" in page and ">100.00<" in page and ">80.00<" in page
    assert ">120.50<" in text(client, f"/pricing/services?region={PROVINCE}&day={LATER}&grade=third")
    for typed in ("jmzs", "310901001", "静脉"):
        found = text(client, f"/pricing/services?q={typed}")
        assert "静脉注射" in found and "阑尾切除术" not in found
    assert f'href="/pricing/services/{scene.ids[1]}"' in text(client, "/catalogue/search?q=jmzs")
    assert "普通针刺" not in text(client, "/pricing/services?standard=2001")
    assert "普通针刺" in text(client, "/pricing/services?standard=guideline&category=&pricing=guided")


def test_an_item_shows_its_prices_on_any_day_and_every_one_it_had(client: FlaskClient, scene: Scene) -> None:
    url = f"/pricing/services/{scene.ids[0]}"
    page = text(client, f"{url}?region={PROVINCE}")
    assert ">110.00<" in page and "2026-12-01" in page and "江州市" in page
    assert ">120.50<" in text(client, f"{url}?day={LATER}") and ">100.00<" in text(client, f"{url}?day={BEGIN}")
    assert "300.00" in text(client, f"/pricing/services/{scene.ids[2]}") and "江州人民医院" in text(
        client, f"/pricing/services/{scene.ids[2]}"
    )
    text(client, "/pricing/services/9999", 404)


def test_a_guideline_item_shows_add_ons_and_the_consumables_charged_beside_it(
    client: FlaskClient, scene: Scene
) -> None:
    page = text(client, f"/pricing/services/{scene.ids[1] + 2}")
    assert "儿童加收" in page and "20.00 %" in page and "C0201" in page and "鞘组" in page
    assert "静脉注射" in page and "合并" in page


def test_regions_years_and_changes_stand_beside_each_other(client: FlaskClient, scene: Scene) -> None:
    page = text(client, f"/pricing/services/comparison?beside={PROVINCE}&beside={CITY}&grade=third")
    assert ">100.00<" in page and ">110.00<" in page and ">1.10<" in page
    assert ">100.00<" in text(client, f"/pricing/services/comparison?by=years&region={PROVINCE}")
    changes = text(client, "/pricing/services/changes")
    assert f"/pricing/services/changes/{LATER}/{PROVINCE}" in changes
    one = text(client, f"/pricing/services/changes/{LATER}/{PROVINCE}")
    assert ">100.00<" in one and ">120.50<" in one and ">20.5<" in one
    for wrong in (f"{TODAY}/{PROVINCE}", f"x/{PROVINCE}", f"{LATER}/11"):
        text(client, f"/pricing/services/changes/{wrong}", 404)
    assert spread([Decimal(0), Decimal(1)]) is None


def test_the_call_answers_prices_of_a_day(client: FlaskClient, scene: Scene) -> None:
    url = "/api/v1/pricing/service-prices"
    answer = client.get(f"{url}?region={CITY}&codes={','.join(CODES)}&day={date(2026, 6, 1)}")
    assert {(row["code"], row["grade"], row["price"]) for row in answer.get_json()} == {
        (CODES[0], "third", "110.0000"), (CODES[0], "second", "90.0000"), (CODES[0], "first", "80.0000"),
        (CODES[1], "third", "6.0000"),
    }  # fmt: skip
    assert client.get(f"{url}?region={CITY}&codes=,").status_code == 422
    periods = client.get(f"{url}/history?code={CODES[0]}&region={PROVINCE}").get_json()
    assert [(row["grade"], row["price"], row["ends_on"]) for row in periods if row["grade"] == "third"] == [
        ("third", "100.0000", str(LATER)), ("third", "120.5000", None)
    ]  # fmt: skip
    assert client.get(f"{url}/history?code=0").status_code == 404


def test_only_the_bureau_brings_workbooks_in(app: Flask, database: Database, client: FlaskClient, scene: Scene) -> None:
    with database.transaction() as session:
        officer = session.get_one(User, scene.officer.user_id)
        hospital = session.get_one(User, scene.finance[0].user_id)
    page = text(signed_in(app, officer), "/pricing/services/import")
    assert "service-prices" in page and "service-mappings" in page
    start = f"/importers/service-prices?region={PROVINCE}&day={LATER}"
    assert signed_in(app, officer).get(start).status_code == 200
    assert signed_in(app, hospital).get("/pricing/services/import").status_code == 403
    assert Role.HOSPITAL_FINANCE in scene.finance[0].roles
