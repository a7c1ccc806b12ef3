"""Pages of applications and labels: who sees and does what, in both languages; the workbook."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from catalogue.drugs.models import Product
from importers import services as imports
from importers.flow import ImportState, Mode
from importers.models import Import
from kernel import clock
from kernel.auth.actor import SYSTEM
from kernel.auth.permissions import Role
from kernel.db import Database
from kernel.sheets import Sheet
from pricing.applications import exports
from pricing.applications.flow import ApplicationState
from pricing.applications.models import ApplicationLook, ListingApplication
from pricing.credit.models import CommitmentLetter
from pricing.credit.ratings.flow import MeasureKind
from pricing.governance.labelling.models import PriceLabel
from pricing.governance.labelling.services.running import run
from pricing.governance.sets.services import BOOK, place
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing
from pricing.listings.rules import NewListing
from pricing.listings.services import list_products
from tests.factories.credit import measure
from tests.factories.people import signed_in, user
from tests.importers.ways import by_xlsx
from tests.pricing.scene import CITY, OTHER, PROVINCE, Scene, acting, populate

CODE = "XJ01CAA040A001010100001"


@pytest.fixture
def scene(database: Database) -> Scene:
    """Four prices of one specification; company 1's in the province is four times the others and has a label."""
    at, today = clock.now(), clock.today(clock.now())
    with database.transaction() as session:
        scene = populate(session)
        for company, who in zip(scene.companies, ("company", "other"), strict=True):
            session.add(CommitmentLetter(
                company_id=company.id, year=today.year, signed_by_id=scene.users[who].id, signed_at=at, digest="x"
            ))  # fmt: skip
        scene.users["second"] = user(session, scene.users["officer"].organisation, Role.PRICE_OFFICER)
        BOOK.take_over(session, actor=SYSTEM, at=at)
        session.flush()
        place(session, region_code=PROVINCE, code="anhui", reason="试行", actor=scene.officer, at=at)
        rows = [(0, PROVINCE, "4.00"), (1, PROVINCE, "1.00"), (1, CITY, "1.01"), (1, OTHER, "1.02"), (0, OTHER, "1.00")]
        listed = [
            NewListing(scene.products[which].id, region, ListingKind.LISTED, Decimal(price), today - timedelta(days=9))
            for which, region, price in rows
        ]
        list_products(session, rows=listed, actor=scene.officer, at=at)
        run(session, day=today, actor=SYSTEM, at=at)
    return scene


def form(scene: Scene, product: int = 2, **more: str) -> dict[str, object]:
    today = clock.today(clock.now()).isoformat()
    return {"product_id": str(scene.products[product].id), "region_code": PROVINCE, "kind": "listed", "purpose": "list",
            "price": "0.80", "starts": today, "reason": "新品挂网", "code": CODE, "passed": "yes",
            "file": (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "certificate.pdf")} | more  # fmt: skip


def one(database: Database) -> ListingApplication:
    with database.transaction(write=False) as session:
        return session.scalars(select(ListingApplication)).one()


def clients(app: Flask, scene: Scene) -> dict[str, FlaskClient]:
    return {name: signed_in(app, who) for name, who in scene.users.items()}


