"""Two editions side by side."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.editions.models import ListEntry
from catalogue.editions.rules.comparison import Comparison, Listed, compare
from catalogue.editions.rules.parts import Number

COLUMNS = (
    ListEntry.id, ListEntry.part, ListEntry.number, ListEntry.is_repeat, ListEntry.grade, ListEntry.class_code,
    ListEntry.name, ListEntry.form, ListEntry.standard, ListEntry.agreed_from, ListEntry.agreed_until,
    ListEntry.restriction,
)  # fmt: skip


def listed(session: Session, edition_id: int) -> list[Listed]:
    """Return an edition's rows as they are compared, in the order of the list."""
    query = select(*COLUMNS).where(ListEntry.edition_id == edition_id).order_by(ListEntry.position, ListEntry.id)
    return [
        Listed(identity, part, str(Number(number, repeat)), *rest)
        for identity, part, number, repeat, *rest in session.execute(query)
    ]


def compared(session: Session, old_id: int, new_id: int) -> Comparison:
    """Compare two editions."""
    return compare(listed(session, old_id), listed(session, new_id))
