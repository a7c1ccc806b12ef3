"""Pages and calls of the catalogue."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from kernel.db import Database
from tests.catalogue.conftest import aspirin, company

VARIETY = {
    "code": "V009", "generic_name": "布洛芬", "form_group": "口服常释剂型", "form_kind": "oral-solid",
    "volume_class": "general",
}  # fmt: skip


@pytest.fixture
def aspirin_id(database: Database) -> int:
    """An aspirin of two strengths, and a maker."""
    with database.transaction() as session:
        variety, _added = aspirin(session, "25mg", "100mg")
        company(session, "江州恒达药业有限公司")
        return variety.id


def test_an_officer_sets_up_a_variety_with_specifications_and_a_product(officer: FlaskClient, aspirin_id: int) -> None:
    made = officer.post("/catalogue/varieties/new", data=VARIETY)
    assert made.status_code == 303
    page = made.headers["Location"]
    for text in ("0.2g*20片", "0.1g*20片"):
        added = officer.post(f"{page}/specifications/new", data={"text": text, "form": "tablet"})
        assert added.status_code == 303, added.get_data(as_text=True)
    shown = officer.get(page).get_data(as_text=True)
    assert "布洛芬口服常释剂型" in shown and "0.588235" in shown
    makers = officer.get("/api/v1/catalogue/companies?q=hengda").get_json()
    specifications = officer.get("/api/v1/catalogue/specifications?q=blf").get_json()
    product = {
        "company_id": makers[0]["value"], "specification_id": specifications[0]["value"], "registered_name": "布洛芬片",
        "approval_number": "国药准字H20045678", "pack": "20", "active": "1",
    }  # fmt: skip
    made = officer.post("/catalogue/products/new", data=product)
    assert made.status_code == 303
    assert "国药准字H20045678" in officer.get(made.headers["Location"]).get_data(as_text=True)


def test_all_mistakes_of_a_form_are_told_at_once_and_what_was_typed_stays(officer: FlaskClient) -> None:
    answer = officer.post("/catalogue/varieties/new", data={"code": "", "english": "Kept", "form_kind": "bogus"})
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert all(f'href="#{name}"' in shown for name in ("code", "generic_name", "form_group", "form_kind"))
    assert 'value="Kept"' in shown


def test_what_a_service_refuses_stands_at_its_field(officer: FlaskClient, aspirin_id: int) -> None:
    answer = officer.post(
        f"/catalogue/varieties/{aspirin_id}/specifications/new", data={"text": "坏", "form": "tablet"}
    )
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#text"' in shown and "“坏”" in shown


def test_the_list_filters_and_sorts_by_its_address(officer: FlaskClient, aspirin_id: int) -> None:
    officer.post("/catalogue/varieties/new", data=VARIETY)
    assert "V009" in officer.get("/catalogue/varieties").get_data(as_text=True)
    found = officer.get("/catalogue/varieties?q=asp").get_data(as_text=True)
    assert "阿司匹林" in found and "布洛芬" not in found
    backwards = officer.get("/catalogue/varieties?sort=-code").get_data(as_text=True)
    assert backwards.index("V009") < backwards.index("V001")
    assert officer.get("/catalogue/varieties?class=nonsense&group=x&page=99&sort=rm").status_code == 200


def test_a_pharmacist_reads_but_does_not_write(pharmacist: FlaskClient, aspirin_id: int) -> None:
    assert "100mg" in pharmacist.get(f"/catalogue/varieties/{aspirin_id}").get_data(as_text=True)
    assert '/edit"' not in pharmacist.get(f"/catalogue/varieties/{aspirin_id}").get_data(as_text=True)
    assert pharmacist.get("/catalogue/varieties/new").status_code == 403
    assert pharmacist.post("/catalogue/varieties/new", data=VARIETY).status_code == 403


@pytest.mark.parametrize(
    "path", ["varieties", "products", "companies", "hospitals", "related", "search", "search?q=aspl", "search?q=zzz"]
)
def test_every_list_answers_with_rows_and_without(officer: FlaskClient, aspirin_id: int, path: str) -> None:
    assert officer.get(f"/catalogue/{path}").status_code == 200


def test_a_company_is_registered_and_put_into_a_group(officer: FlaskClient) -> None:
    new = {"name": "甲药业", "code": "91330106673959654P"}
    wrong = officer.post("/catalogue/organisations/new/company", data={**new, "code": "91330106673959654X"})
    assert wrong.status_code == 422 and 'href="#code"' in wrong.get_data(as_text=True)
    made = officer.post("/catalogue/organisations/new/company", data=new)
    page = made.headers["Location"]
    group = officer.post("/catalogue/related", data={"name": "甲系", "reason": "控股"}).headers["Location"]
    joined = officer.post(group, data={"company_id": page.rsplit("/", 1)[1], "since": "2026-01-01"})
    assert joined.status_code == 303
    assert "甲系" in officer.get(page).get_data(as_text=True)
    ended = officer.post(f"{group}/1/end", data={"until": "2026-06-01"})
    assert ended.status_code == 303
    assert "2026-06-01" in officer.get(group).get_data(as_text=True)
    assert officer.get("/catalogue/organisations/new/agency").status_code == 404


@pytest.mark.parametrize(
    ("path", "first"), [("varieties", "品种编号"), ("products", "品种编号"), ("companies", "统一社会信用代码")]
)
def test_exports_hold_codes_as_text(officer: FlaskClient, aspirin_id: int, path: str, first: str) -> None:
    answer = officer.get(f"/exports/catalogue.{path}")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None and sheet["A1"].value == first
    if path == "companies":
        assert isinstance(sheet["A2"].value, str) and len(sheet["A2"].value) == 18


def test_the_calculator_needs_no_sign_in_and_shows_every_step(client: FlaskClient) -> None:
    assert client.get("/pricing/calculator").status_code == 200
    asked = {"price": "810", "from_content": "100", "to_content": "500", "from_pack": "1", "to_pack": "1"}
    shown = client.get("/pricing/calculator", query_string=asked).get_data(as_text=True)
    assert "2,776.97" in shown and "3.4283553078" in shown and "1.7^log₂(5)" in shown
    wrong = client.get("/pricing/calculator?price=x&from_form=tablet").get_data(as_text=True)
    assert 'href="#price"' in wrong and 'href="#to_form"' in wrong
    unrelated = client.get("/pricing/calculator?price=1&from_form=tablet&to_form=hard-capsule")
    assert "普通片" in unrelated.get_data(as_text=True)


def test_the_call_converts_as_the_command_does(client: FlaskClient) -> None:
    answer = client.get("/api/v1/pricing/convert?price=810&from_content=100&to_content=500")
    assert answer.get_json()["price"] == "2776.97"
    assert client.get("/api/v1/pricing/convert?price=x").status_code == 422