def test_a_company_applies_two_reviewers_decide_and_the_third_sees_both_versions(
    app: Flask, database: Database, scene: Scene
) -> None:
    people = clients(app, scene)
    assert people["company"].get(f"/pricing/applications/new?product={scene.products[2].id}").status_code == 200
    bad = people["company"].post("/pricing/applications/new", data=form(scene, price="x", reason=""))
    assert bad.status_code == 422
    assert people["company"].post("/pricing/applications/new", data=form(scene)).status_code == 303
    made = one(database)
    url = f"/pricing/applications/{made.id}"
    for name, client in people.items():
        for lang in ("zh_CN", "en"):
            client.get(f"/language/{lang}")
            assert client.get(url).status_code == (404 if name == "other" else 200)
            shown = client.get(url).get_data(as_text=True)
            assert ("certificate.pdf" in shown) is (name != "other")
            assert ".md" not in shown  # sources are said in words
    review, act = f"{url}/review", {"version": str(made.version), "text": "请核对包装"}
    assert people["company"].post(review, data=act | {"action": "check"}).status_code == 403
    assert people["officer"].post(review, data=act | {"action": "note"}).status_code == 303
    late = people["second"].post(review, data=act | {"action": "check", "text": "另一意见"})
    shown = late.get_data(as_text=True)
    assert late.status_code == 409 and "请核对包装" in shown and "另一意见" in shown
    for name, action in (("officer", "check"), ("second", "approve")):
        chosen = {"chosen": [str(made.id)], "action": action}
        assert people[name].post("/pricing/applications/batch", data=chosen).status_code == 303
    assert one(database).state is ApplicationState.APPROVED
    with database.transaction(write=False) as session:
        assert len(session.scalars(select(ApplicationLook)).all()) == 3
        file = people["company"].get(url).get_data(as_text=True).split(f"{url}/files/")[1].split('"')[0]
    assert people["other"].get(f"{url}/files/{file}").status_code == 404
    assert people["company"].get(f"{url}/files/{file}").status_code == 200


def test_a_company_mends_what_came_back(app: Flask, database: Database, scene: Scene) -> None:
    people = clients(app, scene)
    people["company"].post("/pricing/applications/new", data=form(scene))
    made = one(database)
    url = f"/pricing/applications/{made.id}"
    back = {"version": str(made.version), "action": "return", "back": "else"}
    assert people["officer"].post(f"{url}/review", data=back).status_code == 422
    assert people["officer"].post(f"{url}/review", data=back | {"text": "价格依据缺页"}).status_code == 303
    assert people["other"].get(f"{url}/edit").status_code == 404
    assert "价格依据缺页" in people["company"].get(f"{url}/edit").get_data(as_text=True)
    mended = form(scene, price="0.70", version=str(one(database).version))
    assert people["company"].post(f"{url}/edit", data=mended).status_code == 303
    assert one(database).price == Decimal("0.7")
    assert people["company"].post(f"{url}/withdraw").status_code == 303
    assert people["company"].get(f"{url}/edit").status_code == 404


def test_a_labelled_company_sees_why_and_cuts_its_price(app: Flask, database: Database, scene: Scene) -> None:
    people = clients(app, scene)
    with database.transaction(write=False) as session:
        label = session.scalars(select(PriceLabel)).one()
    url = f"/pricing/labels/{label.id}"
    for name, client in people.items():
        for lang in ("zh_CN", "en"):
            client.get(f"/language/{lang}")
            assert client.get(url).status_code == (404 if name == "other" else 200)
            assert ".md" not in client.get(url).get_data(as_text=True)
            rows = client.get("/pricing/labels").get_data(as_text=True).count('class="main-cell p1"')
            assert rows == (name != "other")
    cut = {"price": "1.0000"}
    assert people["other"].post(f"{url}/cut", data=cut).status_code == 404
    assert people["officer"].post(f"{url}/cut", data=cut).status_code == 403
    assert people["company"].post(f"{url}/cut", data={"price": "5"}).status_code == 422
    assert people["company"].post(f"{url}/cut", data=cut).status_code == 303
    with database.transaction(write=False) as session:
        assert session.scalars(select(Listing).order_by(Listing.id.desc())).first().price == 1  # type: ignore[union-attr]  # there is one
        tomorrow = clock.today(clock.now()) + timedelta(days=1)
        assert session.scalars(select(PriceLabel)).one().until == tomorrow
    assert "main-cell" not in people["company"].get(f"/pricing/labels?day={tomorrow}").get_data(as_text=True)


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_the_rules_are_edited_by_one_officer_and_approved_by_another(app: Flask, scene: Scene, lang: str) -> None:
    people = clients(app, scene)
    officer, other = people["officer"], people["second"]
    officer.get(f"/language/{lang}")
    assert people["company"].post("/pricing/labels/rules").status_code == 403
    assert officer.get("/pricing/labels/rules").status_code == 200
    assert (
        officer.post("/pricing/labels/rules/anhui/copy", data={"code": "jianghai", "title": "江海省"}).status_code
        == 303
    )
    url = "/pricing/labels/rules/jianghai"
    change = {"parameter": "against the 75th percentile", "text": "yellow 1.5; from 2026-12-01", "source": "文件",
              "reason": "收紧"}  # fmt: skip
    assert officer.post(f"{url}/change", data=change | {"text": "yellow"}).status_code == 422
    assert officer.post(f"{url}/change", data=change).status_code == 303
    assert "yellow 1.5" in officer.get(url).get_data(as_text=True)
    officer.post(f"{url}/approve")
    assert "/approve" in other.get(url).get_data(as_text=True)
    assert other.post(f"{url}/approve").status_code == 303
    placed = {"region": CITY, "code": "jianghai", "reason": "试行"}
    assert officer.post("/pricing/labels/regions", data=placed | {"code": "none"}).status_code == 422
    assert officer.post("/pricing/labels/regions", data=placed).status_code in (303, 422)
    assert "江州市" in officer.get("/pricing/labels/regions").get_data(as_text=True)
    assert officer.post("/pricing/labels/run").status_code == 303


