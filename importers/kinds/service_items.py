"""Items of medical services: the norm of 2001, guidelines, local lists; the export of the list comes back as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from importers.columns import Choice, Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.errors import DomainError, NotFound
from kernel.parties.models import Region
from kernel.periods import read_day
from kernel.policy import covers, nationwide
from pricing.items.flow import ItemStandard, Pricing
from pricing.items.queries import items
from pricing.items.rules.items import (
    LISTS,
    PLAIN,
    PRICING_WORDS,
    Content,
    Draft,
    Edition,
    Last,
    add_ons,
    cells,
    edition,
    exclusions,
)  # fmt: skip
from pricing.items.services.items import put_items

PRICINGS = tuple(Choice(one.value, PRICING_WORDS[one], one.value) for one in Pricing)
UNSAID: Mapping[str, Any] = {"pricing": Pricing.GUIDED, "technical": False, "variable": False, "listed_price": None}
"""What an empty cell means; of all other columns it is no text."""


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Say whose catalogue it is, under which standard, and from which day on it holds (today)."""
    region, standard = query.get("region", ""), query.get("standard", ItemStandard.NORM_2001.value)
    if standard not in set(ItemStandard) or not _may(session, region, actor):
        raise NotFound(standard=standard, region=region)
    day = read_day(query.get("day") or today(at).isoformat())
    if day is None:
        raise NotFound(day=query["day"])
    return {"region": region, "standard": standard, "day": day.isoformat()}


def _may(session: Session, region: str, actor: Actor) -> bool:
    """Say whether an officer may change a catalogue: that of his region or below, the nation's from a province."""
    if not region:
        return nationwide(actor.region)
    return session.get(Region, region) is not None and covers(actor.region, region)


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare with the last version of each item; columns that the workbook lacks stay as they are."""
    out, day = Plan(), date.fromisoformat(context["day"])
    last = items.last_versions(session, [code for code in rows.columns["code"] if code], context["region"])
    for row in rows:
        old = last.get(row["code"])
        try:
            draft = _draft(row, rows, old)
            act = edition(draft, old, starts_on=day)
        except DomainError as refusal:
            out.issues.append(row.issue(refusal.code, str(refusal.facts.pop("column", "code")), **refusal.facts))
            continue
        if old is not None and old.standard != context["standard"]:
            out.issues.append(row.issue("service-other-standard", "code", item=row["code"]))
        else:
            _sort(out, row, draft, old, act)
    return out


def _draft(row: Row, rows: Rows, old: Last | None) -> Draft:
    given = {name: UNSAID.get(name, "") if row[name] is None else row[name] for name in PLAIN if name in rows.columns}
    if "pricing" in given:
        given["pricing"] = Pricing(given["pricing"])
    content = replace(old.content if old else Content(name="", unit=""), **given)
    for name, kind in LISTS.items():
        if name in rows.columns:
            others = [one for one in content.add_ons if one.kind is not kind]
            content = replace(content, add_ons=tuple(sorted([*others, *_read(add_ons, name, row, kind)])))
    if "exclusions" in rows.columns:
        content = replace(content, exclusions=_read(exclusions, "exclusions", row))
    return Draft(row["code"], content, row.number)


def _read(reader: Any, column: str, row: Row, *given: Any) -> Any:
    try:
        return reader(*given, row[column] or "")
    except DomainError as refusal:
        refusal.facts["column"] = column
        raise


def _sort(out: Plan, row: Row, draft: Draft, old: Last | None, act: Edition) -> None:
    new = cells(draft.content)
    if old is None:
        out.creates.append(row.planned(title=draft.content.name, **new, draft=draft))
    elif act is Edition.KEEP:
        out.unchanged += 1
    else:
        before = {name: value for name, value in cells(old.content).items() if value != new[name]}
        out.changes.append(row.planned(title=draft.content.name, before=before, **new, draft=draft))


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Put all of them at once."""
    drafts = [item.values["draft"] for item in (*plan.creates, *plan.changes)]
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    put_items(
        session, drafts, standard=ItemStandard(context["standard"]), starts_on=date.fromisoformat(context["day"]),
        region_code=context["region"], import_id=source.import_id, actor=actor, at=at, facts=facts,
    )  # fmt: skip


def _text(name: str, zh: str, en: str, *aliases: str, width: int = 24, help_zh: str = "", help_en: str = "") -> Column:
    return Column(
        name, zh, en, max_length=4_000, width=width, aliases=aliases, help_zh=help_zh, help_en=help_en
    )  # fmt: skip


LINES_ZH, LINES_EN = "每行一项，如“儿童加收:20%”或“双侧加收:30元”", "One a line, such as 儿童加收:20% or 双侧加收:30元"
KIND = Kind(
    name="service-items",
    version=1,
    title_zh="医疗服务项目",
    title_en="Service items",
    permission=P.SERVICE_WRITE,
    columns=(
        Column("code", "项目编码", "Item code", ColumnKind.CODE, required=True, max_length=40, width=18,
               aliases=("编码", "国家项目编码"), example="210101001"),
        Column("name", "项目名称", "Item", required=True, max_length=200, width=32, aliases=("名称",),
               example="普通透视"),
        Column("unit", "计价单位", "Unit", max_length=60, width=12, aliases=("单位",), example="次"),
        Column("category_code", "类目编码", "Category code", ColumnKind.CODE, width=12, example="2101"),
        _text("category_name", "类目名称", "Category", "类目"),
        _text("charge_class", "费用类别", "Class of charge", "class", "财务分类", width=10),
        _text("connotation", "项目内涵", "Connotation", "内涵", width=40),
        _text("excluded", "除外内容", "Excluded content", width=32),
        Column("exclusions", "除外耗材类目", "Excluded consumables", max_length=2_000, width=24,
               help_zh="耗材代码的开头，以分号隔开；这些耗材另行收费",
               help_en="Beginnings of consumables' codes with semicolons; these are charged beside the item",
               example="C0201010520"),
        _text("output", "服务产出", "Service output", width=40),
        _text("composition", "价格构成", "Price composition", width=40),
        _text("adds", "加收项", "Add-ons", help_zh=LINES_ZH, help_en=LINES_EN),
        _text("reductions", "减收项", "Reductions", help_zh=LINES_ZH, help_en=LINES_EN),
        _text("extensions", "扩展项", "Extensions", help_zh="每行一项，与主项目同价",
              help_en="One a line, at the main item's price"),
        _text("specification", "规格", "Specification", "spec", width=14),
        _text("origin", "产地", "Origin", width=14),
        Column("pricing", "定价方式", "Who sets the price", ColumnKind.CHOICE, choices=PRICINGS, width=14),
        Column("technical", "技术劳务", "Technical labour", ColumnKind.FLAG, width=10, aliases=("技术劳务为主",)),
        Column("variable", "变价", "Variable price", ColumnKind.FLAG, width=8, aliases=("price_variable",),
               help_zh="收费时定价", help_en="The price is set on the bill"),
        Column("listed_price", "目录价格", "Price of the catalogue", ColumnKind.PRICE, width=12,
               aliases=("price_yuan",), help_zh="元；目录所载，不作为执行价格",
               help_en="Yuan, as the catalogue prints it; prices in force come by price table"),
        _text("note", "说明", "Note", "计价说明", "备注", width=32),
    ),
    key=("code",),
    plan=plan,
    apply=apply,
    context=context,
    notes_zh=("同一目录中已有的项目：内容不同的，自导入页所示日期起为新版本。",),
    notes_en=("An item that stands already has a new version from the day of the import page on where it differs.",),
    back=("pricing.service_items", {}),
)  # fmt: skip
