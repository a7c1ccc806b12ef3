"""Figures of monitoring for workbooks, each with its coverage or with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.drugs.rules.codes import VarietyKind
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.i18n import _l
from kernel.money import round_ratio
from kernel.sheets import Sheet, Value
from pricing.monitoring.flow import Ground, SavingKind, Split
from pricing.monitoring.queries import own, sums
from pricing.monitoring.queries.asked import Asked, read, within
from pricing.monitoring.rules import Priced
from pricing.monitoring.savings import queries as savings
from pricing.monitoring.spending import queries as spent
from pricing.monitoring.spending.rules import Spending

INDEX = (
    "统计期", "基期", "方法", "拉氏指数", "帕氏指数", "费雪指数", "金额覆盖率", "基期金额覆盖率", "品种覆盖率",
    "可比品种数", "品种数", "数据截至",
)  # fmt: skip
ITEMS = (
    "企业名称", "通用名", "规格", "单位", "类别代码", "基期", "基期均价", "基期数量", "统计期", "统计期均价",
    "统计期数量", "统计期金额", "价比", "是否可比",
)  # fmt: skip
SPENDING = (
    "统计期", "药品或耗材", "采购方式", "金额", "占当期比例", "归入类别的金额占比", "覆盖率分母金额",
    "归入类别的品种占比", "覆盖率分母品种数",
)  # fmt: skip
SAVINGS = (
    "节约口径", "公式", "比较价格", "数量口径", "统计期", "采购批次", "节约金额", "已比较金额", "全部金额",
    "金额覆盖率", "已比较品种数", "品种数", "不可相加的口径",
)  # fmt: skip
GOODS = {VarietyKind.DRUG: "药品", VarietyKind.CONSUMABLE: "医用耗材"}
GROUNDS = {
    Ground.ROUND: "集采中选", Ground.AGREEMENT: "协议采购", Ground.NEGOTIATED: "谈判药品", Ground.LISTED: "挂网采购",
    Ground.SHORTAGE: "短缺药品", Ground.FILED: "备案采购", Ground.EMERGENCY: "应急采购",
}  # fmt: skip
KINDS = {SavingKind.PRE_ROUND: "与集采前价格比", SavingKind.LISTED: "与挂网价比", SavingKind.PERIOD: "与基期价格比"}
UNDER_ROUND = "该批次实收减退货，最小计量单位"
STATED = {
    SavingKind.PRE_ROUND: (
        "Σ（集采前均价－实际价）×采购量", "集采前各地采购的加权均价×规格差比系数", UNDER_ROUND,
    ),
    SavingKind.LISTED: (
        "Σ（挂网价－实际价）×采购量", "首次中选执行时该企业该规格的最低挂网价", UNDER_ROUND,
    ),
    SavingKind.PERIOD: (
        "Σ（基期均价－报告期均价）×报告期采购量", "基期同企业同规格的实际均价", "报告期实收减退货，最小计量单位",
    ),
}  # fmt: skip


def indices(session: Session, asked: Mapping[str, str], _actor: Actor, at: datetime) -> Sheet:
    """Return the indices of the periods asked for."""
    wanted = read(asked, at)
    return _indices(sums.amounts(session, wanted)[""], wanted, sums.as_of(session, at))


def _indices(held: sums.Amounts, asked: Asked, as_of: datetime) -> Sheet:
    method = "环比链接" if asked.chained else "定基"
    rows = [
        (one.period, asked.base_period, method, one.laspeyres, one.paasche, one.fisher, one.coverage,
         one.base_coverage, one.items_coverage, one.matched, one.items, as_of)
        for one in sums.series(held, asked)
    ]  # fmt: skip
    return Sheet("价格指数", INDEX, iter(rows), total=len(rows))


def items(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return every item behind the last figure, matched or not."""
    wanted = within(read(asked, at), actor)
    return _items(sums.items(session, wanted), wanted)


