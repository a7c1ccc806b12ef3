"""Consumables for workbooks. Headers are those of the import kinds, so that an export imports as it is."""

from __future__ import annotations

from sqlalchemy import Select
from sqlalchemy.orm import Session

from catalogue.consumables.models import Consumable, ConsumableCategory
from catalogue.register.exports import sheet_of
from kernel.sheets import Sheet

CONSUMABLES = {
    "耗材代码": "code", "一级分类": "class_1", "二级分类": "class_2", "三级分类": "class_3",
    "医保通用名": "generic_name", "材质": "material", "规格特征": "feature", "注册证编号": "certificate",
    "注册证持有人": "certificate_holder", "注册证有效期至": "certificate_until",
    "单件产品名称": "product_name", "耗材企业": "company", "统一社会信用代码": "company_code",
    "规格型号数": "models", "UDI-DI": "udi", "单位": "unit", "备注": "note",
}  # fmt: skip
CATEGORIES = {"类目编码": "code", "类目名称": "name", "费用项目": "charge", "目录级别": "level"}


def consumables(session: Session, query: Select[Consumable]) -> Sheet:
    """Return the consumables that a filter shows."""
    return sheet_of(session, "医用耗材", Consumable, CONSUMABLES, query)


def categories(session: Session, query: Select[ConsumableCategory]) -> Sheet:
    """Return the categories that a filter shows."""
    return sheet_of(session, "耗材类目", ConsumableCategory, CATEGORIES, query)
