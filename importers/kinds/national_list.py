"""An edition of the national drug list: the official workbook as it is, or one flat sheet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.editions.flow import EditionState
from catalogue.editions.queries import editions as queries
from catalogue.editions.rules.counts import Line, count
from catalogue.editions.rules.drafted import COMPARED, DraftClass, DraftEntry, Origin
from catalogue.editions.rules.parts import (
    AGREED,
    GRADE_NAMES,
    PART_NAMES,
    Grade,
    Number,
    Part,
    class_level,
    parent_of,
    read_number,
)
from catalogue.editions.rules.standards import CONFIDENTIAL, agreement, payment_lines
from catalogue.editions.rules.texts import full_name, tidy
from catalogue.editions.services import editions as services
from importers.columns import Choice, Column, ColumnKind, Plan, Planned, Row, Rows
from importers.kinds._official_list import flatten
from importers.labels import short_names
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import DomainError, Issue
from kernel.i18n import _l


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Take the edition's code; an edition that is not there yet is begun at the confirmation."""
    code = query.get("edition", "").strip()
    if not code:
        raise DomainError("edition-missing")
    services.must_be_code(code)
    return {"edition": code}


@dataclass(slots=True)
class _Standing:
    """What the edition holds, and what the file holds of it."""

    fixed: bool = False
    classes: dict[tuple[Part, str], str] = field(default_factory=dict)
    entries: dict[tuple[Part, int, int], dict[str, Any]] = field(default_factory=dict)
    coming: dict[tuple[Part, str], tuple[str, int]] = field(default_factory=dict)
    numbered: dict[tuple[Part, int], int] = field(default_factory=dict)
    """Where the entry of a number stands: its row in the file, 0 in the edition."""
    shown: dict[tuple[Part, int], int] = field(default_factory=dict)
    """The same row as the official sheet counts it."""
    codes: dict[Part, set[str]] = field(default_factory=lambda: defaultdict(set))
    repeats: Counter[tuple[Part, int]] = field(default_factory=Counter)


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare classes and entries with the draft; every row that can't be taken is told."""
    out, stands = Plan(facts={"counts": _counts(rows)}), _standing(session, context["edition"], rows)
    for row in rows:
        entry = row["number"] is not None or row["name"] is not None or row["class_name"] is None
        issues = _entry_issues(row, stands) if entry else _class_issues(row, stands)
        if issues:
            out.issues += issues
        elif entry:
            _plan_entry(out, row, stands)
        else:
            _plan_class(out, row, stands)
    return out


def _counts(rows: Rows) -> dict[str, Any]:
    """Count the file as it was read, wrong rows too."""
    parts = {written: part for part, written in PART_NAMES.items()} | {part.value: part for part in Part}
    grades = {written: grade for grade, written in GRADE_NAMES.items()} | {grade.value: grade for grade in Grade}
    names = ("part", "number", "name", "grade", "standard")
    cells = zip(*(rows.raw.get(name) or [None] * len(rows) for name in names), strict=True)
    return count(
        Line(parts[part], (number or "").lstrip().startswith("★"), grades.get((grade or "").strip()), bool(standard))
        for part, number, name, grade, standard in cells
        if (number or name) and part in parts
    )


def _standing(session: Session, code: str, rows: Rows) -> _Standing:
    edition, stands = queries.by_code(session, code), _Standing()
    if edition is not None:
        stands.fixed = edition.state is not EditionState.DRAFT
        stands.classes = queries.standing_classes(session, edition.id)
        stands.entries = queries.standing_entries(session, edition.id)
        stands.numbered = {(part, number): 0 for part, number, occurrence in stands.entries if not occurrence}
    first: dict[tuple[Part, int], int] = {}
    for row in rows:
        number = read_number(row["number"] or "")
        if number and not number.repeat:
            first.setdefault((Part(row["part"]), number.value), row.number)
            stands.shown.setdefault((Part(row["part"]), number.value), row["row"] or row.number)
        elif row["class_code"] and row["class_name"] and not row["number"]:
            stands.coming.setdefault((Part(row["part"]), row["class_code"]), (tidy(row["class_name"]), row.number))
    stands.numbered |= first
    for part, code in (*stands.coming, *stands.classes):
        stands.codes[part].add(code)
    return stands


