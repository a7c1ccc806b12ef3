"""A region's dual-channel lists: each row an entry of the national list, its list, its days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.queries import companies
from catalogue.dual_channel.models.drugs import ListedDrug
from catalogue.dual_channel.queries import drugs as queries
from catalogue.dual_channel.queries import regions
from catalogue.dual_channel.rules.listing import Layer, Term, must_hold
from catalogue.dual_channel.services import drugs as services
from catalogue.editions.models import ListEntry
from catalogue.editions.rules.parts import AGREED, PART_NAMES
from catalogue.editions.rules.texts import key
from importers.columns import Choice, Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import DomainError, Issue

DAY = timedelta(days=1)
LAYERS = (
    Choice(Layer.ORDINARY.value, "普通", "Ordinary"),
    Choice(Layer.SEPARATE.value, "单独支付", "Separate payment"),
)
PARTS = tuple(Choice(part.value, PART_NAMES[part]) for part in sorted(AGREED))


@dataclass(slots=True)
class _Standing:
    """What the rows are compared with."""

    regions: frozenset[str]
    parts: dict[str, tuple[str, ...]]
    entries: Mapping[tuple[str, str, int], ListEntry]
    listed: Mapping[tuple[str, int, Layer], ListedDrug]
    terms: dict[tuple[str, str, Layer], list[tuple[int, Term]]]
    """Days by region, drug and list, as the file would leave them."""


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Find every row's entry, check its days, and compare with the lists as they stand."""
    out, stands = Plan(), _standing(session, rows)
    for row in rows:
        entry = stands.entries.get((row["edition"], row["part"], row["number"]))
        issues, term = _issues(row, entry, stands), _term(row)
        if not issues and entry is not None:
            issues = _day_issues(row, entry, term, stands)
        if issues or entry is None:
            out.issues += issues
        else:
            _compare(out, row, entry, term, stands)
    return out


def _standing(session: Session, rows: Rows) -> _Standing:
    listed = queries.by_entry(session)
    terms: dict[tuple[str, str, Layer], list[tuple[int, Term]]] = {}
    for each in listed.values():
        terms.setdefault((each.region_code, each.drug_key, each.layer), []).append((each.entry_id, each.term))
    codes = {row["region_code"] for row in rows}
    known = companies.region_codes(session)
    parts = {code: tuple(regions.parameters(session, code).value("list.parts")) for code in codes & known}
    editions = {row["edition"] for row in rows}
    entries = queries.entries_by_place(session, editions)
    for row in rows:  # what the file says of an entry counts, wherever its row stands
        if entry := entries.get((row["edition"], row["part"], row["number"])):
            line = terms.setdefault((row["region_code"], entry.name_key, Layer(row["layer"])), [])
            line[:] = [pair for pair in line if pair[0] != entry.id] + [(entry.id, _term(row))]
    return _Standing(known, parts, entries, listed, terms)


def _term(row: Row) -> Term:
    return Term(row["begins_on"], _after(row["leaves_on"]), _after(row["transition_until"]))


def _after(last: date | None) -> date | None:
    return last + DAY if last is not None and last < date.max else last


def _issues(row: Row, entry: ListEntry | None, stands: _Standing) -> list[Issue]:
    found = [row.issue("no-such-day", name) for name in ("leaves_on", "transition_until") if row[name] == date.max]
    if row["region_code"] not in stands.regions:
        found.append(row.issue("dual-region-unknown", "region_code"))
    elif row["part"] not in stands.parts[row["region_code"]]:
        found.append(row.issue("dual-part-not-listed", "part"))
    if entry is None:
        found.append(row.issue("dual-unknown-entry", "number"))
    elif row["name"] is not None and key(row["name"]) != entry.name_key:
        found.append(row.issue("dual-other-name", "name", name=entry.name))
    return found


def _day_issues(row: Row, entry: ListEntry, term: Term, stands: _Standing) -> list[Issue]:
    try:
        must_hold(term)
    except DomainError as refusal:
        column = "leaves_on" if refusal.code == "dual-leaves-before-beginning" else "transition_until"
        return [row.issue(refusal.code, column)]
    layer = Layer(row["layer"])
    line = stands.terms[(row["region_code"], entry.name_key, layer)]
    if any(entry_id != entry.id and _overlap(other, term) for entry_id, other in line):
        return [row.issue("dual-listed-already", "begins_on", name=entry.name, layer=layer)]
    return []


