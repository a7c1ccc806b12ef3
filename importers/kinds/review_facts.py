"""Review facts of a round in long form: a row for each opened bid and each item that the rules ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from importers.columns import Choice, Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import Conflict, NotFound
from kernel.identity import record_id
from procurement.bids import queries as bids
from procurement.bids.models import OpenedLine
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import facts, rounds
from procurement.rounds.queries.table import texts
from procurement.rounds.rules.columns import Item, item
from procurement.rounds.rules.columns import Kind as Cell
from procurement.rounds.services import facts as services
from procurement.rounds.services.facts import Fact

ITEMS = {
    Item.ANTIMICROBIAL: ("抗菌药物", "Antimicrobial"),
    Item.APPROVAL_DATE: ("批准日期", "Approval date"),
    Item.CLASS_B_LINE: ("B 类线（元/最小单位）", "Class B line (yuan/unit)"),
    Item.FULL_SUPPLY: ("承诺满足全部供应", "Commits to full supply"),
    Item.GRADE: ("分量等级", "Grade for the volume"),
    Item.INCUMBENT: ("原中选企业", "Supplies already (incumbent)"),
    Item.INTENDED_VOLUME: ("意向采购量", "Intended volume"),
    Item.LOWEST_PROVINCIAL_PRICE: ("省级最低价（元/最小单位）", "Lowest provincial price (yuan/unit)"),
    Item.MATERIAL: ("材质", "Material"),
    Item.OWN_INGREDIENT: ("自产原料药", "Own active ingredient"),
    Item.QUALITY_LEVEL: ("质量层次", "Quality level"),
    Item.REGIONS_COVERED: ("覆盖地区数", "Regions covered"),
    Item.REQUIRED_FEATURE: ("具备要求的特征", "Has the required feature"),
    Item.SALES: ("销售量", "Sales"),
    Item.SCORE_PRICE: ("价格得分", "Price score"),
    Item.SCORE_QUALITY: ("质量得分", "Quality score"),
    Item.SERVICE_FEE: ("伴随服务费（元）", "Service fee (yuan)"),
}
FLAGS = {"是": "1", "yes": "1", "true": "1", "否": "0", "no": "0", "false": "0"}
CONTENTS = {Cell.NUMBER: "123.45", Cell.FLAG: "1 / 0", Cell.DATE: "2026-01-31", Cell.TEXT: "…"}
Place = tuple[int, str, str]
"""Lot number, the company's code, specification: how a row names a bid."""


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Which round: one whose rules ask for facts, from the opening to the award."""
    wanted = query.get("round", "")
    found = rounds.one(session, record_id(wanted) or 0, actor)
    if not facts.asked_of(found):
        raise NotFound(round=found.id)
    if not facts.open_for(found, actor):
        raise Conflict("not-under-evaluation", code=found.code)
    return {"round": found.id}


def lists(session: Session, *, context: Context, actor: Actor, at: datetime) -> Mapping[str, Sequence[Choice]]:
    """The items that the round's rules ask for."""
    names = [column.name for column in facts.asked_of(rounds.one(session, context["round"], actor))]
    return {"item": [Choice(name, *_words(name)) for name in names]}


def _words(name: str) -> tuple[str, str]:
    known = item(name)
    if isinstance(known, Item) and known in ITEMS:
        return ITEMS[known]
    if name.startswith("score_"):
        return f"评分：{name.removeprefix('score_')}", f"Score: {name.removeprefix('score_')}"
    return name, name


def _places(session: Session, round_: Round) -> Iterator[tuple[Place, facts.Place, Mapping[str, Any]]]:
    """Every opened bid as rows name it, as the service knows it, and as the template shows it."""
    lots = {lot.id: lot for lot in rounds.lots(session, round_)}
    named = texts(lots.values())
    lines: list[OpenedLine | facts.Unpriced] = [*bids.opened_lines(session, round_.box_id)]
    for line in [*lines, *facts.unpriced(session, round_)]:
        lot, company, text = lots[line.lot_id], line.bid.company, named[line.lot_id, line.specification_id]
        shown = {"lot": lot.number, "variety": lot.variety.name, "code": company.code, "company": company.name,
                 "specification": text}  # fmt: skip
        yield (lot.number, company.code, text), (line.lot_id, line.company_id, line.specification_id), shown


