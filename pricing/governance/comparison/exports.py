"""Prices of other regions, gap tables, a group's prices and warnings for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.downloads.registry import export
from kernel.downloads.tables import rows_of
from kernel.i18n import _l, label
from kernel.identity import record_id
from kernel.periods import read_day
from kernel.sheets import Sheet, Value
from pricing.governance.comparison.models import LinkageWarning, OutsidePrice, PriceGap
from pricing.governance.comparison.queries import groups, outside, warnings
from pricing.listings.rules import KIND_WORDS

PRICES = (
    "地区代码", "药品代码", "通用名", "生产企业", "剂型", "规格", "包装数量", "单价", "包装价", "价格日期", "终止日期",
    "挂网类别", "依据",
)  # fmt: skip
GAPS = (
    "比较口径", "通用名", "生产企业", "剂型", "规格", "地区代码", "地区", "挂网类别", "挂网价", "全国最低价",
    "全国中位价", "有效省级最低价", "最低价省份", "省份数", "倍数", "异常",
)  # fmt: skip
GROUP = ("地区代码", "地区", "挂网类别", "生产企业", "包装数量", "单价", "价格日期", "终止日期", "依据")
WARNINGS = (
    "注册名称", "批准文号", "规格", "包装数量", "地区代码", "挂网类别", "挂网价", "有效省级最低价", "最低价省份",
    "状态", "预警日期", "报告期限", "企业说明", "处理意见", "解除日期",
)  # fmt: skip
_OUTLIER = {True: "是", False: "否", None: None}


def prices(session: Session, asked: Mapping[str, str], _actor: Actor, at: datetime) -> Sheet:
    """Return the prices of other regions; prices are yuan per unit. The headers are those of their import."""
    text, day = asked.get("q", "").strip()[:80], read_day(asked.get("day", ""))
    query = outside.prices(text=text, region_code=asked.get("region", "")[:12], day=day)
    return rows_of(session, "外省挂网价格", PRICES, query, _price)


def _price(one: OutsidePrice) -> tuple[Value, ...]:
    of = one.outside
    return (
        one.region_code, of.code or None, of.name or None, of.maker or None, of.form or None, of.specification or None,
        of.pack, one.price, one.pack_price, one.starts, one.ends, KIND_WORDS[one.kind], one.document,
    )  # fmt: skip


def gaps(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the gap table as the page shows it; prices are yuan per unit."""
    return rows_of(session, "跨省价差", GAPS, groups.gaps(actor, **groups.asked(asked)), _gap)


def _gap(one: PriceGap) -> tuple[Value, ...]:
    of = one.group
    return (
        label(one.same), of.name, of.maker, of.form, of.specification, one.region_code, one.region.name,
        KIND_WORDS[one.kind], one.price, one.least, one.median, one.lowest, one.lowest_region, one.provinces, one.ratio,
        _OUTLIER[one.outlier],
    )  # fmt: skip


def group(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return every price a group ever had, by region."""
    found = groups.one(session, record_id(asked.get("group", "")) or 0, actor)
    held = groups.priced(session, found)
    rows = [
        (one.region_code, one.region, KIND_WORDS[one.kind], one.maker, one.pack, one.price, one.starts, one.ends,
         one.document)
        for one in held
    ]  # fmt: skip
    return Sheet("同品种各地价格", GROUP, rows, total=len(rows))


def warned(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the warnings that the list shows."""
    query = warnings.listing(actor, day=today(at), **warnings.asked(asked))
    return rows_of(session, "价格联动预警", WARNINGS, query, _warning)


def _warning(one: LinkageWarning) -> tuple[Value, ...]:
    product = one.product
    return (
        product.registered_name, product.approval_number, product.specification.text, product.pack, one.region_code,
        KIND_WORDS[one.kind], one.price, one.lowest, one.lowest_in.name, label(one.state), one.given_on, one.due_on,
        one.answer, one.reply, one.cleared_on,
    )  # fmt: skip


export("pricing.outside-prices", _l("Listed prices of other regions"), P.LABEL_RULES, prices)
export("pricing.gaps", _l("Price gaps"), P.LABEL_READ, gaps)
export("pricing.same-group", _l("Prices of a group"), P.LABEL_READ, group)
export("pricing.linkage", _l("Warnings of linkage"), P.LABEL_READ, warned)