def _overlap(one: Term, other: Term) -> bool:
    """Say whether two terms share a day; one whose days are in the wrong order is told at its own row."""
    try:
        return must_hold(one).whole.overlaps(other.whole)
    except DomainError:
        return False


def _compare(out: Plan, row: Row, entry: ListEntry, term: Term, stands: _Standing) -> None:
    old = stands.listed.get((row["region_code"], entry.id, Layer(row["layer"])))
    if old is None:
        out.creates.append(row.planned(title=entry.name, entry_id=entry.id, term=term))
        return
    before = _before(row, old)
    if before:
        out.changes.append(row.planned(title=entry.name, before=before, drug_id=old.id, term=term))
    else:
        out.unchanged += 1


def _before(row: Row, old: ListedDrug) -> dict[str, Any]:
    stands: dict[str, Any] = {
        "begins_on": old.begins_on, "leaves_on": _last(old.leaves_on), "transition_until": _last(old.transition_until),
        "reason": old.reason, "note": old.note,
    }  # fmt: skip
    return {name: value for name, value in stands.items() if (value or None) != row[name]}


def _last(until: date | None) -> date | None:
    return until - DAY if until is not None else None


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write the rows through the verbs of dual channel; what ends earlier goes first, so that a successor fits."""
    for item in (*plan.changes, *plan.creates):
        values = item.values
        origin = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet, "row": item.row}
        draft = services.DrugDraft(values["term"], values.get("reason") or "", values.get("note") or "")
        if "drug_id" in values:
            services.change_drug(
                session, drug_id=values["drug_id"], draft=draft, actor=actor, at=at, origin=origin
            )  # fmt: skip
        else:
            services.list_drug(
                session, region_code=values["region_code"], entry_id=values["entry_id"], layer=Layer(values["layer"]),
                draft=draft, actor=actor, at=at, origin=origin,
            )  # fmt: skip


KIND = Kind(
    name="dual-channel",
    version=1,
    title_zh="双通道药品名单",
    title_en="Dual-channel drugs",
    permission=P.DUAL_WRITE,
    columns=(
        Column("region_code", "地区代码", "Region code", ColumnKind.CODE, required=True, length=(2, 4, 6),
               aliases=("行政区划代码", "统筹区代码"), example="320000"),
        Column("edition", "目录版本", "Edition", ColumnKind.CODE, required=True, width=10, example="2024",
               aliases=("目录年份",), help_zh="已发布的目录版本", help_en="An edition that was issued"),
        Column("part", "部分", "Part", ColumnKind.CHOICE, required=True, choices=PARTS, width=14),
        Column("number", "编号", "Number", ColumnKind.INT, required=True, width=8, example="12",
               aliases=("目录编号",), help_zh="条目在该部分的编号", help_en="The entry's number in its part"),
        Column("name", "药品名称", "Name", max_length=8_000, width=32, aliases=("通用名", "通用名称"),
               help_zh="填写时与目录核对", help_en="Compared with the list where it is filled in"),
        Column("layer", "名单", "List", ColumnKind.CHOICE, required=True, choices=LAYERS, width=12,
               aliases=("支付类型",)),
        Column("begins_on", "开始日期", "First day", ColumnKind.DATE, required=True, width=12, example="2025-01-01",
               aliases=("生效日期",)),
        Column("leaves_on", "终止日期", "Last day", ColumnKind.DATE, width=12, example="2026-12-31",
               help_zh="含当日；在名单内的留空", help_en="Belongs to the list; empty while it stays"),
        Column("transition_until", "过渡期截止日期", "Transition until", ColumnKind.DATE, width=16,
               help_zh="含当日", help_en="The last day"),
        Column("reason", "终止原因", "Why it leaves", max_length=500, width=24),
        Column("note", "备注", "Note", max_length=500, width=24),
    ),
    key=("region_code", "edition", "part", "number", "layer"),
    plan=plan,
    apply=apply,
    back=("catalogue.dual_drugs", {}),
)  # fmt: skip