def prefill(session: Session, *, context: Context, actor: Actor, at: datetime) -> Iterable[Mapping[str, Any]]:
    """A row for each bid and item, with what stands there."""
    round_ = rounds.one(session, context["round"], actor)
    stored = facts.stored(session, round_)
    asked_in, bears = facts.asked_by_lot(session, round_), facts.places(session, round_)
    for _place, place, shown in _places(session, round_):
        for column in asked_in.get(place[0], ()) if place in bears else ():
            fact = stored.get((*place, column.name))
            yield {
                **shown, "item": column.name, "form": " / ".join(column.options) or CONTENTS.get(column.kind, ""),
                "needed": column.filled, "value": fact.value if fact else None, "source": fact.source if fact else None,
            }  # fmt: skip


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Read every row as the rules' table is read, and compare it with what stands."""
    round_ = rounds.one(session, context["round"], actor)
    known = {place: ids for place, ids, _shown in _places(session, round_)}
    flags = {column.name for column in facts.asked_of(round_) if column.kind is Cell.FLAG}
    asked = [(row, _fact(row, known, flags)) for row in rows]
    read, wrong = services.check(session, round_=round_, facts=[fact for _row, fact in asked])
    stored = facts.stored(session, round_)
    out = Plan()
    for position, (row, fact) in enumerate(asked):
        if position in wrong:
            issue = wrong[position]
            cell = "specification" if issue.code == "fact-unknown-bid" else "value"
            out.issues.append(row.issue(issue.code, cell, **issue.facts))
        else:
            _compare(out, row, fact, read[position], stored.get(fact.key))
    return out


def _fact(row: Row, known: Mapping[Place, facts.Place], flags: set[str]) -> Fact:
    place = known.get((row["lot"], row["code"], row["specification"]), (0, 0, -row.number))
    value = row["value"] or ""
    if row["item"] in flags:
        value = FLAGS.get(value.casefold(), value)
    return Fact(*place, row["item"], value, row["source"] or "")


def _compare(out: Plan, row: Row, fact: Fact, value: str, old: Any) -> None:
    """Blank takes a value back; a blank source keeps the one that stands."""
    if (value == (old.value if old else "")) and (not value or fact.source.strip() in ("", old.source)):
        out.unchanged += 1
        return
    title = f"{row['lot']} {row['company'] or row['code']} {row['specification']}　{row['item']}"
    made = [fact.lot_id, fact.company_id, fact.specification_id, fact.column, value, fact.source]
    if old is None:
        out.creates.append(row.planned(title=title, fact=made))
    else:
        before = {"value": old.value} if value != old.value else {"source": old.source}
        out.changes.append(row.planned(title=title, before=before, fact=made))


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Record them in one act."""
    made = [Fact(*row.values["fact"]) for row in (*plan.creates, *plan.changes)]
    services.record(session, round_id=context["round"], facts=made, actor=actor, at=at)


KIND = Kind(
    name="review-facts",
    version=1,
    title_zh="评审资料",
    title_en="Review facts",
    permission=P.ROUND_EVALUATE,
    columns=(
        Column("lot", "品种序号", "Lot", ColumnKind.INT, required=True, locked=True, width=10),
        Column("variety", "品种", "Variety", locked=True, width=28),
        Column("code", "企业统一社会信用代码", "Company's unified social credit code", ColumnKind.CODE, required=True,
               locked=True, width=24),
        Column("company", "企业", "Company", locked=True, width=28),
        Column("specification", "规格", "Specification", required=True, locked=True, width=18),
        Column("item", "项目", "Item", ColumnKind.CHOICE, required=True, locked=True, width=24),
        Column("form", "填写格式", "Form of the value", locked=True, width=16),
        Column("needed", "必填", "Needed", ColumnKind.FLAG, locked=True, width=8,
               help_zh="缺少必填项目时不能评审", help_en="Without it the round can't be evaluated"),
        Column("value", "值", "Value", present=True, max_length=services.LONGEST, width=18,
               help_zh="按填写格式；是否类填 1 或 0；留空即撤回已录入的值",
               help_en="As the form says; 1 or 0 for yes or no; empty takes a value back"),
        Column("source", "来源", "Where it comes from", max_length=services.LONGEST, width=30,
               help_zh="例如企业申报材料、注册证；留空则保留已录入的来源",
               help_en="For example a company's statement; empty keeps the one that stands"),
    ),
    key=("lot", "code", "specification", "item"),
    plan=plan,
    apply=apply,
    context=context,
    prefill=prefill,
    lists=lists,
    back=("procurement.round_facts", {"round_id": "round"}),
)  # fmt: skip
