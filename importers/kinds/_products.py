"""The columns by which a row names a product."""

from __future__ import annotations

from importers.columns import Column, ColumnKind

PRODUCT = (
    Column(
        "approval_number",
        "批准文号或注册证号",
        "Approval or certificate number",
        ColumnKind.CODE,
        required=True,
        width=22,
        example="国药准字H20045678",
        aliases=("批准文号", "注册证号", "Approval number"),
    ),
    Column(
        "text",
        "规格",
        "Specification",
        required=True,
        max_length=200,
        width=24,
        help_zh="与目录中该产品的规格一致",
        help_en="As the product's specification is kept",
        example="100mg",
    ),
    Column("pack", "包装数量", "Pack count", ColumnKind.INT, required=True, example="24"),
    Column(
        "name",
        "注册名称",
        "Registered name",
        max_length=200,
        width=28,
        help_zh="仅供核对",
        help_en="For checking by eye",
    ),
    Column(
        "company", "企业名称", "Company", max_length=200, width=32, help_zh="仅供核对", help_en="For checking by eye"
    ),
)
"""Approval number, specification and pack say which; names are for checking by eye."""
