"""Pages of list editions, in both languages."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from catalogue.drugs.services.products import ProductDraft, create_product
from catalogue.editions.models import Edition, ListEntry, ListMatch
from catalogue.editions.rules.parts import Grade
from catalogue.editions.services.editions import issue
from kernel.auth.actor import SYSTEM
from kernel.auth.guard import actor_of
from kernel.auth.permissions import Role
from kernel.db import Database
from kernel.parties.codes import OrganisationKind
from tests.catalogue.conftest import aspirin, company, signed_in
from tests.catalogue.editions.test_services import AT, entry, filled
from tests.importers.conftest import person


@pytest.fixture
def two(database: Database) -> tuple[int, int]:
    """An issued edition and the draft that follows it."""
    with database.transaction() as session:
        old = filled(session, "2024", entry(1, "阿司匹林", restriction="限二线用药。"), entry(2, "旧药"))
        issue(session, edition_id=old.id, actor=actor_of(person(session)), at=AT)
        standard = "63.00元(10mg/支)；99.00元(20mg/支)"
        new = filled(session, "2025", entry(1, "阿司匹林", grade=Grade.A), entry(2, "新药", standard=standard))
        return old.id, new.id


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.text
    return answer.text


def in_english(client: FlaskClient) -> FlaskClient:
    client.get("/language/en")
    return client


PAGES = (
    "", "/{0}", "/{0}?part=western&class=XB&grade=A&q=阿司", "/{0}?q=没有", "/{0}?page=999999999999&part=x&grade=x",
    "/{0}/reconciliation", "/{0}/comparison", "/{0}/comparison?with={1}&kind=grade", "/{0}/comparison?kind=x&page=0",
    "/{0}/matches", "/{0}/matches?state=all", "/{0}/edit",
)  # fmt: skip


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_page_shows(language: str, officer: FlaskClient, two: tuple[int, int], database: Database) -> None:
    old, new = two
    officer.get(f"/language/{language}")
    for path in PAGES:
        page(officer, "/catalogue/editions" + path.format(new, old))
    with database.transaction(write=False) as session:
        ids = session.scalars(select(ListEntry.id)).all()
    for identity in ids:
        page(officer, f"/catalogue/editions/entries/{identity}")


def test_readers_see_issued_editions_alone(pharmacist: FlaskClient, two: tuple[int, int]) -> None:
    old, new = two
    text = page(pharmacist, "/catalogue/editions")
    assert "2024" in text and f"/catalogue/editions/{new}" not in text
    assert "阿司匹林" in page(pharmacist, f"/catalogue/editions/{old}")
    for path in ("", "/reconciliation", "/comparison", "/matches"):
        page(pharmacist, f"/catalogue/editions/{new}{path}", 404)
    for table in ("edition", "comparison", "matches"):
        page(pharmacist, f"/exports/catalogue.{table}?edition={new}", 404)
    assert pharmacist.post(f"/catalogue/editions/{old}/clear").status_code == 403


def test_the_browser_filters_by_class_grade_and_text(officer: FlaskClient, two: tuple[int, int]) -> None:
    whole, one = (page(officer, f"/catalogue/editions/{two[1]}{query}") for query in ("", "?grade=A"))
    assert "新药" in whole and "XB01" in whole
    assert "新药" not in one and "阿司匹林" in one


def test_an_entry_shows_what_was_read_of_its_restriction(
    officer: FlaskClient, two: tuple[int, int], database: Database
) -> None:
    with database.transaction(write=False) as session:
        limited = session.scalars(select(ListEntry.id).where(ListEntry.restriction != "")).one()
        priced = session.scalars(select(ListEntry.id).where(ListEntry.standard != "")).one()
    text = page(in_english(officer), f"/catalogue/editions/entries/{limited}")
    assert "限二线用药。" in text and "line 2" in text and "the text alone is binding" in text
    assert "20mg/支" in page(officer, f"/catalogue/editions/entries/{priced}")


def test_the_comparison_is_shown_and_given_out(officer: FlaskClient, two: tuple[int, int]) -> None:
    old, new = two
    text = page(in_english(officer), f"/catalogue/editions/{new}/comparison")
    assert "Came in" in text and "Went out" in text and "From 2024 to 2025" in text
    answer = officer.get(f"/exports/catalogue.comparison?edition={new}&with={old}")
    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].values)
    assert [row[0] for row in rows[1:]] == ["Class A/B, Restriction", "Came in", "Went out"]


def test_an_edition_is_begun_changed_and_issued_by_another(
    app: Flask, officer: FlaskClient, two: tuple[int, int], database: Database
) -> None:
    begun = officer.post("/catalogue/editions", data={"code": "2030"})
    assert begun.status_code == 303
    assert "已存在" in officer.post("/catalogue/editions", data={"code": "2030"}).text
    assert officer.post("/catalogue/editions", data={"code": "x"}).status_code == 422
    assert officer.post("/catalogue/editions", data={"code": "2031", "valid_from": "bad"}).status_code == 422
    _old, new = two
    sent = {"title": "目录", "valid_from": "2026-02-01", "version": "1"}
    assert officer.post(f"/catalogue/editions/{new}/edit", data=sent).status_code == 303
    assert officer.post(f"/catalogue/editions/{new}/edit", data={"title": ""}).status_code == 422
    assert officer.post(f"/catalogue/editions/{new}/issue").status_code == 303
    with database.transaction(write=False) as session:
        edition = session.get_one(Edition, new)
        assert (edition.state.value, edition.title) == ("issued", "目录")
    page(signed_in(app, database, Role.AGENCY_REVIEWER, OrganisationKind.BUREAU), f"/catalogue/editions/{new}")


def test_matches_are_made_and_decided(officer: FlaskClient, two: tuple[int, int], database: Database) -> None:
    with database.transaction() as session:
        _variety, (low,) = aspirin(session, "25mg*30片")
        draft = ProductDraft("盐酸阿司匹林片", "国药准字H20045671", 30)
        maker = company(session, "甲制药")
        create_product(session, company_id=maker.id, specification_id=low.id, draft=draft, actor=SYSTEM, at=AT)
        unsure = filled(session, "2026", entry(1, "阿司匹林钙"))
    assert officer.post(f"/catalogue/editions/{unsure.id}/matches").status_code == 303
    assert "甲制药" in page(officer, f"/catalogue/editions/{unsure.id}/matches")
    with database.transaction(write=False) as session:
        match = session.scalars(select(ListMatch)).one()
    answer = officer.post(f"/catalogue/editions/matches/{match.id}", data={"action": "confirm", "version": "1"})
    assert answer.status_code == 303
    stale = officer.post(f"/catalogue/editions/matches/{match.id}", data={"action": "reject", "version": "1"})
    assert stale.status_code == 303
    with database.transaction(write=False) as session:
        assert session.scalars(select(ListMatch)).one().state.value == "confirmed"
    assert officer.post(f"/catalogue/editions/matches/{match.id}", data={"action": "x"}).status_code == 303
