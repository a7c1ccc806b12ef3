"""Finding records on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from catalogue.drugs.services.companies import OrganisationDraft, change_company
from catalogue.drugs.services.products import ProductDraft, create_product
from catalogue.search.queries import search
from catalogue.search.services import index
from kernel.auth.actor import SYSTEM
from tests.catalogue.conftest import NOW, aspirin, company


@pytest.fixture
def shelf(session: Session) -> Session:
    """One product of one maker."""
    _variety, (low, _high) = aspirin(session, "25mg", "100mg")
    maker = company(session, "江州恒达药业有限公司")
    draft = ProductDraft("阿司匹林肠溶片", "国药准字H20045678", 24, trade_name="安达平")
    create_product(session, company_id=maker.id, specification_id=low.id, draft=draft, actor=SYSTEM, at=NOW)
    return session


@pytest.mark.parametrize(
    "text",
    [
        "阿司匹林",
        "asplc",
        "asipilin",
        "ASPL",
        "H20045678",
        "200456",
        "安达平",
        "adp",
        "恒达",
        "jzhd",
        "阿司 恒达",
        "恒达 aspl",
        "Ｈ2004",
    ],
)
def test_a_product_is_found_by_every_way_people_know_it(shelf: Session, text: str) -> None:
    assert [hit.title for hit in search(shelf, text, kind="product")] == ["阿司匹林肠溶片"]


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "布洛芬", "asplx", "恒达 布洛芬"])
def test_nothing_is_found_where_nothing_fits(shelf: Session, text: str) -> None:
    assert search(shelf, text) == []


def test_kinds_narrow_the_search(shelf: Session) -> None:
    assert {hit.kind for hit in search(shelf, "阿司匹林")} == {"variety", "product"}
    assert [hit.kind for hit in search(shelf, "恒达", kind=["company", "variety"])] == ["company"]


def test_whole_names_come_before_beginnings_and_pieces(session: Session) -> None:
    for number, name in enumerate(("复方氨氯地平", "氨氯地平贝那普利", "氨氯地平")):
        index(session, kind="round", subject_id=number, title=name, names=[name])
    assert [hit.title for hit in search(session, "氨氯地平")] == ["氨氯地平", "氨氯地平贝那普利", "复方氨氯地平"]
    assert len(search(session, "氨氯", limit=2)) == 2


def test_a_renamed_company_is_found_by_its_new_name_alone(session: Session) -> None:
    maker = company(session, "江州恒达药业有限公司")
    draft = OrganisationDraft(name="江州永康药业有限公司", code=maker.code)
    change_company(session, company_id=maker.id, draft=draft, actor=SYSTEM, at=NOW)
    session.flush()
    assert search(session, "恒达") == []
    assert [hit.subject_id for hit in search(session, "yky")] == [maker.id]
