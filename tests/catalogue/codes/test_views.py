"""The page and the call that explain a code."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from catalogue.codes.rules.kinds import LAYOUTS, CodeKind
from catalogue.drugs.services.products import ProductDraft, create_product
from catalogue.register.models import CodedDrug
from kernel.auth.actor import SYSTEM
from kernel.db import Database
from kernel.parties.models import Region
from tests.catalogue.conftest import NOW, aspirin, company, credit_code

PAGE, CALL = "/catalogue/codes", "/api/v1/catalogue/codes"
MAKER = "江州恒达药业有限公司"


@pytest.fixture
def english(client: FlaskClient) -> FlaskClient:
    """A stranger who reads English."""
    client.get("/language/en")
    return client


def wrong_cells(page: str) -> list[str]:
    """Return what the highlighted characters are."""
    return re.findall(r'<span class="cell wrong"><i>(\d+)</i>', page)


@pytest.mark.parametrize("kind", CodeKind)
def test_every_example_is_explained_to_strangers_in_both_languages(client: FlaskClient, kind: CodeKind) -> None:
    checked = LAYOUTS[kind].checked
    for locale, said in (
        ("zh_CN", "格式和校验码正确" if checked else "格式正确"),
        ("en", "Form and check character are right" if checked else "The form is right"),
    ):
        client.get(f"/language/{locale}")
        answer = client.get(PAGE, query_string={"code": LAYOUTS[kind].example})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert said in page and wrong_cells(page) == []
        assert page.count('<span class="cell">') == LAYOUTS[kind].length


def test_wrong_characters_are_highlighted_and_said_with_a_way_out(client: FlaskClient) -> None:
    page = client.get(PAGE, query_string={"code": "xjo1caa-040A00101O198001"}).get_data(as_text=True)
    assert wrong_cells(page) == ["3", "17"]
    assert "第 3 位是“O”，应为：数字 0–9。是否应为“0”？" in page
    assert "/catalogue/codes?code=XJ01CAA040A001010198001" in page
    assert "已去掉空格和连字符" in page


def test_the_english_page_says_the_same(english: FlaskClient) -> None:
    page = english.get(PAGE, query_string={"code": "xjo1caa-040A001010198001"}).get_data(as_text=True)
    assert "Character 3 is “O”; expected: a digit 0–9. Perhaps “0” was meant." in page
    assert not re.search(r"[\u4e00-\u9fff]", page.split("<main", 1)[1].split("</main>", 1)[0])


def test_missing_and_surplus_characters_are_drawn(client: FlaskClient) -> None:
    short = client.get(PAGE, query_string={"code": "C99010200300102980"}).get_data(as_text=True)
    assert short.count(' absent"') == 2
    long = client.get(PAGE, query_string={"code": "C99010200300102980011"}).get_data(as_text=True)
    assert "多余字符" in long and wrong_cells(long) == ["21"]


def test_a_check_character_is_shown_step_by_step(client: FlaskClient) -> None:
    page = client.get(PAGE, query_string={"code": "09529800100012"}).get_data(as_text=True)
    assert page.count(" × ") == 13
    assert "67 mod 10" in page and "按其余各位计算应为“3”" in page


def test_a_code_that_reads_two_ways_leads_to_the_other(client: FlaskClient) -> None:
    page = client.get(PAGE, query_string={"code": "86998001000122"}).get_data(as_text=True)
    assert "国家药品编码本位码" in page and "kind=udi-di" in page
    other = client.get(PAGE, query_string={"code": "86998001000122", "kind": "udi-di"}).get_data(as_text=True)
    assert "kind=standard-code" in other


@pytest.mark.parametrize("text", ["1.23E+17", "<script>alert(1)</script>", "阿莫西林" * 500, "%00", "'; drop table"])
def test_nothing_typed_breaks_the_page(client: FlaskClient, text: str) -> None:
    answer = client.get(PAGE, query_string={"code": text, "kind": "bogus"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.get_data(as_text=True)


def test_before_a_code_is_typed_the_kinds_are_listed(client: FlaskClient) -> None:
    page = client.get(PAGE).get_data(as_text=True)
    assert all(f"code={layout.example}" in page for layout in LAYOUTS.values())


def test_records_are_named_to_those_who_may_read_the_catalogue(
    officer: FlaskClient, client: FlaskClient, database: Database
) -> None:
    with database.transaction() as session:
        _variety, (specification,) = aspirin(session, "100mg")
        maker = company(session, MAKER)
        session.add(Region(code="330100", name="江州市"))
        create_product(
            session, company_id=maker.id, specification_id=specification.id, actor=SYSTEM, at=NOW,
            draft=ProductDraft("阿司匹林肠溶片", "国药准字H20045678", 30, standard_code="86998001000123"),
        )  # fmt: skip
    code = credit_code(MAKER)
    assert MAKER in officer.get(PAGE, query_string={"code": code}).get_data(as_text=True)
    stranger = client.get(PAGE, query_string={"code": code}).get_data(as_text=True)
    assert MAKER not in stranger and "江州市" in stranger
    product = officer.get(PAGE, query_string={"code": "86998001000123"}).get_data(as_text=True)
    assert "阿司匹林肠溶片" in product and "/catalogue/products/" in product
    assert officer.get(f"{CALL}/{code}").get_json()["records"] == [MAKER]
    assert client.get(f"{CALL}/{code}").get_json()["records"] == []


def test_the_register_explains_whole_codes_and_the_name_in_them(officer: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        session.add(CodedDrug(code="XJ01CAA040A001010198001", registered_name="阿莫西林胶囊", company=MAKER))
    answer = officer.get(f"{CALL}/XJ01CAA040A001010198001").get_json()
    assert answer["records"] == ["阿莫西林胶囊"]
    other = officer.get(f"{CALL}/XJ01CAA040A001020298002").get_json()
    assert (other["parts"][2]["catalogue"], other["records"]) == (["阿莫西林胶囊"], [])


def test_the_call_answers_wrong_codes_with_what_is_wrong(english: FlaskClient) -> None:
    answer = english.get(f"{CALL}/XJO1CAA040A001010198001").get_json()
    assert (answer["kind"], answer["valid"], answer["corrected"]) == (
        "western-drug", False, "XJ01CAA040A001010198001",
    )  # fmt: skip
    assert answer["issues"] == [
        {
            "code": "lookalike-character", "position": 3, "found": "O", "expected": "digit", "part": "class",
            "suggestion": "0", "detail": "Character 3 is “O”; expected: a digit 0–9. Perhaps “0” was meant.",
        }
    ]  # fmt: skip
    assert (answer["parts"][0]["label"], answer["parts"][0]["meaning"]) == ("Type of code", "Western drug")


def test_the_call_takes_a_kind_and_refuses_an_unknown_one(client: FlaskClient) -> None:
    answer = client.get(f"{CALL}/86998001000123?kind=udi-di").get_json()
    assert (answer["kind"], answer["check"]["expected"]) == ("udi-di", "2")
    assert client.get(f"{CALL}/86998001000123?kind=bogus").status_code == 422