def test_a_workbook_submits_many_and_the_list_comes_back_as_one(database: Database, scene: Scene) -> None:
    maker, at = acting(scene.users["company"], Role.MANUFACTURER), clock.now()
    today = clock.today(at)
    heads = exports.HEADERS[:17]

    def row(which: int, purpose: str, price: object, reason: object = "申报") -> tuple[object, ...]:
        product = scene.products[which]
        with database.transaction(write=False) as session:
            text = session.get_one(type(product), product.id).specification.text
        return (product.approval_number, text, product.pack, "", PROVINCE, "挂网", purpose, price, today, reason, CODE,
                date(2030, 1, 1), None, None, None, None, "通过")  # fmt: skip

    def brought(*rows: tuple[object, ...]) -> Import:
        with database.transaction() as session:
            book = by_xlsx(Sheet("挂网申报", heads, list(rows)))
            made = imports.stage(session, name="listing-applications", query={}, book=book, actor=maker, at=at)
            return imports.apply(session, import_id=made.id, mode=Mode.GOOD_ROWS, actor=maker, at=at)

    done = brought(row(0, "调价", "1.0000"), row(2, "挂网", "0.8000"), row(1, "挂网", "1.0000"), row(3, "挂网", None))
    assert done.state is ImportState.APPLIED
    with database.transaction(write=False) as session:
        held = session.scalars(select(ListingApplication).order_by(ListingApplication.id)).all()
        assert [(each.product_id, each.price) for each in held] == [
            (scene.products[0].id, Decimal(1)), (scene.products[2].id, Decimal("0.8"))
        ]  # fmt: skip
        sheet = exports.applications(session, {}, maker, at)
        rows = list(sheet.rows)
    assert len(rows) == 2 and {len(each) for each in rows} == {len(exports.HEADERS)}


def test_a_workbook_says_in_the_readers_language_why_credit_bars_a_product(
    app: Flask, database: Database, scene: Scene
) -> None:
    """What a file's check found is kept as JSON: the sentence within the sentence must come back as one."""
    maker, at = acting(scene.users["company"], Role.MANUFACTURER), clock.now()
    with database.transaction() as session:
        product = session.get_one(Product, scene.products[0].id)
        measure(session, product.id, MeasureKind.PRODUCTS_HERE, at=at, region=PROVINCE, starts=clock.today(at))
        cells = (product.approval_number, product.specification.text, product.pack, "", PROVINCE, "挂网", "挂网",
                 "1.0000", clock.today(at), "申报")  # fmt: skip
        book = by_xlsx(Sheet("挂网申报", exports.HEADERS[:10], [cells]))
        made = imports.stage(session, name="listing-applications", query={}, book=book, actor=maker, at=at)
    page = clients(app, scene)["company"].get(f"/importers/runs/{made.id}").text
    assert "信用评价限制该产品挂网：评级 XYPJ" in page and "执行：在本省中止涉案产品挂网、投标和配送" in page
    assert "in force" not in page