def _class_issues(row: Row, stands: _Standing) -> list[Issue]:
    part, code = Part(row["part"]), row["class_code"]
    if code is None or class_level(code) is None:
        return [row.issue("class-code-unreadable", "class_code")]
    issues = []
    name, _row = stands.coming[(part, code)]
    if name != tidy(row["class_name"]):
        issues.append(row.issue("class-named-twice", "class_name", name=name, class_code=code))
    if (class_level(code) or 1) > 1 and parent_of(code, stands.codes[part]) is None:
        issues.append(row.issue("class-without-parent", "class_code", class_code=code))
    return issues


def _plan_class(out: Plan, row: Row, stands: _Standing) -> None:
    found = DraftClass(Part(row["part"]), row["class_code"], tidy(row["class_name"]))
    if stands.coming[found.identity][1] != row.number:
        return  # a heading that comes again
    old = stands.classes.get(found.identity)
    before = {} if old is None else {"class_name": old}
    _plan_row(out, row, f"{found.code} {found.name}", {"draft": found}, old == found.name, before, stands)


def _entry_issues(row: Row, stands: _Standing) -> list[Issue]:
    part, number = Part(row["part"]), read_number(row["number"] or "")
    issues = []
    if number is None:
        issues.append(row.issue("entry-number-unreadable" if row["number"] else "entry-without-number", "number"))
    elif number.repeat and (part, number.value) not in stands.numbered:
        issues.append(row.issue("repeat-of-unknown", "number", number=number.value))
    elif not number.repeat and stands.numbered[(part, number.value)] not in (0, row.number):
        first = stands.shown[(part, number.value)]
        issues.append(row.issue("entry-number-twice", "number", number=number.value, first=first))
    if not tidy(row["name"]):
        issues.append(row.issue("entry-without-name", "name"))
    if part is not Part.DECOCTION:
        issues += _place_issues(row, part, stands)
    if row["agreement"] and agreement(row["agreement"]) is None:
        issues.append(row.issue("agreement-unreadable", "agreement"))
    return issues


def _place_issues(row: Row, part: Part, stands: _Standing) -> list[Issue]:
    """An entry stands in a class and is of class A or B; what is agreed has a standard and a time."""
    code, issues = row["class_code"], []
    if code not in stands.codes[part]:
        issues.append(row.issue("entry-without-class", "class_code"))
    if row["grade"] is None:
        issues.append(row.issue("entry-without-grade", "grade"))
    if part in AGREED:
        issues += [row.issue("agreed-without", name) for name in ("standard", "agreement") if row[name] is None]
    return issues


def _plan_entry(out: Plan, row: Row, stands: _Standing) -> None:
    part, number = Part(row["part"]), read_number(row["number"])
    assert number is not None
    if number.repeat:
        stands.repeats[(part, number.value)] += 1
    found = _draft(row, part, number, stands.repeats[(part, number.value)] if number.repeat else 0)
    old, new = stands.entries.get(found.identity), found.columns()
    before = {name: old[name] for name in COMPARED if old[name] != new[name]} if old is not None else {}
    _plan_row(out, row, found.name, {"draft": found}, old is not None and not before, _shown(before), stands)


def _draft(row: Row, part: Part, number: Number, occurrence: int) -> DraftEntry:
    return DraftEntry(
        part=part, number=number, occurrence=occurrence, grade=Grade(row["grade"]) if row["grade"] else None,
        class_code=row["class_code"] or "", name=full_name(row["name"]), form=tidy(row["form"]),
        standard=tidy(row["standard"]), agreement=agreement(row["agreement"] or ""),
        restriction=tidy(row["restriction"]),
    )  # fmt: skip


def _shown(before: Mapping[str, Any]) -> dict[str, Any]:
    """The old values under the names of the workbook's columns."""
    found = {name: value for name, value in before.items() if not name.startswith("agreed_")}
    if len(found) < len(before):
        found["agreement"] = " – ".join(str(before[name]) for name in ("agreed_from", "agreed_until") if name in before)
    return found


def _plan_row(
    out: Plan, row: Row, title: str, extra: dict[str, Any], same: bool, before: dict[str, Any], stands: _Standing
) -> None:
    if same:
        out.unchanged += 1
    elif stands.fixed:
        out.issues.append(row.issue("edition-row-fixed"))
    else:
        planned = row.planned(title=title, before=before, **extra)
        planned = Planned(planned.row, planned.title, planned.values, planned.before, _warning(row))
        (out.changes if before else out.creates).append(planned)


