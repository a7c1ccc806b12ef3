"""Rows of the figures for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.i18n import _l
from kernel.sheets import Sheet, Value
from procurement.orders.figures.flow import FigureCode, Level
from procurement.orders.figures.queries import board, sums, targets
from procurement.orders.figures.rules import Figure

WORDS = {
    FigureCode.RESPONSE: "订单响应率", FigureCode.RESPONSE_24H: "24小时响应率",
    FigureCode.TIMELINESS: "配送及时率", FigureCode.COMPLETION: "订单完成率",
    FigureCode.AMOUNT_FILL: "金额满足率", FigureCode.SPECIFICATION_FILL: "品规满足率",
    FigureCode.PAYMENT: "30日回款率", FigureCode.ONLINE_DRUGS: "药品网采率",
    FigureCode.ONLINE_CONSUMABLES: "高值医用耗材网采率", FigureCode.ONLINE: "网采率",
}  # fmt: skip
HEADERS = (
    "统计期", "对象", "名称", "指标", "分子", "分母", "已剔除", "未到时限", "指标值", "有采购的医疗机构数",
    "范围内医疗机构数",
)  # fmt: skip
PARTIES = {Level.HOSPITAL: "医疗机构", Level.COMPANY: "生产企业", Level.DELIVERER: "配送企业"}
TARGET_HEADERS = ("年度", "地区代码", "指标", "完成值", "目标值", "是否完成", "目标依据")


def figures(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return what the page shows: the figures together and of every party, with all they rest on."""
    wanted = sums.asked(asked, at)
    view = board.view(session, actor, wanted, at)
    behind = (view.reported.trading, view.reported.all)
    rows: list[tuple[Value, ...]] = [(wanted.text, "合计", "", *_cells(one), *behind) for one in view.figures]
    for by in sums.parties_of(actor, wanted):
        for row in board.parties(session, actor, wanted, at, by, "name")[0]:
            shown = [row.figures[code] for code in board.COLUMNS]
            rows += [(wanted.text, PARTIES[by], row.name, *_cells(one), None, None) for one in shown]
    return Sheet("采购配送指标", HEADERS, iter(rows), total=len(rows))


def _cells(one: Figure) -> tuple[Value, ...]:
    return WORDS[one.code], one.numerator, one.denominator, one.excluded, one.waiting, one.value


def targets_of(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the targets of a year of all regions together and of each."""
    year = targets.year_of(asked.get("year", ""), at)
    found = targets.boards(session, actor, year)
    rows: list[tuple[Value, ...]] = [
        (year, code, one.code.value, one.reached, _goal(one.wanted.value), _met(one.met), one.wanted.source)
        for code, each in found.items()
        for one in each
    ]
    return Sheet("年度目标", TARGET_HEADERS, iter(rows), total=len(rows))


def _goal(value: Decimal | str) -> Value:
    return value


def _met(met: bool | None) -> str:
    return "未知" if met is None else "是" if met else "否"


export("procurement.figures", _l("Figures of purchasing"), P.ORDER_READ, figures)
export("procurement.targets", _l("Targets of the year"), P.BOARD_READ, targets_of)
