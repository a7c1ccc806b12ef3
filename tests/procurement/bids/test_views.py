from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel import clock
from kernel.db import Database
from procurement.bids import services
from procurement.bids.models import Bid, Submission

from .conftest import CLOSED, DEADLINE, World
from .pages import signed_in


@pytest.fixture
def at(app: Flask) -> Iterator[None]:
    """Two days before the deadline, for every request of the test."""
    with clock.travel(to=DEADLINE - timedelta(days=2)):
        yield


@pytest.fixture
def company(app: Flask, database: Database, built: World, at: None) -> FlaskClient:
    """Company a's browser."""
    return signed_in(app, database, built.actors["a"].user_id)


def put(client: FlaskClient, world: World, *prices: str, revision: int = 0, lot: int = 0) -> str:
    """Fill a lot's form; return where the answer leads."""
    lot_id = world.lots[lot]
    fields = {f"price-{spec}": price for spec, price in zip(world.specifications[lot_id], prices, strict=False)}
    answer = client.post(f"/procurement/bids/{world.box_id}/lots/{lot_id}", data={**fields, "revision": revision})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_a_company_bids_by_form_and_lands_on_its_receipt(company: FlaskClient, built: World) -> None:
    form = company.get(f"/procurement/bids/{built.box_id}/lots/{built.lots[0]}")
    assert 'data-cap="1.6800"' in form.text
    page = company.get(put(company, built, "0.6580", "0.3870")).text
    assert "0.6580" in page
    assert "人民币陆角伍分捌厘" in page
    assert re.search(r"2026-11-18 17:00:\d\d", page)
    assert "0.6580" in company.get(f"/procurement/bids/{built.box_id}").text
    assert "0.6580" in company.get(f"/procurement/bids/{built.box_id}/lots/{built.lots[0]}").text


