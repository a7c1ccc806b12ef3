"""Serious ratings of other provinces: what is new, and when known ones end. Our own stand in the file too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.rules.codes import BadApprovalNumber, product_number
from importers.columns import Choice, Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.errors import Forbidden
from kernel.parties import regions
from kernel.parties.credit import BadCreditCode, credit_code
from kernel.policy import levels
from pricing.credit.flow import Matter
from pricing.credit.national import queries
from pricing.credit.national.flow import LEVELS, MATTERS
from pricing.credit.national.rules import Ended, Known, Told
from pricing.credit.national.services import bring
from pricing.credit.ratings.flow import Level
from pricing.credit.ratings.queries.ratings import governs
from pricing.credit.ratings.rules import RULE_SETS, levels_for

COMPARED = ("company", "code", "matter", "benchmark", "level", "ground", "document", "published_on", "starts_on",
            "products")  # fmt: skip
FIELDS = tuple(Told.__dataclass_fields__)


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Refuse officers of a city: what comes in holds in every province."""
    if not governs(actor, None):
        raise Forbidden(permission=P.CREDIT_RATE)
    return {}


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare each row with what is known: only the day a rating ends may be told later."""
    out = Plan()
    provinces = {code for code, one in regions.by_code(session).items() if one.parent_code is None}
    known = queries.known(session, {row["number"] for row in rows if row["number"]})
    for row in rows:
        if not (wrong := _wrong(row, provinces, today(at))):
            _compare(out, row, _told(row), known.get((row["region"], row["number"])), actor)
        out.issues += wrong
    return out


def _wrong(row: Row, provinces: set[str], day: date) -> list[Any]:
    """Return what can't be so."""
    wrong = []
    if row["region"] not in provinces:
        wrong.append(row.issue("national-no-province", "region", value=row["region"]))
    try:
        credit_code(row["code"])
    except BadCreditCode as error:
        wrong.append(row.issue(error.code, "code", value=row["code"], credit_code=row["code"]))
    wrong += _wrong_level(row) + _wrong_products(row)
    if row["published_on"] > day:
        wrong.append(row.issue("national-future", "published_on", value=str(row["published_on"])))
    if row["starts_on"] < row["published_on"]:  # measures follow the publication (credit.md, "Procedure")
        wrong.append(row.issue("national-start", "starts_on", value=str(row["starts_on"])))
    if row["ends_on"] is not None and row["ends_on"] < row["starts_on"]:
        wrong.append(row.issue("national-span", "ends_on", value=str(row["ends_on"])))
    return wrong


def _wrong_level(row: Row) -> list[Any]:
    version, level, matter = row["benchmark"], Level(row["level"]), Matter(row["matter"])
    if (version, level) not in queries.SERIOUS:
        return [row.issue("national-level", "level", value=LEVELS[level], version=version)]
    if level not in levels_for(version, matter):
        told = {"value": LEVELS[level], "version": version, "matter": MATTERS[matter]}
        return [row.issue("national-no-level", "level", **told)]
    return []


def _wrong_products(row: Row) -> list[Any]:
    written, wrong = _parts(row["products"]), []
    if not written and (row["benchmark"], Level(row["level"])) in queries.EVERYWHERE:
        wrong.append(row.issue("national-no-products", "products"))
    for one in written:
        try:
            product_number(one)
        except BadApprovalNumber as error:
            wrong.append(row.issue(error.code, "products", number=one))
    return wrong


def _parts(written: str | None) -> list[str]:
    return [one.strip() for one in re.split(r"[;；,，、\n]", written or "") if one.strip()]


def _told(row: Row) -> Told:
    same = ("number", "company", "benchmark", "published_on", "starts_on", "ends_on")
    return Told(
        **{name: row[name] for name in same}, region_code=row["region"], code=credit_code(row["code"]),
        matter=Matter(row["matter"]), level=Level(row["level"]), ground=row["ground"] or "",
        document=row["document"] or "",
        products=tuple(sorted({product_number(one) for one in _parts(row["products"])})),
    )  # fmt: skip


