"""The lists of a preview for workbooks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.downloads.tables import STRIDE
from kernel.i18n import label, listed
from kernel.sheets import Sheet, Value
from procurement.supply.effects.flow import Part
from procurement.supply.effects.labels import PARTS
from procurement.supply.effects.queries import asked as asking
from procurement.supply.effects.queries import market, rounds, totals, trade
from procurement.supply.effects.queries.asked import Asked
from procurement.supply.effects.queries.trade import Sum

Rows = tuple[Sequence[str], list[tuple[Value, ...]]]


def _products(session: Session, asked: Asked, _actor: Actor, _at: datetime) -> Rows:
    headers = ("产品", "规格", "批准文号", "企业", "暂停范围", "挂网记录数", "在途订单数", "在途金额（元）",
               "剩余协议金额（元）", "涉及机构数")  # fmt: skip
    found = session.scalars(market.products(asked)).all()
    ids = [one.id for one in found]
    sums, priced = trade.by_product(session, asked, ids), market.listed(session, asked, market.PRODUCT, ids)
    return headers, [
        (one.registered_name, one.specification.text, one.approval_number, one.company.name,
         label(asked.reach.place(one.id)), priced.get(one.id, 0), *_figures(sums.get(one.id, Sum())))
        for one in found
    ]  # fmt: skip


def _figures(one: Sum) -> tuple[Value, ...]:
    return one.orders, one.to_come, one.worth, one.hospitals


def _regions(session: Session, asked: Asked, actor: Actor, _at: datetime) -> Rows:
    headers = ("地区代码", "地区", "挂网记录数", "在途订单数", "在途金额（元）", "剩余协议金额（元）", "涉及机构数")
    found = totals.totals(session, asked, actor).regions
    names = trade.names(session, sorted(found))
    return headers, [(code, names.get(code, code), one.listings, *_figures(one)) for code, one in sorted(found.items())]


def _listings(session: Session, asked: Asked, _actor: Actor, _at: datetime) -> Rows:
    headers = ("产品", "规格", "批准文号", "地区", "挂网类别", "价格（元/最小单位）", "执行日期")
    found = session.scalars(market.listings(asked)).unique()
    return headers, [
        (one.product.registered_name, one.product.specification.text, one.product.approval_number, one.region.name,
         label(one.kind), one.price, one.starts)
        for one in found
    ]  # fmt: skip


def _rounds(session: Session, asked: Asked, actor: Actor, at: datetime) -> Rows:
    headers = ("轮次", "名称", "阶段", "序号", "品种", "企业情形", "联合体牵头企业", "主供地区数", "备供地区数")
    rows = session.execute(rounds.places(asked, actor)).all()
    return headers, [
        (one.round_.code, one.round_.title, label(rounds.stage_of(one.round_, at)), one.lot.number,
         one.lot.variety.name, label(one.standing), one.lead, one.main, one.backup)
        for one in rounds.placed(session, asked, rows)
    ]  # fmt: skip


def _orders(session: Session, asked: Asked, _actor: Actor, _at: datetime) -> Rows:
    headers = ("订单号", "采购机构", "配送企业", "下单时间", "状态", "涉及行数", "在途金额（元）")
    found = session.scalars(trade.orders(asked)).all()
    made: list[tuple[Value, ...]] = []
    for start in range(0, len(found), STRIDE):
        some = found[start : start + STRIDE]
        sums = trade.to_come(session, asked, [one.id for one in some])
        made += [
            (one.number, one.hospital.name, one.deliverer.name, one.placed_at, label(one.state), *sums[one.id])
            for one in some
        ]
    return headers, made


def _volume(session: Session, asked: Asked, _actor: Actor, _at: datetime) -> Rows:
    headers = ("品种", "协议量（参比单位）", "剩余量（参比单位）", "剩余金额（元）", "涉及机构数")
    found = trade.volume(session, asked)
    return headers, [(one.variety.name, one.agreed, one.left, one.worth, one.hospitals) for one in found]


def _substitutes(session: Session, asked: Asked, _actor: Actor, _at: datetime) -> Rows:
    headers = ("产品", "规格", "批准文号", "企业", "同品种", "依据", "自身受限")
    found = market.substitutes_of(session, asked, session.execute(market.substitutes(asked)).all())
    return headers, [
        (one.product.registered_name, one.product.specification.text, one.product.approval_number,
         one.product.company.name, "是" if one.same else "同通用名", listed(label(each) for each in one.grounds),
         "是" if one.barred else "否")
        for one in found
    ]  # fmt: skip


LISTS: dict[Part, Callable[[Session, Asked, Actor, datetime], Rows]] = {
    Part.PRODUCTS: _products, Part.REGIONS: _regions, Part.LISTINGS: _listings, Part.ROUNDS: _rounds,
    Part.ORDERS: _orders, Part.VOLUME: _volume, Part.SUBSTITUTES: _substitutes,
}  # fmt: skip


def _sheet(part: Part, session: Session, parts: Any, actor: Actor, at: datetime) -> Sheet:
    asked = asking.read(session, actor, MultiDict(parts), at)
    headers, rows = LISTS[part](session, asked, actor, at)
    return Sheet(f"信用预评估 {label(part)}", headers, rows, total=len(rows))


for each in Part:
    export(f"procurement.effects-{each.value}", PARTS[each], P.CREDIT_RATE, partial(_sheet, each))
