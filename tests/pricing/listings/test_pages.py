"""Pages, the call, the workbook: who sees and changes which price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.search.sources.services import catch_up
from importers import services as imports
from importers.flow import ImportState, Mode
from importers.models import Import
from kernel.db import Database
from kernel.sheets import Sheet
from pricing.credit.ratings.flow import MeasureKind
from pricing.listings import exports
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.models import Listing
from pricing.listings.rules import NewListing
from pricing.listings.services import list_products
from tests.factories.credit import measure
from tests.factories.people import signed_in
from tests.importers.ways import by_xlsx
from tests.pricing.scene import CITY, NOW, OTHER, PROVINCE, Scene, populate

STARTS = date(2026, 1, 1)


@pytest.fixture
def scene(database: Database) -> Scene:
    with database.transaction() as session:
        scene = populate(session)
        rows = [
            NewListing(product.id, PROVINCE, ListingKind.LISTED, Decimal("0.5") + place, STARTS, reason="挂网公告")
            for place, product in enumerate(scene.products)
        ]
        list_products(session, rows=rows, actor=scene.officer, at=NOW)
        catch_up(session)
    return scene


@pytest.fixture
def officer(app: Flask, scene: Scene) -> FlaskClient:
    return signed_in(app, scene.users["officer"])


def found(database: Database) -> list[Listing]:
    with database.transaction(write=False) as session:
        return list(session.scalars(select(Listing).order_by(Listing.id)))


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_everybody_reads_prices_by_name_region_kind_and_day(client: FlaskClient, scene: Scene, lang: str) -> None:
    client.get(f"/language/{lang}")
    whole = client.get("/pricing/listings").get_data(as_text=True)
    assert whole.count("阿司匹林肠溶片") >= 4
    for asked, count in (
        ("q=asplc", 4), ("q=甲制药", 2), (f"region={CITY}", 0), ("kind=shortage", 0), ("state=active", 4),
        ("state=ended", 0), ("day=2025-12-31", 0), ("day=2026-06-01&kind=listed", 4), ("day=nonsense", 4),
    ):  # fmt: skip
        page = client.get(f"/pricing/listings?{asked}").get_data(as_text=True)
        assert page.count('class="main-cell p1"') == count, asked
    history = client.get(f"/pricing/products/{scene.products[0].id}")
    assert "0.5000" in history.get_data(as_text=True)
    assert client.get("/pricing/products/99999").status_code == client.get("/pricing/listings/99999").status_code == 404


def test_an_officer_suspends_restores_and_ends_and_nobody_else_does(
    app: Flask, database: Database, officer: FlaskClient, scene: Scene
) -> None:
    one = found(database)[0]
    url, company = f"/pricing/listings/{one.id}", signed_in(app, scene.users["company"])
    assert company.post(f"{url}/suspend", data={"reason": "试"}).status_code == 403
    assert app.test_client().post(f"{url}/suspend", data={"reason": "试"}).status_code in (302, 303, 403)
    assert officer.get(url).status_code == company.get(url).status_code == 200
    assert officer.post(f"{url}/suspend", data={"reason": ""}).status_code == 422
    assert officer.post(f"{url}/suspend", data={"reason": "抽检不合格"}).status_code == 303
    assert found(database)[0].state is ListingState.SUSPENDED
    assert officer.post(f"{url}/restore", data={"reason": "整改"}).status_code == 303
    assert officer.post(f"{url}/end", data={"reason": "撤网", "day": "x"}).status_code == 422
    assert officer.post(f"{url}/end", data={"reason": "撤网", "day": "2099-01-01"}).status_code == 303
    assert officer.post(f"{url}/end", data={"reason": "撤网", "day": "2099-01-01"}).status_code == 409
    assert "撤网" in officer.get(url).get_data(as_text=True)


def test_the_call_gives_the_prices_that_count(client: FlaskClient, scene: Scene) -> None:
    ids = ",".join(str(product.id) for product in scene.products)
    answer = client.get(f"/api/v1/pricing/listings?region={CITY}&products={ids}&day=2026-06-01").get_json()
    assert [(row["price"], row["kind"]) for row in answer][:2] == [("0.5000", "listed"), ("1.5000", "listed")]
    for wrong in ("", "x", "1,x", ",".join(["1"] * 1001)):
        assert client.get(f"/api/v1/pricing/listings?region={CITY}&products={wrong}").status_code == 422


def test_an_export_comes_back_as_it_is_and_a_new_price_replaces(database: Database, scene: Scene) -> None:
    columns = {name: place for place, name in enumerate(exports.HEADERS)}
    with database.transaction() as session:
        sheet = exports.listings(session, {}, scene.officer, NOW)
        rows = [list(row) for row in sheet.rows]
        same = staged(session, scene, rows)
        assert (same.created, same.changed, same.unchanged, same.faulty) == (0, 0, 4, 0)
        rows[0][columns["挂网价"]], rows[0][columns["起始日期"]] = Decimal("0.4"), date(2026, 12, 1)
        rows[1][columns["批准文号或注册证号"]] = "国药准字H99999999"
        rows[2][columns["挂网价"]] = Decimal(0)
        rows[3][columns["地区代码"]] = CITY
        other = staged(session, scene, rows)
        assert (other.created, other.changed, other.unchanged, other.faulty) == (1, 1, 0, 2)
        done = imports.apply(session, import_id=other.id, mode=Mode.GOOD_ROWS, actor=scene.officer, at=NOW)
        assert done.state is ImportState.APPLIED
    prices = {(row.price, row.state, row.region_code) for row in found(database)}
    assert (Decimal("3.5"), ListingState.ENDED, PROVINCE) in prices  # the newest row comes first in an export
    assert prices >= {(Decimal("0.4"), ListingState.ACTIVE, PROVINCE), (Decimal("0.5"), ListingState.ACTIVE, CITY)}


def test_credit_stands_against_new_rows_and_leaves_what_is_listed(database: Database, scene: Scene) -> None:
    columns = {name: place for place, name in enumerate(exports.HEADERS)}
    with database.transaction() as session:
        sheet = exports.listings(session, {}, scene.officer, NOW)
        rows = [list(row) for row in sheet.rows]
        product = next(one for one in scene.products if one.approval_number == rows[0][columns["批准文号或注册证号"]])
        measure(session, product.id, MeasureKind.PRODUCTS_HERE, at=NOW, region=PROVINCE, starts=date(2026, 1, 1))
        assert staged(session, scene, rows).unchanged == len(rows)
        anew = [*rows[0]]
        anew[columns["地区代码"]] = CITY
        other = staged(session, scene, [anew])
        assert (other.created, other.faulty) == (0, 1)
        anew[columns["地区代码"]] = OTHER
        assert staged(session, scene, [anew]).created == 1


def staged(session: Session, scene: Scene, rows: list[list[Any]]) -> Import:
    book = by_xlsx(Sheet("挂网目录", exports.HEADERS, rows))
    return imports.stage(session, name="listings", query={}, book=book, actor=scene.officer, at=NOW)
