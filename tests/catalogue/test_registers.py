"""Pages of the registers: drug codes, product lists, consumables."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from catalogue.consumables.services import put_categories, put_consumables
from catalogue.register.services import put_drugs, put_local_products
from catalogue.search.sources.services import catch_up
from kernel.auth.actor import SYSTEM
from kernel.db import Database
from tests.catalogue.conftest import NOW

CODE = "XJ01CAA040A001010100001"
PAGES = ("drugs", f"drugs/{CODE}", "local-products", "consumables", "consumables/C0201010520000100001",
         "consumables/categories")  # fmt: skip


@pytest.fixture
def kept(database: Database) -> Database:
    """One of each, and a second pack of the same drug."""
    more: dict[str, Any] = {"import_id": None, "actor": SYSTEM, "at": NOW, "facts": {}}
    drugs = {
        "code": [CODE, "XJ01CAA040A001010100002"], "registered_name": ["阿莫西林胶囊"] * 2,
        "company": ["明川药业", "清河制药"],
        "approval_number": ["国药准字H20045678", None], "list_class": ["甲", "乙"],
        "note": ["=1+1", None], "row": [2, 3],
    }  # fmt: skip
    local = {
        "list_name": ["一院"], "local_code": ["0012"], "name": ["阿莫西林胶囊"], "approval_number": ["H20045678"],
        "row": [2],
    }  # fmt: skip
    consumable = {"code": ["C0201010520000100001"], "generic_name": ["鞘组"], "company": ["鼎科医疗"], "row": [2]}
    with database.transaction() as session:
        put_drugs(session, columns=drugs, **more)
        put_local_products(session, columns=local, **more)
        put_consumables(session, columns=consumable, **more)
        put_categories(session, columns={"code": ["C020101052"], "name": ["鞘组"], "row": [2]}, **more)
        catch_up(session)
    return database


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_page_answers_with_rows(officer: FlaskClient, kept: Database, path: str, language: str) -> None:
    officer.get(f"/language/{language}")
    answer = officer.get(f"/catalogue/{path}")
    assert answer.status_code == 200
    assert "阿莫西林胶囊" in answer.text or "鞘组" in answer.text


@pytest.mark.parametrize("path", [page for page in PAGES if "/" not in page or page.endswith("categories")])
def test_every_list_answers_when_it_is_empty(officer: FlaskClient, path: str) -> None:
    assert officer.get(f"/catalogue/{path}").status_code == 200
    assert officer.get(f"/catalogue/{path}?q=没有").status_code == 200


def test_a_drug_shows_other_makers_and_the_lists_that_name_its_approval_number(
    officer: FlaskClient, kept: Database
) -> None:
    page = officer.get(f"/catalogue/drugs/{CODE}").text
    assert "清河制药" in page and "一院" in page
    assert officer.get("/catalogue/drugs/X").status_code == 404


def test_an_export_holds_what_the_filter_shows_as_text(officer: FlaskClient, kept: Database) -> None:
    answer = officer.get("/catalogue/drugs/export?class=甲")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))  # type: ignore[union-attr]  # a workbook has a sheet
    assert [row[0] for row in rows] == ["药品代码", CODE]
    assert "=1+1" in rows[1]


def test_a_filter_finds_by_the_beginning_of_a_code_and_by_name(officer: FlaskClient, kept: Database) -> None:
    for asked, hits in (("xj01", 2), ("清河", 1), ("H20045678", 1), ("%", 0)):
        page = officer.get(f"/catalogue/drugs?q={asked}").text
        assert len(re.findall(r'href="/catalogue/drugs/XJ', page)) == hits, asked