def _warning(row: Row) -> Issue | None:
    """A payment standard that can't be read is kept as text; a person should look at it."""
    standard = row["standard"]
    if standard and tidy(standard) != CONFIDENTIAL and not payment_lines(standard):
        return row.issue("standard-unread", "standard")
    return None


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Put all of them into the draft; one that is not there yet is begun."""
    edition = queries.by_code(session, context["edition"])
    if edition is None:
        edition = services.create(session, code=context["edition"], actor=actor, at=at)
    items = [(item.values["draft"], _origin(item)) for item in (*plan.creates, *plan.changes)]
    rows = services.Filling(
        classes=[(draft, origin) for draft, origin in items if isinstance(draft, DraftClass)],
        entries=[(draft, origin) for draft, origin in items if isinstance(draft, DraftEntry)],
    )
    reading = services.Reading(source.file_name, source.digest, plan.facts.get("counts", {}), source.import_id)
    services.fill(session, edition_id=edition.id, rows=rows, reading=reading, actor=actor, at=at)


def _origin(item: Planned) -> Origin:
    return Origin(item.row, item.values.get("sheet") or "", item.values.get("row") or item.row)


def _choices(names: Mapping[Any, str], english: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(Choice(code.value, zh, en) for (code, zh), en in zip(names.items(), english, strict=True))


short_names(
    {
        "class-without-parent": _l("No class above"), "repeat-of-unknown": _l("Repeats nothing"),
        "entry-without-number": _l("No number"), "entry-number-twice": _l("Number twice"),
    }
)  # fmt: skip
PARTS = ("Western", "Traditional", "Negotiated western", "Negotiated traditional", "Price-bid", "Decoction pieces")
LONG = 8_000

KIND = Kind(
    name="national-list",
    version=1,
    title_zh="国家医保药品目录",
    title_en="National drug list",
    permission=P.CATALOGUE_WRITE,
    columns=(
        Column(
            "part", "部分", "Part", ColumnKind.CHOICE, required=True, choices=_choices(PART_NAMES, PARTS), width=14,
            help_zh="官方工作簿中一部分为一张表", help_en="One sheet of the official workbook is one part",
        ),
        Column(
            "class_code", "药品分类代码", "Class code", ColumnKind.CODE, example="XA02B",
            help_zh="条目行填所在的最下级分类", help_en="In the row of an entry, the lowest class it stands in",
        ),
        Column(
            "class_name", "药品分类", "Class name", max_length=200, width=28,
            help_zh="只在分类行填写", help_en="In rows of classes only",
        ),
        Column("grade", "甲乙类", "Class A/B", ColumnKind.CHOICE, choices=_choices(GRADE_NAMES, ("A", "B")), width=8),
        Column(
            "number", "编号", "Number", width=10, max_length=20, example="★(8)",
            help_zh="重复列入的写 ★(原编号)", help_en="A repeat is written ★(number of its entry)",
        ),
        Column("name", "药品名称", "Name", max_length=LONG, width=36, example="枸橼酸铋钾"),
        Column("form", "剂型", "Form", max_length=200),
        Column(
            "standard", "医保支付标准", "Payment standard", max_length=LONG, width=28, example="63.00元(10mg/支)",
            help_zh="保密的填 *", help_en="* where it is confidential",
        ),
        Column("restriction", "备注", "Restriction", max_length=LONG, width=40),
        Column(
            "agreement", "协议有效期", "Agreement period", width=30, aliases=("支付标准有效期",),
            example="2024年1月1日至2025年12月31日",
        ),
        Column("sheet", "来源工作表", "Sheet it came from", max_length=100),
        Column("row", "来源行号", "Row it came from", ColumnKind.INT),
    ),
    plan=plan,
    apply=apply,
    context=context,
    back=("catalogue.editions", {}),
    flatten=flatten,
    origin=("sheet", "row"),
    notes_zh=("官方发布的工作簿可直接上传，无须改动。", "一行为一个分类，或一个条目。"),
    notes_en=("The official workbook can be uploaded exactly as it is.", "A row is a class or an entry."),
)  # fmt: skip
