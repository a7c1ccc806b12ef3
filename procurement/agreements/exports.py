"""Rows of agreements for workbooks."""

from __future__ import annotations

from collections.abc import Iterable

from kernel.periods import Period, last_day
from kernel.sheets import Sheet, Value
from procurement.agreements.models import Agreement

HEADERS = (
    "品种序号", "品种", "规格", "医疗机构", "医疗机构统一社会信用代码", "地区代码", "中选企业", "企业统一社会信用代码",
    "中选价", "约定采购量", "已采购量", "协议年度", "协议开始", "协议结束",
)  # fmt: skip


def agreements(found: Iterable[Agreement]) -> Sheet:
    """Return agreements as a sheet; prices are yuan per unit of the specification, volumes such units."""
    return Sheet("协议", HEADERS, [_row(each) for each in found])


def _row(each: Agreement) -> tuple[Value, ...]:
    hospital, company, specification = each.hospital, each.company, each.specification
    return (
        each.award.lot.number, specification.variety.name, specification.text, hospital.name, hospital.code,
        hospital.region_code, company.name, company.code, each.price, each.agreed, each.used, each.year, each.starts,
        last_day(Period(each.starts, each.ends)),
    )  # fmt: skip
