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
    answer = officer.get("/exports/catalogue.drugs?class=甲")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))  # type: ignore[union-attr]  # a workbook has a sheet
    assert [row[0] for row in rows] == ["药品代码", CODE]
    assert "=1+1" in rows[1]


def test_a_filter_finds_by_the_beginning_of_a_code_and_by_name(officer: FlaskClient, kept: Database) -> None:
    for asked, hits in (("xj01", 2), ("清河", 1), ("H20045678", 1), ("%", 0)):
        page = officer.get(f"/catalogue/drugs?q={asked}").text
        assert len(re.findall(r'href="/catalogue/drugs/XJ', page)) == hits, asked


def test_lists_are_narrowed_by_class_form_maker_and_place_in_the_tree(officer: FlaskClient, kept: Database) -> None:
    def hits(query: str) -> int:
        return len(re.findall(r'href="/catalogue/drugs/XJ', officer.get(f"/catalogue/drugs?{query}").text))

    asked = {
        "class=甲": 1,
        "class=丙": 0,
        "maker=清河制药": 1,
        "maker=清河": 0,
        "code=XJ01": 2,
        "code=xj01c": 2,
        "code=XB": 0,
    }
    asked |= {
        "class=乙&maker=清河制药": 1,
        "class=甲&maker=清河制药": 0,
        "q=%": 0,
        "q=阿莫&class=乙": 1,
        "page=9": 2,
        "flag=winner": 0,
    }
    assert {query: hits(query) for query in asked} == asked
    assert "1" in officer.get("/catalogue/consumables?category=C020101052").text
    assert "鼎科医疗" in officer.get("/catalogue/consumables?maker=鼎科医疗&q=qz").text
    assert "一院" in officer.get("/catalogue/local-products?list=一院&q=amxl").text


def test_a_list_says_when_what_was_imported_can_not_be_found_yet(officer: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        columns = {"code": [CODE], "registered_name": ["阿莫西林胶囊"], "company": ["明川药业"], "row": [2]}
        put_drugs(session, columns=columns, import_id=None, actor=SYSTEM, at=NOW, facts={})
    assert "约一分钟后" in officer.get("/catalogue/drugs?q=amxl").text
    with database.transaction() as session:
        catch_up(session)
    assert "约一分钟后" not in officer.get("/catalogue/drugs?q=amxl").text


def test_a_long_list_can_be_turned_over_as_far_as_its_window(database: Database) -> None:
    from catalogue.register.queries import Asked, page

    codes = [f"XB01ACA010A0010101{number:05}" for number in range(1, 1_201)]
    columns = {"code": codes, "registered_name": ["阿司匹林片"] * 1_200, "company": ["甲"] * 1_200}
    with database.transaction() as session:
        columns |= {"list_class": ["甲"] * 1_200, "row": [2] * 1_200}
        put_drugs(session, columns=columns, import_id=None, actor=SYSTEM, at=NOW, facts={})
        catch_up(session)
        whole, narrowed = page(session, Asked(), number=24), page(session, Asked(list_class="甲"), number=99)
        assert (whole.total, whole.last, whole.last_row, whole.cut) == (1_200, 24, 1_200, False)
        assert (narrowed.number, narrowed.total, narrowed.exact, narrowed.cut) == (20, 1_200, True, True)
        found = page(session, Asked(text="阿司"), number=2)
        assert (found.counted, found.first_row, found.exact, len({row.id for row in found.rows})) == (
            "100+",
            51,
            False,
            50,
        )
