"""Workbooks of the catalogue: what they refuse, and that an export imports as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalogue.drugs import exports
from catalogue.drugs.models import Product, Specification, Variety
from catalogue.drugs.rules.drafts import SpecificationDraft
from catalogue.drugs.rules.forms import Form
from catalogue.drugs.services.companies import OrganisationDraft, create_company
from catalogue.drugs.services.products import ProductDraft, create_product
from catalogue.drugs.services.varieties import add_specification
from catalogue.search.models import SearchEntry
from importers import queries, services
from importers.flow import Mode
from importers.models import Import
from importers.registry import kind
from importers.workbook import read
from kernel.auth.actor import Actor
from kernel.db import Base
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation, Region
from kernel.sheets import Sheet, xlsx
from tests.catalogue.conftest import aspirin, company, credit_code
from tests.importers import books

AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
SHEETS: dict[str, Callable[[Session], Sheet]] = {
    "companies": exports.company_sheet,
    "hospitals": exports.hospital_sheet,
    "varieties": exports.varieties,
    "variety-products": exports.product_sheet,
}


def stage(session: Session, actor: Actor, name: str, data: bytes) -> Import:
    return services.stage(session, name=name, query={}, book=read(data, f"{name}.xlsx"), actor=actor, at=AT)


def write(session: Session, actor: Actor, name: str, data: bytes) -> Import:
    staged = stage(session, actor, name, data)
    return services.apply(session, import_id=staged.id, mode=Mode.ALL, actor=actor, at=AT)


def issues(session: Session, import_: Import) -> list[tuple[int | None, str, str]]:
    found = queries.findings(session, import_)
    assert found is not None
    return [(issue.row, issue.code, issue.column) for issue in found.issues]


def counts(import_: Import) -> tuple[int, int, int, int]:
    return import_.created, import_.changed, import_.unchanged, import_.faulty


@pytest.fixture
def shelf(session: Session, officer: Actor) -> Session:
    """A catalogue with every kind of cell in it."""
    session.add(Region(code="3201", name="南京市"))
    session.flush()
    variety, (low, _high) = aspirin(session, "25mg*30片", "0.1g*30片")
    stated = SpecificationDraft("特殊", Form.DISPERSIBLE_TABLET, False, Decimal("1.234567890123"), Decimal("0.5"))
    add_specification(session, variety_id=variety.id, draft=stated, actor=officer, at=AT)
    maker = company(session, "=江州“恒达”药业")
    hospital = OrganisationDraft(
        "江州第一医院", credit_code("医院"), "一院", "3201", "三级甲等", "人民路 1 号", "甲", "乙", "025-12345678"
    )
    create_company(session, draft=hospital, kind=OrganisationKind.HOSPITAL, actor=officer, at=AT)
    draft = ProductDraft("阿司匹林肠溶片", "国药准字H20045678", 30, "安达", "86900001000001", "30片/瓶", True, False)
    create_product(session, company_id=maker.id, specification_id=low.id, draft=draft, actor=officer, at=AT)
    session.flush()
    return session


@pytest.mark.parametrize("name", SHEETS)
def test_headers_of_an_export_are_those_of_its_import(name: str, session: Session) -> None:
    assert list(SHEETS[name](session).headers) == [column.header_zh for column in kind(name).columns]


@pytest.mark.parametrize("name", SHEETS)
def test_an_export_imports_as_it_is_and_changes_nothing(name: str, shelf: Session, officer: Actor) -> None:
    again = stage(shelf, officer, name, xlsx([SHEETS[name](shelf)]))
    assert issues(shelf, again) == []
    assert again.created == again.changed == again.faulty == 0 and again.unchanged > 0


def test_what_was_exported_comes_back_into_an_empty_catalogue(shelf: Session, officer: Actor) -> None:
    before = {name: rows(shelf, name) for name in SHEETS}
    files = {name: xlsx([SHEETS[name](shelf)]) for name in SHEETS}
    tables: tuple[type[Base], ...] = (Product, Specification, Variety, SearchEntry)
    for table in tables:
        shelf.execute(delete(table))
    for organisation in ("=江州“恒达”药业", "江州第一医院"):
        shelf.execute(delete(Organisation).where(Organisation.name == organisation))
    shelf.expire_all()
    for name in SHEETS:
        write(shelf, officer, name, files[name])
        shelf.flush()
    shelf.expire_all()
    assert {name: rows(shelf, name) for name in SHEETS} == before


def rows(session: Session, name: str) -> list[Sequence[Any]]:
    return [tuple(row) for row in SHEETS[name](session).rows]


def variety_rows(*rows: Sequence[Any]) -> bytes:
    headers = [
        "品种编号",
        "通用名",
        "剂型组",
        "剂型类别",
        "采购量类别",
        "规格",
        "剂型",
        "代表规格",
        "价格系数",
        "数量系数",
    ]
    return books.book([headers, *rows])


def line(code: str, text: str, **more: Any) -> list[Any]:
    made: dict[str, Any] = {
        "code": code, "name": "布洛芬", "group": "口服常释剂型", "kind": "口服固体", "class": "一般", "text": text,
        "form": "普通片", "reference": None, "price": None, "volume": None,
    }  # fmt: skip
    return list({**made, **more}.values())


def test_a_new_variety_takes_the_named_reference_or_its_first_row(session: Session, officer: Actor) -> None:
    data = variety_rows(
        line("V1", "0.1g"),
        line("V1", "0.2g", reference="是"),
        line("V2", "0.1g", name="萘普生"),
        line("V2", "0.2g", name="萘普生"),
    )
    assert counts(write(session, officer, "varieties", data)) == (4, 0, 0, 0)
    found = session.execute(
        select(Variety.code, Specification.text).join(Specification.variety).where(Specification.is_reference)
    )
    assert {tuple(row) for row in found} == {("V1", "0.2g"), ("V2", "0.1g")}


def test_a_moved_reference_turns_the_other_rows(session: Session, officer: Actor) -> None:
    write(session, officer, "varieties", variety_rows(line("V1", "0.1g"), line("V1", "0.2g")))
    moved = variety_rows(line("V1", "0.1g", reference="否"), line("V1", "0.2g", reference="是"))
    assert counts(write(session, officer, "varieties", moved)) == (0, 2, 0, 0)
    session.flush()
    factor = session.scalar(select(Specification.volume_factor).where(Specification.text == "0.1g"))
    assert factor == Decimal("0.5")
    assert counts(stage(session, officer, "varieties", moved)) == (0, 0, 2, 0)


def test_every_mistake_in_a_variety_workbook_is_told(session: Session, officer: Actor) -> None:
    aspirin(session, "25mg")
    session.flush()
    data = variety_rows(
        line("V1", "0.1g", reference="是"),
        line("V1", "0.2g", reference="是", **{"class": "B 类"}),
        line("V2", "看不懂", name="甲"),
        line("V3", "0.1g", name="乙"),
        line("V3", "5ml", name="乙"),
        line("V3", "0.3g", name="乙", price="1.5"),
        line("V001", "25mg", name="戊"),
        line("V4", "0.1g", name="阿司匹林"),
        line("V5", "0.1g", name="丙", kind="注射剂"),
        line("V6", "0.1g", name="丁", form="神奇片"),
    )
    assert issues(session, stage(session, officer, "varieties", data)) == [
        (3, "variety-rows-differ", "采购量类别"),
        (3, "two-references", "代表规格"),
        (4, "unreadable-specification", "规格"),
        (6, "incomparable-strength", "价格系数"),
        (7, "bad-factors", "价格系数"),
        (8, "variety-name-fixed", "通用名"),
        (9, "variety-name-taken", "通用名"),
        (10, "form-group-kind", "剂型类别"),
        (11, "not-in-list", "剂型"),
    ]


def test_every_mistake_in_a_product_workbook_is_told(shelf: Session, officer: Actor) -> None:
    code = shelf.scalars(select(Organisation.code).where(Organisation.kind == OrganisationKind.COMPANY)).one()
    other = company(shelf, "乙药业").code
    headers = ["品种编号", "规格", "企业统一社会信用代码", "注册名称", "批准文号", "本位码", "包装数量"]

    def product(**more: Any) -> list[Any]:
        made = {
            "variety": "V001", "text": "25mg*30片", "company": code, "name": "片", "number": "国药准字H20000001",
            "standard": None, "pack": 10,
        }  # fmt: skip
        return list({**made, **more}.values())

    data = books.book(
        [
            headers,
            product(variety="V999"),
            product(text="75mg"),
            product(company=credit_code("无人")),
            product(number="H1"),
            product(standard="12345678901234"),
            product(pack=0),
            product(),
            product(number="国药准字h20000001"),
            product(number="国药准字H20045678", pack=30, company=other),
        ]
    )
    assert issues(shelf, stage(shelf, officer, "variety-products", data)) == [
        (2, "variety-unknown", "品种编号"),
        (3, "specification-unknown", "规格"),
        (4, "company-unknown", "企业统一社会信用代码"),
        (5, "bad-approval-number", "批准文号"),
        (6, "bad-standard-code", "本位码"),
        (7, "bad-pack", "包装数量"),
        (9, "product-exists", "批准文号"),
        (10, "product-of-another", "企业统一社会信用代码"),
    ]


def test_a_company_workbook_keeps_what_it_does_not_mention(shelf: Session, officer: Actor) -> None:
    code = credit_code("医院")
    data = books.book([["统一社会信用代码", "医疗机构名称"], [code, "江州第一人民医院"]])
    assert counts(write(shelf, officer, "hospitals", data)) == (0, 1, 0, 0)
    kept = shelf.scalars(select(Organisation).where(Organisation.code == code)).one()
    assert (kept.name, kept.grade, kept.phone) == ("江州第一人民医院", "三级甲等", "025-12345678")


def test_every_mistake_in_a_company_workbook_is_told(shelf: Session, officer: Actor) -> None:
    hospital = credit_code("医院")
    data = books.book(
        [
            ["统一社会信用代码", "企业名称", "地区代码"],
            ["91330106673959654X", "甲", None],
            [hospital, "乙", None],
            [credit_code("丙"), "丙", "99"],
        ]
    )
    assert issues(shelf, stage(shelf, officer, "companies", data)) == [
        (2, "bad-credit-code", "统一社会信用代码"),
        (3, "credit-code-taken", "统一社会信用代码"),
        (4, "unknown-region", "地区代码"),
    ]
