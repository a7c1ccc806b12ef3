"""Rows of dual channel for workbooks. Headers are those of the import kinds, so that an export imports as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import Select
from sqlalchemy.orm import Session

from catalogue.dual_channel.models.drugs import ListedDrug
from catalogue.dual_channel.queries import places
from catalogue.dual_channel.queries.coverage import Covered
from catalogue.dual_channel.queries.stock import ShelfRow
from catalogue.dual_channel.rules.listing import Layer
from catalogue.editions.rules.parts import PART_NAMES
from kernel.i18n import _
from kernel.sheets import Sheet, Value

LAYER_NAMES = {Layer.ORDINARY: "普通", Layer.SEPARATE: "单独支付"}
DRUGS = (
    "地区代码", "目录版本", "部分", "编号", "药品名称", "名单", "开始日期", "终止日期", "过渡期截止日期", "终止原因",
    "备注",
)  # fmt: skip
PHARMACIES = (
    "统一社会信用代码", "药店名称", "简称", "地区代码", "药品经营许可证号", "连锁企业", "最近处罚日期", "可追溯",
    "库存上传", "地址", "法定代表人", "联系人", "电话",
)  # fmt: skip
STOCK = ("目录版本", "部分", "编号", "药品名称", "库存数量", "销售单价")
DAY = timedelta(days=1)


def drug_sheet(session: Session, query: Select[ListedDrug]) -> Sheet:
    """Return the drugs that a filter shows."""
    rows = [_drug(each) for each in session.scalars(query).unique()]
    return Sheet("双通道药品", DRUGS, rows, widths={"药品名称": 32, "终止原因": 24, "备注": 24})


def _drug(each: ListedDrug) -> Sequence[Value]:
    return (
        each.region_code, *_entry(each), LAYER_NAMES[each.layer], each.begins_on, last(each.leaves_on),
        last(each.transition_until), each.reason or None, each.note or None,
    )  # fmt: skip


def _entry(each: ListedDrug) -> Sequence[Value]:
    entry = each.entry
    return entry.edition.code, PART_NAMES[entry.part], entry.number, entry.name


def last(until: date | None) -> date | None:
    """Return the last day before a day, as documents print an end."""
    return until - DAY if until else None


def pharmacy_sheet(session: Session) -> Sheet:
    """Return every pharmacy with what entry conditions ask of it."""
    known, rows = places.profiles(session), list[Sequence[Value]]()
    for each in places.pharmacies(session):
        profile = known.get(each.id)
        facts: Sequence[Value] = (None, None, None, "否", "否")
        if profile is not None:
            flags = ("是" if profile.traceability else "否", "是" if profile.stock_upload else "否")
            facts = (profile.licence or None, profile.chain or None, profile.last_penalty, *flags)
        reach = (each.address, each.legal_person, each.contact, each.phone)
        rows.append(
            (each.code, each.name, each.short_name or None, each.region_code, *facts, *(x or None for x in reach))
        )
    return Sheet("双通道药店", PHARMACIES, rows, widths={"药店名称": 32, "统一社会信用代码": 24, "地址": 32})


def stock_sheet(shelf: Iterable[ShelfRow]) -> Sheet:
    """Return a pharmacy's sheet with what it reported last."""
    rows = [(*_entry(row.drug), *((row.last.quantity, row.last.price) if row.last else (None, None))) for row in shelf]
    return Sheet("库存与价格", STOCK, rows, widths={"药品名称": 32})


def coverage_sheet(found: Covered) -> Sheet:
    """Return the number of pharmacies that stock each drug, by district."""
    headers = (_("Drug"), *(found.districts[row.district] for row in found.rows))
    rows: list[Sequence[Value]] = [
        (drug.entry.name, *(row.by_drug.get(key, 0) for row in found.rows)) for key, drug in found.drugs.items()
    ]  # fmt: skip
    return Sheet(_("Dual-channel coverage"), headers, rows, widths={headers[0]: 32})
