"""Rows of editions for workbooks. An edition's headers are those of its import, so that it imports as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from catalogue.editions.models import Edition, ListClass, ListEntry, ListMatch
from catalogue.editions.queries.comparing import compared
from catalogue.editions.rules.comparison import Change, Listed
from catalogue.editions.rules.parts import GRADE_NAMES, PART_NAMES
from kernel.downloads.tables import of_query, rows_of
from kernel.i18n import _, label, listed
from kernel.periods import Period, last_day
from kernel.sheets import Sheet, Value

ENTRIES = (
    "部分", "药品分类代码", "药品分类", "甲乙类", "编号", "药品名称", "剂型", "医保支付标准", "备注", "协议有效期",
    "来源工作表", "来源行号",
)  # fmt: skip


def list_sheet(session: Session, query: Select[Edition]) -> Sheet:
    """Return the editions with their periods."""
    columns: dict[str, Any] = {
        _("Edition"): lambda each: each.code, _("Title"): lambda each: each.title,
        _("State"): lambda each: label(each.state), _("From"): lambda each: each.valid_from,
        _("Until"): lambda each: last_day(each.period),
        _("Issued"): lambda each: each.issued_at, _("By"): lambda each: each.issued_name or None,
    }  # fmt: skip
    return of_query(session, _("Editions"), query, columns)


def edition_sheet(session: Session, *, edition: Edition) -> Sheet:
    """Return an edition in the order of the list, classes above their entries."""
    placed: list[tuple[int, Sequence[Value]]] = []
    for each in session.scalars(select(ListClass).where(ListClass.edition_id == edition.id)):
        placed.append((each.position, (PART_NAMES[each.part], each.code, each.name, *[None] * 9)))
    for entry in session.scalars(select(ListEntry).where(ListEntry.edition_id == edition.id)):
        placed.append((entry.position, _entry_row(entry)))
    rows = [row for _position, row in sorted(placed, key=lambda pair: pair[0])]
    return Sheet("数据", ENTRIES, rows, widths={"药品名称": 36, "备注": 48, "医保支付标准": 28, "药品分类": 28})


def entry_sheet(session: Session, query: Select[ListEntry]) -> Sheet:
    """Return the entries that a filter shows, without their classes."""
    return rows_of(session, "数据", ENTRIES, query, _entry_row, widths={"药品名称": 36, "备注": 48})


def match_sheet(session: Session, query: Select[ListMatch]) -> Sheet:
    """Return what was matched to an edition, one row for all makers of a product."""
    columns: dict[str, Any] = {
        _("Part"): lambda each: PART_NAMES[each.entry.part], _("Number"): lambda each: each.entry.shown_number,
        _("Name in the list"): lambda each: each.entry.name, _("Product"): lambda each: each.product_name,
        _("Certainty"): lambda each: each.certainty, _("State"): lambda each: label(each.state),
    }  # fmt: skip
    return of_query(session, _("Matches"), query, columns)


def _entry_row(entry: ListEntry) -> Sequence[Value]:
    return (
        PART_NAMES[entry.part], entry.class_code or None, None, GRADE_NAMES[entry.grade] if entry.grade else None,
        entry.shown_number, entry.name, entry.form or None, entry.standard or None, entry.restriction or None,
        printed(entry.agreement), entry.sheet or None, entry.sheet_row,
    )  # fmt: skip


def printed(period: Period | None) -> str | None:
    """Return a period as the list prints it, with its last day."""
    if period is None:
        return None
    days = [period.start, last_day(period) or period.start]
    return "至".join(f"{day.year}年{day.month}月{day.day}日" for day in days)


def comparison_sheet(session: Session, *, old: Edition, new: Edition) -> Sheet:
    """Return all changes from one edition to another, before and after side by side."""
    fields = (
        _("Part"), _("Number"), _("Name in the list"), _("Form in the list"), _("Class code"), _("Class A/B"),
        _("Payment standard"), _("Restriction"),
    )  # fmt: skip
    headers = (_("Change"), *(f"{field} {edition.code}" for field in fields for edition in (old, new)))
    changes = compared(session, old.id, new.id).changes
    return Sheet(f"{old.code} - {new.code}", headers, [_change_row(change) for change in changes])


def _change_row(change: Change) -> Sequence[Value]:
    sides = zip(_side(change.old), _side(change.new), strict=True)
    return (listed(label(kind) for kind in change.kinds), *(value for pair in sides for value in pair))


def _side(entry: Listed | None) -> Iterable[Value]:
    if entry is None:
        return [None] * 8
    grade = label(entry.grade) if entry.grade else None
    texts = (entry.standard, entry.restriction)
    plain = (label(entry.part), entry.number, entry.name, entry.form or None, entry.class_code or None, grade)
    return [*plain, *(text or None for text in texts)]
