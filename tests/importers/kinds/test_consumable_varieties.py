"""Consumables in the catalogue's workbooks: systems and products go in, come out, and stay as they are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs import exports
from catalogue.drugs.models import Product, Variety
from kernel.auth.actor import Actor
from kernel.sheets import xlsx
from tests.catalogue.conftest import company
from tests.importers import books
from tests.importers.kinds.test_catalogue import counts, issues, stage, write

HEADERS = ["品种编号", "类别", "通用名", "规格", "代表规格", "耗材类目编码", "组成", "耗材单位"]


def varieties(*rows: tuple[Any, ...]) -> bytes:
    return books.book([HEADERS, *([row[0], "医用耗材", *row[1:]] for row in rows)])


def hip(text: str, part: str, **more: Any) -> tuple[Any, ...]:
    made = {
        "code": "H1",
        "name": "髋关节系统",
        "text": text,
        "reference": None,
        "category": None,
        "part": part,
        "unit": "个",
    }
    return tuple({**made, **more}.values())


def test_a_system_goes_in_by_workbook_and_its_export_changes_nothing(session: Session, officer: Actor) -> None:
    rows = [hip(text, "系统部件", category="C030201003") for text in ("股骨柄", "股骨头")]
    made = write(
        session, officer, "varieties", varieties(*rows, hip("伴随服务", "伴随服务", category="C030201003", unit="次"))
    )
    assert counts(made) == (3, 0, 0, 0)
    session.expire_all()
    variety = session.scalars(select(Variety)).one()
    assert (variety.name, variety.category, variety.is_consumable) == ("髋关节系统", "C030201003", True)
    assert variety.reference is not None
    assert (variety.reference.asked_text, variety.reference.asked_unit) == ("整套", "套")
    assert counts(stage(session, officer, "varieties", xlsx([exports.varieties(session)]))) == (0, 0, 3, 0)
    headers = [
        "品种编号",
        "规格",
        "企业统一社会信用代码",
        "注册名称",
        "批准文号或注册证号",
        "本位码或耗材编码",
        "包装数量",
    ]
    maker = company(session, "甲器械").code
    own = ["H1", "股骨柄", maker, "股骨柄", "国械注准20203130001", "C0302010030000100001", 1]
    wrong = [
        [*own[:4], "国药准字H20000001", *own[5:]], [*own[:5], "86900001000001", 1], ["H1", "伴随服务", *own[2:]],
    ]  # fmt: skip
    told = stage(session, officer, "variety-products", books.book([headers, *wrong]))
    assert [code for _row, code, _column in issues(session, told)] == [
        "bad-certificate", "bad-consumable-code", "service-without-products",
    ]  # fmt: skip
    assert counts(write(session, officer, "variety-products", books.book([headers, own]))) == (1, 0, 0, 0)
    assert session.scalars(select(Product.standard_code)).one() == "C0302010030000100001"
    assert counts(stage(session, officer, "variety-products", xlsx([exports.product_sheet(session)]))) == (0, 0, 1, 0)


def test_what_can_not_be_a_consumable_is_told_at_its_cell(session: Session, officer: Actor) -> None:
    data = varieties(
        hip("股骨柄", "系统部件"),
        hip("支架", "产品"),
        hip("服务甲", "伴随服务"),
        hip("服务乙", "伴随服务"),
        hip("球囊", "产品", code="H2", name="球囊", unit=None),
        hip("导丝", "产品", code="H3", name="导丝", category="X1"),
        hip("伴随服务", "伴随服务", code="H4", name="吻合器"),
    )
    assert issues(session, stage(session, officer, "varieties", data)) == [
        (3, "parts-mixed", "组成"),
        (5, "service-out-of-place", "组成"),
        (6, "required", "耗材单位"),
        (7, "bad-category", "耗材类目编码"),
        (8, "service-out-of-place", "组成"),
    ]