def test_the_file_of_a_receipt_lets_its_owner_compute_the_digests(company: FlaskClient, built: World) -> None:
    told = company.get(put(company, built, "0.6580") + "/file").get_json()
    bid = told["bids"][0]
    assert hashlib.sha256(bytes.fromhex(bid["salt"]) + bid["content"].encode()).hexdigest() == bid["digest"]
    over = json.dumps(told["digest_over"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(over.encode()).hexdigest() == told["digest"]


def test_mistakes_come_back_beside_their_fields_and_nothing_is_written(
    company: FlaskClient, built: World, database: Database
) -> None:
    lot = built.lots[0]
    first, second = built.specifications[lot]
    data = {f"price-{first}": "9.9", f"price-{second}": "zwei"}
    answer = company.post(f"/procurement/bids/{built.box_id}/lots/{lot}", data=data)
    assert answer.status_code == 422
    assert f'id="price-{first}-e"' in answer.text
    assert f'id="price-{second}-e"' in answer.text
    assert "1.6800" in answer.text
    assert 'value="9.9"' in answer.text
    with database.transaction(write=False) as session:
        assert session.scalars(select(Submission)).all() == []


def test_a_lot_that_names_nothing_withdraws_nothing(company: FlaskClient, built: World, database: Database) -> None:
    put(company, built, "0.6580")
    company.post(f"/procurement/bids/{built.box_id}/withdrawal", data={"lot": "all of them"})
    with database.transaction(write=False) as session:
        assert session.scalars(select(Bid.state)).one() == "submitted"


def test_an_empty_form_asks_for_the_price(company: FlaskClient, built: World) -> None:
    answer = company.post(f"/procurement/bids/{built.box_id}/lots/{built.lots[0]}", data={})
    assert (answer.status_code, "需填写价格" in answer.text) == (422, True)


def test_a_bid_is_replaced_and_withdrawn_on_the_page(company: FlaskClient, built: World, database: Database) -> None:
    first = put(company, built, "0.6580")
    put(company, built, "0.6000", revision=1)
    assert "0.6580" not in company.get(first).text
    stale = company.post(
        f"/procurement/bids/{built.box_id}/lots/{built.lots[0]}",
        data={f"price-{built.specifications[built.lots[0]][0]}": "0.5", "revision": 1},
    )
    assert stale.status_code == 409
    gone = company.post(f"/procurement/bids/{built.box_id}/withdrawal", data={"lot": built.lots[0]})
    assert gone.status_code == 303
    page = company.get(f"/procurement/bids/{built.box_id}").text
    assert "0.6000" not in page
    with database.transaction(write=False) as session:
        assert session.scalars(select(Bid.state)).one() == "withdrawn"


def test_another_company_gets_404_for_receipt_and_file_and_sees_no_price(
    app: Flask, database: Database, company: FlaskClient, built: World
) -> None:
    place = put(company, built, "0.6580")
    other = signed_in(app, database, built.actors["b"].user_id)
    assert {other.get(place + tail).status_code for tail in ("", "/file")} == {404}
    assert other.get(f"/api/v1{place}").status_code == 404
    for url in ("", f"/lots/{built.lots[0]}"):
        assert "0.6580" not in other.get(f"/procurement/bids/{built.box_id}{url}").text
    agency = signed_in(app, database, built.actors["agency"].user_id)
    assert agency.get(place).status_code == 403
    assert agency.get(f"/procurement/bids/{built.box_id}/opening").status_code == 404
    assert agency.get(f"/api/v1/procurement/boxes/{built.box_id}/opened-lines").status_code == 404


def test_a_lot_without_own_products_is_not_found(app: Flask, database: Database, built: World, at: None) -> None:
    other = signed_in(app, database, built.actors["b"].user_id)
    assert other.get(f"/procurement/bids/{built.box_id}/lots/{built.lots[2]}").status_code == 404


def test_after_the_deadline_the_pages_stay_readable_and_take_nothing(company: FlaskClient, built: World) -> None:
    place = put(company, built, "0.6580")
    with clock.travel(to=CLOSED):
        assert "0.6580" in company.get(place).text
        page = company.get(f"/procurement/bids/{built.box_id}/lots/{built.lots[0]}").text
        assert ("0.6580" in page, 'id="bid"' in page) == (True, False)
        late = company.post(
            f"/procurement/bids/{built.box_id}/lots/{built.lots[0]}",
            data={f"price-{built.specifications[built.lots[0]][0]}": "0.5", "revision": 1},
        )
        assert late.status_code == 409
        assert "截止时间已过" in late.text


def test_the_opening_record_is_shown_and_exported_after_the_opening(
    app: Flask, database: Database, company: FlaskClient, built: World
) -> None:
    put(company, built, "0.6580", "0.3870")
    with clock.travel(to=CLOSED):
        with database.transaction() as session:
            services.open_bids(session, box_id=built.box_id, actor=built.actors["agency"], at=CLOSED)
        agency = signed_in(app, database, built.actors["agency"].user_id)
        assert "0.6580" in agency.get(f"/procurement/bids/{built.box_id}/opening").text
        book = agency.get(f"/exports/procurement.opening?box={built.box_id}")
        assert book.data[:2] == b"PK"
        rows = agency.get(f"/api/v1/procurement/boxes/{built.box_id}/opened-lines").get_json()
        assert [row["unit_price"] for row in rows] == ["0.6580", "0.3870"]
        assert "0.6580" in company.get(f"/procurement/bids/{built.box_id}").text


def test_the_interface_takes_bids_and_answers_with_a_receipt_without_prices(
    company: FlaskClient, built: World, database: Database
) -> None:
    lot = built.lots[0]
    spec = built.specifications[lot][0]
    base = f"/api/v1/procurement/boxes/{built.box_id}"
    body = {"lines": [{"lot": lot, "specification": spec, "price": "0.6580"}]}
    made = company.post(f"{base}/submissions", json=body, headers={"Idempotency-Key": "k1"})
    assert made.status_code == 201
    assert "0.6580" not in made.text
    again = company.post(f"{base}/submissions", json=body, headers={"Idempotency-Key": "k1"})
    assert again.get_json() == made.get_json()
    assert company.get(f"{base}/bids").get_json()[0]["lines"][0]["price"] == "0.6580"
    assert [row["id"] for row in company.get("/api/v1/procurement/boxes").get_json()] == [built.box_id]
    wrong = {"lines": [{"lot": lot, "specification": spec, "price": "9"}, {"lot": 99, "specification": 1, "price": ""}]}
    told = company.post(f"{base}/submissions", json=wrong)
    assert told.status_code == 422
    assert [issue["code"] for issue in told.get_json()["errors"]] == ["over-cap", "unknown-lot", "price-missing"]
    assert company.post(f"{base}/withdrawals", json={}).status_code == 201
    with database.transaction(write=False) as session:
        assert len(session.scalars(select(Submission)).all()) == 2


def test_the_first_page_shows_what_is_due_to_the_second(company: FlaskClient, built: World) -> None:
    page = company.get("/").text
    assert "2026 年省际联盟第四批" in page
    assert "2026-11-20 17:00:00" in page


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_page_of_bids_renders_in_both_languages(company: FlaskClient, built: World, locale: str) -> None:
    place = put(company, built, "0.6580")
    company.get(f"/language/{locale}")
    base = f"/procurement/bids/{built.box_id}"
    for url in (
        "/procurement/bids",
        base,
        f"{base}/lots/{built.lots[0]}",
        f"{base}/lots/{built.lots[1]}",
        place,
        "/notices",
    ):
        assert company.get(url).status_code == 200