def _compare(out: Plan, row: Row, told: Told, known: Known | None, actor: Actor) -> None:
    title = f"{told.number} {told.company}"
    given: dict[str, Any] = {name: getattr(told, name) for name in FIELDS}
    if known is None and told.region_code in levels(actor.region):  # a rating takes notice, defence and two persons
        out.issues.append(row.issue("national-here", "number", number=told.number))
        return
    if known is None:
        out.creates.append(row.planned(title=title, **given))
        return
    fixed = (*COMPARED, "ends_on") if known.own else COMPARED
    if differ := [name for name in fixed if getattr(known, name) != getattr(told, name)]:
        code = "national-own" if known.own else "national-differs"
        out.issues += [row.issue(code, name, number=told.number, before=_held(known, name)) for name in differ]
    elif known.ends_on == told.ends_on:
        out.unchanged += 1
    else:
        out.changes.append(row.planned(title=title, before={"ends_on": known.ends_on}, **given))


def _held(known: Known, name: str) -> str:
    """Return what is known of a rating in the words of the file."""
    words = {"matter": MATTERS[known.matter], "level": LEVELS[known.level], "products": "；".join(known.products)}
    return words.get(name) or str(getattr(known, name))


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Keep what is new, and the days on which known ones end."""
    rows = [Told(**{name: item.values[name] for name in FIELDS}) for item in plan.creates]
    ended = {(one.values["region_code"], one.values["number"]): Ended(one.before["ends_on"], one.values["ends_on"])
             for one in plan.changes}  # fmt: skip
    bring(session, rows=rows, ended=ended, source={"digest": source.digest}, actor=actor, at=at)


KIND = Kind(
    name="national-ratings",
    version=1,
    title_zh="严重失信汇总",
    title_en="Serious ratings of all provinces",
    permission=P.CREDIT_RATE,
    columns=(
        Column("number", "编号", "Number", required=True, max_length=40, width=20, example="XYPJ2026-000001"),
        Column("region", "地区代码", "Province", ColumnKind.CODE, required=True, example="320000"),
        Column("company", "企业", "Company", required=True, max_length=200, width=32, example="明川药业有限公司"),
        Column("code", "统一社会信用代码", "Credit code", ColumnKind.CODE, required=True, width=24,
               example="91320000MA1ABCDE0X"),
        Column("matter", "失信事项", "Matter", ColumnKind.CHOICE, required=True, example="给予回扣",
               choices=tuple(Choice(one.value, text, one.value) for one, text in MATTERS.items())),
        Column("benchmark", "裁量基准", "Version of the benchmark", ColumnKind.CHOICE, required=True, example="2025",
               choices=tuple(Choice(one, one, one) for one in RULE_SETS.ids())),
        Column("level", "等级", "Level", ColumnKind.CHOICE, required=True, example="特别严重失信",
               choices=tuple(Choice(one.value, text, one.value) for one, text in LEVELS.items())),
        Column("ground", "依据", "Ground", present=True, max_length=400, width=40),
        Column("document", "文书", "Document", present=True, max_length=120, width=28),
        Column("published_on", "公布日期", "Published on", ColumnKind.DATE, required=True, example="2026-10-12"),
        Column("starts_on", "生效日期", "Measures from", ColumnKind.DATE, required=True, example="2026-10-20"),
        Column("ends_on", "失效日期", "Lapses on", ColumnKind.DATE, present=True, example="2029-10-12",
               help_zh="不再执行的第一天；修复后再次导入", help_en="The first day on which it no longer counts"),
        Column("products", "涉及产品批准文号", "Approval numbers of the products", present=True, max_length=4000,
               width=40, example="国药准字H20045678", help_zh="以分号分隔", help_en="Parted by semicolons"),
    ),
    key=("region", "number"),
    context=context,
    plan=plan,
    apply=apply,
    back=("pricing.credit_national", {}),
)  # fmt: skip