def _items(found: list[sums.ItemRow], asked: Asked) -> Sheet:
    first, last = asked.compared
    return Sheet("指数明细", ITEMS, (_item(row, first, last) for row in found), total=len(found))


def _item(row: sums.ItemRow, first: str, last: str) -> tuple[Value, ...]:
    one = row.item.specification
    return (
        row.item.company.name, one.variety.generic_name.name, one.text, one.unit, row.item.class_code or None, first,
        *_cells(row.before), last, *_cells(row.after), row.amount, row.relative,
        "否" if row.relative is None else "是",
    )  # fmt: skip


def _cells(one: Priced | None) -> tuple[Value, Value]:
    return (None, None) if one is None else (round_ratio(one.price), one.quantity)


def spending(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return what was spent by month, goods and ground, with its share of the month and its coverage."""
    return _spending(spent.spending(session, within(read(asked, at), actor)))


def _spending(found: list[Spending]) -> Sheet:
    rows = [
        (one.period, GOODS[goods], GROUNDS[ground], amount,
         round_ratio(amount / one.amount) if one.amount > 0 else None, part.share, part.amount, part.items_share,
         part.items)
        for one in found
        for (goods, ground), amount in sorted(one.amounts.items())
        for part in [one.of(goods)]
    ]  # fmt: skip
    return Sheet("采购金额", SPENDING, iter(rows), total=len(rows))


def saved(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return savings with formula, comparison price, volume basis, period and what they may not be added to."""
    wanted = within(read(asked, at), actor)
    return _saved(savings.stated(session, wanted), wanted)


def _saved(found: list[savings.Stated], asked: Asked) -> Sheet:
    rows = [
        (
            KINDS[one.saving.kind], *STATED[one.saving.kind], _period(one, asked.periods), one.source or "全部",
            "缺少比较价格" if one.saving.value is None else one.saving.value, one.saving.compared, one.saving.amount,
            one.saving.coverage, one.saving.compared_items, one.saving.items,
            "、".join(KINDS[other] for other in one.saving.not_additive),
        )
        for one in found
    ]  # fmt: skip
    return Sheet("节约金额", SAVINGS, iter(rows), total=len(rows))


def _period(one: savings.Stated, periods: list[str]) -> str:
    return f"{periods[-1]}（基期 {one.base}）" if one.base else f"{periods[0]} 至 {periods[-1]}"


def own_indices(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the indices of what the actor's organisation bought."""
    bought = own.bought(session, actor, read(asked, at))
    return _indices(bought.amounts()[""], bought.asked, at)


def own_items(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return every item behind the last figure of the own purchases, matched or not."""
    bought = own.bought(session, actor, read(asked, at))
    held = bought.amounts()[""]
    known = own.named(session, bought, sums.ends(held, bought.asked))
    return _items(sums.compared(held, bought.asked, known), bought.asked)


def own_spending(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the own spending by period, goods and ground."""
    return _spending(own.bought(session, actor, read(asked, at)).spending())


def own_saved(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the savings of the own purchases."""
    bought = own.bought(session, actor, read(asked, at))
    found = savings.of(session, bought.asked, bought.amounts(Split.SOURCE), bought.makers)
    return _saved(found, bought.asked)


export("pricing.indices", _l("Price indices"), P.PUBLIC, indices)
export("pricing.index-items", _l("Items of an index"), P.MONITOR_READ, items)
export("pricing.spending", _l("Spending on drugs and consumables"), P.MONITOR_READ, spending)
export("pricing.savings", _l("Savings"), P.MONITOR_READ, saved)
export("pricing.own-index", _l("Price indices of own purchases"), P.MONITOR_OWN, own_indices)
export("pricing.own-items", _l("Items of an index of own purchases"), P.MONITOR_OWN, own_items)
export("pricing.own-spending", _l("Own spending on drugs and consumables"), P.MONITOR_OWN, own_spending)
export("pricing.own-savings", _l("Savings of own purchases"), P.MONITOR_OWN, own_saved)
