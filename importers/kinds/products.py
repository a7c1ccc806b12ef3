"""Products as any list keeps them: columns in any order, found by their headers in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.register.models import LocalProduct
from catalogue.register.services import put_local_products
from importers.bulk import compare
from importers.columns import Column, ColumnKind, Plan, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import DomainError

OWN = "本省目录"


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Which list the products stand on; the province's own where none is named."""
    name = query.get("list", "").strip() or OWN
    if len(name) > 60:
        raise DomainError("list-name-too-long", limit=60)
    return {"list": name}


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare with what the list holds."""
    table = LocalProduct.__table__
    key = ("list_name", "local_code")
    return compare(session, rows, table=table, key=key, title="name", fixed={"list_name": context["list"]})


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write all of them at once."""
    assert plan.block is not None
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet, "list": context["list"]}
    put_local_products(session, columns=plan.block.columns, import_id=source.import_id, actor=actor, at=at, facts=facts)


KIND = Kind(
    name="products",
    version=1,
    title_zh="产品清单",
    title_en="Product list",
    permission=P.CATALOGUE_WRITE,
    columns=(
        Column("local_code", "产品编码", "Product code", ColumnKind.CODE, required=True, width=20, max_length=60,
               aliases=("药品编码", "编码", "院内编码", "商品编码", "物资编码", "code", "DRUG_CODE",
                        "product_code", "item code"),
               example="0020020002"),
        Column("name", "药品名称", "Name", required=True, width=28,
               aliases=("名称", "通用名", "通用名称", "化学名", "产品名称", "品名", "DRUG_CHEM_NAME", "DRUG_NAME",
                        "generic name", "product name"), example="阿莫西林胶囊"),
        Column("trade_name", "商品名", "Trade name", aliases=("商品名称", "DRUG_TRADE_NAME", "brand name")),
        Column("specification", "规格", "Specification", width=20,
               aliases=("规格型号", "包装规格", "DRUG_SPEC", "spec", "strength"), example="0.25g*24粒"),
        Column("form", "剂型", "Dosage form", aliases=("DRUG_DOSE", "form")),
        Column("maker", "生产企业", "Maker", width=32,
               aliases=("生产厂家", "厂家", "企业名称", "生产厂商", "DRUG_MANUFATURER", "DRUG_MANUFACTURER",
                        "manufacturer", "company")),
        Column("approval_number", "批准文号", "Approval number", width=24,
               aliases=("国药准字", "注册证号", "DRUG_LICENSE_NO", "licence no", "license no")),
        Column("packing_unit", "包装单位", "Packing unit", width=10, aliases=("DRUG_PACKING_UNIT", "pack unit")),
        Column("pack_quantity", "包装数量", "Pack quantity", ColumnKind.INT, width=10,
               aliases=("转换比", "DRUG_APPERANCE_NUM", "DRUG_APPEARANCE_NUM", "pack size")),
        Column("preparation_unit", "制剂单位", "Preparation unit", width=10,
               aliases=("最小单位", "DRUG_APPERANCE_UNIT", "DRUG_APPEARANCE_UNIT", "unit")),
        Column("drug_code", "药品代码", "National drug code", ColumnKind.CODE, length=(20, 23), width=26,
               aliases=("国家医保药品代码", "医保药品编码", "医保代码")),
        Column("note", "备注", "Note", width=24, aliases=("REMARK", "remarks")),
    ),
    key=("local_code",),
    plan=plan,
    apply=apply,
    context=context,
    back=("catalogue.local_products", {}),
)  # fmt: skip
