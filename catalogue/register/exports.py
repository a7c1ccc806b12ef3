"""Register rows for workbooks. Headers are those of the import kinds, so that an export imports as it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from catalogue.register.models import CodedDrug, LocalProduct
from kernel.sheets import Sheet

DRUGS = {
    "药品代码": "code", "注册名称": "registered_name", "商品名": "trade_name", "注册剂型": "registered_form",
    "实际剂型": "actual_form", "注册规格": "registered_spec", "实际规格": "actual_spec", "包装材质": "packaging",
    "最小包装数量": "pack_quantity", "最小制剂单位": "preparation_unit", "最小包装单位": "packing_unit",
    "药品企业": "company", "统一社会信用代码": "company_code", "批准文号": "approval_number",
    "药品本位码": "standard_code", "甲乙类": "list_class", "目录编号": "list_number", "目录名称": "list_name",
    "目录剂型": "list_form", "备注": "note",
}  # fmt: skip
LOCAL = {
    "产品编码": "local_code", "药品名称": "name", "商品名": "trade_name", "规格": "specification", "剂型": "form",
    "生产企业": "maker", "批准文号": "approval_number", "包装单位": "packing_unit", "包装数量": "pack_quantity",
    "制剂单位": "preparation_unit", "药品代码": "drug_code", "备注": "note",
}  # fmt: skip
WIDE = {"药品代码": 26, "注册名称": 28, "药品名称": 28, "药品企业": 32, "生产企业": 32, "批准文号": 24}


def drugs(session: Session, query: Select[CodedDrug]) -> Sheet:
    """Return the drugs that a filter shows."""
    return sheet_of(session, "药品编码库", CodedDrug, DRUGS, query)


def local_products(session: Session, query: Select[LocalProduct]) -> Sheet:
    """Return the local products that a filter shows."""
    return sheet_of(session, "产品清单", LocalProduct, LOCAL, query)


def sheet_of(session: Session, name: str, model: Any, columns: dict[str, str], query: Select[Any]) -> Sheet:
    """Return what a filter shows, column by header; `columns` maps headers to the table's columns."""
    found = query.with_only_columns(*(getattr(model, column) for column in columns.values()))
    session.flush()  # the rows are read past the session, which would make an object of each
    total = session.scalar(select(func.count()).select_from(found.order_by(None).subquery()))
    rows = session.connection().execute(found.execution_options(yield_per=5_000))
    widths = {header: WIDE.get(header, 14) for header in columns}
    return Sheet(name, tuple(columns), rows, widths=widths, total=total)
