"""Rows of rounds for workbooks, csv and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.downloads.tables import of_query
from kernel.i18n import _, _l, label
from kernel.sheets import Sheet, Value
from kernel.templating import percent
from procurement.bids.joints.models import Joint
from procurement.rounds.labels.steps import flip, lines
from procurement.rounds.models.awards import Award, Pick
from procurement.rounds.models.evaluations import Decision
from procurement.rounds.queries import rounds as queries
from procurement.rounds.queries.table import BidTable
from procurement.rounds.rules.award import evaluate
from procurement.rounds.rules.cells import written
from procurement.rounds.rules.columns import NAMES
from procurement.rounds.rules.model import BidRow, Extra
from procurement.rounds.rules.report import as_json
from procurement.rounds.rules.ruleset import RuleSet

Joints = Mapping[tuple[int, int], Joint]
"""The joints that bid, by lot and lead."""
DECISIONS = (
    "品种序号", "品种", "企业", "统一社会信用代码", "联合体成员", "规格", "申报价（原文）", "单位申报价", "单位可比价",
    "名次", "结论", "依据", "中选价", "约定比例", "主供地区数", "改变结论的报价", "说明", "步骤",
)  # fmt: skip
AWARDS = (
    "品种序号", "品种", "企业", "统一社会信用代码", "联合体成员", "规格", "中选价", "约定比例", "协议期", "地区代码",
    "地区", "首年约定采购量计算基数", "首年约定采购量",
)  # fmt: skip
PICKS = ("品种序号", "品种", "地区代码", "地区", "角色", "企业", "轮次")


def rounds(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the rounds that the list page shows."""
    query = queries.listing(actor, stage_name=asked.get("stage", ""), text=asked.get("q", "").strip()[:80])
    columns: dict[str, Any] = {
        _("Code"): lambda one: one.code, _("Round"): lambda one: one.title,
        _("Rules"): lambda one: one.rule_set_id, _("Bids until"): lambda one: one.box.deadline,
        _("Status"): lambda one: label(queries.stage_of(one, at)),
    }  # fmt: skip
    return of_query(session, _("Rounds"), query, columns)


def members(joints: Joints, lot_id: int, company_id: int) -> str | None:
    """Name a joint's companies with their shares of the supply in percent, the lead first; None for one company."""
    joint = joints.get((lot_id, company_id))
    return "、".join(f"{each.company.name} {percent(each.share, 2)}%" for each in joint.members) if joint else None


def decisions(found: Iterable[Decision], joints: Joints) -> Sheet:
    """Return decisions as a sheet; prices are yuan per unit of the specification."""
    return Sheet("逐家结论", DECISIONS, [_decision(one, joints) for one in found])


def _decision(one: Decision, joints: Joints) -> tuple[Value, ...]:
    steps = "；".join(f"{line.test}：{line.calc}" for line in lines(one))
    return (
        one.lot.number, one.lot.variety.name, one.company.name, one.company.code,
        members(joints, one.lot_id, one.company_id), one.specification.asked_text, one.typed, one.unit_price,
        one.comparable_price, one.rank, label(one.outcome), one.decided_by or one.reason,
        one.winning_price, one.ratio, one.main_regions, one.change_to, flip(one), steps,
    )  # fmt: skip


def awards(found: Iterable[Award], joints: Joints) -> Sheet:
    """Return awards with their volumes as a sheet; an award without volumes has one row."""
    return Sheet("中选结果", AWARDS, [row for award in found for row in _award(award, joints)])


def _award(award: Award, joints: Joints) -> Iterable[tuple[Value, ...]]:
    head = (
        award.lot.number, award.lot.variety.name, award.company.name, award.company.code,
        members(joints, award.lot_id, award.company_id), award.specification.text, award.price, award.ratio,
        str(award.period) if award.period is not None else None,
    )  # fmt: skip
    if not award.volumes:
        yield (*head, None, None, None, None)
    for volume in award.volumes:
        yield (*head, volume.region_code, volume.region.name, volume.base, volume.agreed)


def picks(found: Iterable[Pick], lots: dict[int, tuple[int, str]]) -> Sheet:
    """Return the region draft as a sheet."""
    rows = [(*lots[one.lot_id], one.region_code, one.region.name, label(one.role), one.company.name, one.turn)
            for one in found]  # fmt: skip
    return Sheet("区域选择", PICKS, rows)


def table(found: BidTable) -> tuple[Sequence[str], list[tuple[Value, ...]]]:
    """Return the flat table that `jicai award evaluate` reads: headers and rows."""
    return (*NAMES, *found.extra), [_bid(row, found.extra) for row in found.rows]


def _bid(row: BidRow, extra: Sequence[str]) -> tuple[Value, ...]:
    values: dict[str, Any] = {name: getattr(row, name) for name in NAMES}
    values |= {name: int(values[name]) for name in ("declared", "is_reference", "revival_offer")}
    values["form"] = row.form.value
    return (*(values[name] for name in NAMES), *(_cell(row.extra.get(name)) for name in extra))


def _cell(value: Extra) -> Value:
    """Write a value as the table's reader takes it: flags 0 or 1, dates 2026-01-31, numbers in full."""
    return written(value) if isinstance(value, bool | date) else value


def result(found: BidTable, rule_set: RuleSet) -> dict[str, Any]:
    """Return the result as the command line writes it for the same table, rule set, draws and regions."""
    return as_json(evaluate(found.rows, rule_set, draws=found.draws, regions=found.regions or None))


export("procurement.rounds", _l("Rounds"), P.ROUND_READ, rounds)
