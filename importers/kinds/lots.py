"""A collection's lots, their specifications and caps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.queries import varieties
from catalogue.drugs.rules.codes import VolumeClass
from catalogue.drugs.rules.forms import chinese_name
from importers.columns import Choice, Column, ColumnKind, Plan, Planned, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import Issue
from kernel.identity import record_id
from procurement.demand.flow import CallState
from procurement.demand.queries import calls, lots
from procurement.demand.services import lots as services
from procurement.demand.services.lots import LotDraft

CLASSES = {
    VolumeClass.GENERAL: ("一般", "General"),
    VolumeClass.B: ("B 类", "Class B"),
    VolumeClass.C: ("C 类", "Class C"),
}


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Which collection."""
    wanted = query.get("call", "")
    return {"call": calls.one_call(session, record_id(wanted) or 0, actor).id}


def prefill(session: Session, *, context: Context, actor: Actor, at: datetime) -> Iterable[Mapping[str, Any]]:
    """The lots as they stand."""
    for lot in lots.lots(session, context["call"]):
        for row in lot.specifications:
            yield {
                "variety": lot.variety.code, "name": lot.variety.name, "specification": row.specification.text,
                "form": chinese_name(row.specification.form), "volume_class": lot.volume_class, "cap": row.cap,
            }  # fmt: skip


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Rows of new varieties become lots, in the file's order; of the lots that stand only caps are taken."""
    draft = calls.one_call(session, context["call"], actor).state is CallState.DRAFT
    standing = {lot.variety.code: lot for lot in lots.lots(session, context["call"])}
    drugs = varieties.all_by_code(session)
    classes: dict[str, Any] = {}
    out = Plan()
    for row in rows:
        code, variety = row["variety"], drugs.get(row["variety"])
        issues = _wrong(row, variety, classes)
        if variety is None or issues:
            out.issues += issues
        elif code in standing:
            _caps(out, row, standing[code])
        elif not draft:
            out.issues.append(row.issue("demand-lots-fixed", "variety"))
        else:
            found = _named(row, variety.specifications)
            out.creates.append(
                row.planned(title=variety.name, variety_id=variety.id, specification_ids=[each.id for each in found])
            )
    return out


def _named(row: Row, specifications: Iterable[Any]) -> list[Any]:
    """The specifications a row means: all where it names none."""
    return [
        each
        for each in specifications
        if row["specification"] in (None, each.text) and row["form"] in (None, chinese_name(each.form))
    ]


def _wrong(row: Row, variety: Any, classes: dict[str, Any]) -> list[Issue]:
    if variety is None:
        return [row.issue("demand-unknown-variety", "variety", number=row["variety"])]
    found = []
    if not _named(row, variety.specifications):
        known = "、".join(f"{each.text} {chinese_name(each.form)}" for each in variety.specifications)
        found.append(row.issue("demand-unknown-specification-of", "specification", known=known))
    if row["cap"] is not None and row["cap"] <= 0:
        found.append(row.issue("demand-not-a-price", "cap"))
    if row["volume_class"] and classes.setdefault(row["variety"], row["volume_class"]) != row["volume_class"]:
        found.append(row.issue("demand-class-differs", "volume_class"))
    return found


def _caps(out: Plan, row: Row, lot: Any) -> None:
    named = {each.id for each in _named(row, [each.specification for each in lot.specifications])}
    differing = [each for each in lot.specifications if each.specification_id in named and each.cap != row["cap"]]
    if not named:
        out.issues.append(row.issue("demand-lots-fixed", "specification"))
    elif not differing:
        out.unchanged += 1
    else:
        extra = {"rows": [each.id for each in differing]}
        before = {"cap": differing[0].cap}
        out.changes.append(row.planned(title=f"{lot.number}. {lot.variety.name}", before=before, **extra))


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Add the lots, then set the caps."""
    call_id = context["call"]
    grouped: dict[int, list[Planned]] = defaultdict(list)
    for item in plan.creates:
        grouped[item.values["variety_id"]].append(item)
    drafts = [_draft(variety_id, items) for variety_id, items in grouped.items()]
    added = services.add_lots(session, call_id=call_id, drafts=drafts, actor=actor, at=at) if drafts else []
    rows = {(lot.variety_id, row.specification_id): row.id for lot in added for row in lot.specifications}
    caps = {row_id: item.values["cap"] for item in plan.changes for row_id in item.values["rows"]}
    for variety_id, items in grouped.items():
        for item in items:
            for specification_id in item.values["specification_ids"]:
                caps[rows[(variety_id, specification_id)]] = item.values.get("cap")
    if caps:
        services.set_caps(session, call_id=call_id, caps=caps, actor=actor, at=at)


def _draft(variety_id: int, items: list[Planned]) -> LotDraft:
    chosen = frozenset(each for item in items for each in item.values["specification_ids"])
    written = next((item.values["volume_class"] for item in items if item.values.get("volume_class")), None)
    return LotDraft(variety_id, VolumeClass(written) if written else None, None, chosen)


KIND = Kind(
    name="lots",
    version=1,
    title_zh="报量品种与最高有效申报价",
    title_en="Lots and caps",
    permission=P.DEMAND_SET_UP,
    columns=(
        Column("variety", "品种编号", "Variety number", ColumnKind.CODE, required=True, example="V0001"),
        Column("name", "品种", "Variety", locked=True, width=28, example="氨氯地平口服常释剂型"),
        Column("specification", "规格", "Specification", example="5mg",
               help_zh="留空为该品种全部规格；参比规格总是纳入",
               help_en="Empty: all of the variety; the reference specification is always in"),
        Column("form", "剂型", "Dosage form", example="普通片", help_zh="同一规格有两种剂型时须填写",
               help_en="Needed where two forms share the specification"),
        Column("volume_class", "约定采购量类别", "Volume class", ColumnKind.CHOICE,
               choices=tuple(Choice(each.value, *names) for each, names in CLASSES.items()),
               help_zh="留空为目录中的类别", help_en="Empty: the catalogue's"),
        Column("cap", "最高有效申报价", "Cap", ColumnKind.PRICE, example="1.2000",
               help_zh="元/最小计量单位，4 位小数；可留空，待轮次公布前确定",
               help_en="Yuan per smallest unit, 4 decimals; may stay empty until the round"),
    ),
    key=("variety", "specification", "form"),
    plan=plan,
    apply=apply,
    context=context,
    prefill=prefill,
    back=("procurement.demand_lots", {"call_id": "call"}),
)  # fmt: skip
