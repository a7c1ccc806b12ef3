"""The search of the top bar and the JSON of pickers."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from catalogue.search.services import Entry, index_many, set_facts, set_flags
from kernel.db import Database

Shelf = dict[int, Entry]


@pytest.fixture
def many(database: Database) -> Shelf:
    rows = {
        number: Entry("product", f"阿司匹林肠溶片{number:03}", ("阿司匹林肠溶片",), detail="100mg", maker=number % 2)
        for number in range(1, 121)
    }
    with database.transaction() as session:
        index_many(session, kind="product", rows=rows)
        set_flags(session, "product", [3, 5], "winner", True)
        set_facts(session, "product", {3: {"price": "1.2000"}})
    return rows


def test_the_page_goes_on_behind_its_last_hit(many: Shelf, pharmacist: FlaskClient) -> None:
    first = pharmacist.get("/catalogue/search?q=asplc").get_data(as_text=True)
    assert "阿司匹林肠溶片001" in first and "阿司匹林肠溶片051" not in first
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = pharmacist.get(following).get_data(as_text=True)
    assert "阿司匹林肠溶片051" in second and "阿司匹林肠溶片001" not in second


def test_json_says_what_a_picker_shows(many: Shelf, pharmacist: FlaskClient) -> None:
    url = f"/api/v1/catalogue/search?q={quote('阿司 asp')}&kind=product&kind=variety&flag=winner&limit=1"
    answer = pharmacist.get(url).get_json()
    assert answer["items"] == [
        {
            "kind": "product", "value": 3, "text": "阿司匹林肠溶片003", "detail": "100mg", "facts": {"price": "1.2000"},
            "url": "/catalogue/products/3",
        }
    ]  # fmt: skip
    more = pharmacist.get(f"{url}&after={answer['after']}").get_json()
    assert [item["value"] for item in more["items"]] == [5]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "maker=x", "maker=9999999999999999999999", "after=x"])
def test_nonsense_is_refused_or_finds_what_it_finds(many: Shelf, pharmacist: FlaskClient, query: str) -> None:
    assert pharmacist.get(f"/api/v1/catalogue/search?q=asp&{query}").status_code in (200, 422)


@pytest.mark.parametrize("text", ["", "%22", "x" * 5000, "%F0%9F%8D%8E", "*", "AND"])
def test_the_page_answers_whatever_is_typed(many: Shelf, pharmacist: FlaskClient, text: str) -> None:
    assert pharmacist.get(f"/catalogue/search?q={text}").status_code == 200
    assert pharmacist.get(f"/api/v1/catalogue/search?q={text}").status_code == 200


@pytest.mark.parametrize("query", ["endpoint=x", "_method=POST", "_scheme=x&_external=1", "endpoint=1&endpoint=2"])
def test_an_address_cannot_steer_the_links_of_a_list(many: Shelf, pharmacist: FlaskClient, query: str) -> None:
    for path in ("/catalogue/search?q=asp", "/catalogue/products?sort=name", "/procurement/rounds?q=none"):
        answer = pharmacist.get(f"{path}&{query}")
        assert answer.status_code == 200 and 'href="x:' not in answer.text


def test_strangers_are_sent_away(client: FlaskClient) -> None:
    assert client.get("/api/v1/catalogue/search?q=a").status_code in (401, 403)


def test_strangers_find_what_is_public_and_nothing_else(database: Database, client: FlaskClient) -> None:
    facts = {"maker": "明川药业", "price": "0.4861", "volume_left": 7654321, "code": "XB01ACA010A001010198001"}
    with database.transaction() as session:
        for kind in ("coded_drug", "company", "local_product"):
            entry = Entry(kind, f"阿司匹林{kind}", ("阿司匹林",), detail="内部", facts=facts)
            index_many(session, kind=kind, rows={1: entry})
    page = client.get("/catalogue/search?q=asp").get_data(as_text=True)
    assert "阿司匹林coded_drug" in page and "0.4861" in page
    assert "/catalogue/codes?code=XB01ACA010A001010198001" in page and "/catalogue/drugs/" not in page
    for hidden in ("阿司匹林company", "阿司匹林local_product", "7654321", "内部"):
        assert hidden not in page
    for kind in ("company", "local_product", "hospital", "x"):
        assert "阿司匹林company" not in client.get(f"/catalogue/search?q=asp&kind={kind}").get_data(as_text=True)
