"""Find editions and count them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from catalogue.editions.flow import EditionState
from catalogue.editions.models import Edition, EditionReading, ListClass, ListEntry
from catalogue.editions.rules.counts import Line, count
from catalogue.editions.rules.drafted import COMPARED
from catalogue.editions.rules.parts import Part
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import NotFound


def visible(actor: Actor) -> Select[Edition]:
    """Return the editions an actor may see, newest first: drafts are for those who write them."""
    query = select(Edition).order_by(Edition.valid_from.desc(), Edition.code.desc())
    return query if actor.may(P.CATALOGUE_WRITE) else query.where(Edition.state != EditionState.DRAFT)


def one(session: Session, edition_id: int, actor: Actor) -> Edition:
    """Return an edition, or NotFound."""
    found = session.scalars(visible(actor).where(Edition.id == edition_id)).one_or_none()
    if found is None:
        raise NotFound(edition=edition_id)
    return found


def by_code(session: Session, code: str) -> Edition | None:
    """Return the edition of that code, None where there is none yet."""
    return session.scalars(select(Edition).where(Edition.code == code)).one_or_none()


def in_force(session: Session, day: date) -> Edition | None:
    """Return the issued edition whose period holds the day."""
    query = select(Edition).where(
        Edition.state != EditionState.DRAFT,
        Edition.valid_from <= day,
        or_(Edition.valid_until.is_(None), Edition.valid_until > day),
    )
    return session.scalars(query.order_by(Edition.valid_from.desc())).first()


def issued(session: Session) -> Sequence[Edition]:
    """Return the issued editions that no other has superseded yet."""
    return session.scalars(select(Edition).where(Edition.state == EditionState.ISSUED).order_by(Edition.id)).all()


def before(session: Session, edition: Edition, actor: Actor) -> Edition | None:
    """Return the edition that an edition follows."""
    return session.scalars(visible(actor).where(Edition.valid_from < edition.valid_from)).first()


def counts(session: Session, edition_id: int) -> dict[str, Any]:
    """Count an edition: `{"total": …, "parts": {part: …}}` (rules.counts)."""
    standard = ListEntry.standard != ""
    by = (ListEntry.part, ListEntry.is_repeat, ListEntry.grade, standard)
    found = session.execute(select(*by, func.count()).where(ListEntry.edition_id == edition_id).group_by(*by))
    return count(Line(part, repeat, grade, bool(has), rows) for part, repeat, grade, has, rows in found)


def sizes(session: Session) -> dict[int, tuple[int, int]]:
    """Return how many distinct entries and rows each edition holds."""
    rows = session.execute(
        select(ListEntry.edition_id, ListEntry.is_repeat, func.count()).group_by(
            ListEntry.edition_id, ListEntry.is_repeat
        )
    )
    found: dict[int, tuple[int, int]] = {}
    for edition_id, repeat, number in rows:
        distinct, whole = found.get(edition_id, (0, 0))
        found[edition_id] = (distinct + (0 if repeat else number), whole + number)
    return found


def last_reading(session: Session, edition_id: int) -> EditionReading | None:
    """Return the workbook that was read last."""
    query = select(EditionReading).where(EditionReading.edition_id == edition_id).order_by(EditionReading.id.desc())
    return session.scalars(query).first()


def standing_classes(session: Session, edition_id: int) -> dict[tuple[Part, str], str]:
    """Return the names of an edition's classes by part and code."""
    rows = session.execute(
        select(ListClass.part, ListClass.code, ListClass.name).where(ListClass.edition_id == edition_id)
    )
    return {(part, code): name for part, code, name in rows}


def standing_entries(session: Session, edition_id: int) -> dict[tuple[Part, int, int], dict[str, Any]]:
    """Return what an edition's entries are compared by, by part, number and occurrence."""
    columns = [getattr(ListEntry, name) for name in COMPARED]
    rows = session.execute(
        select(ListEntry.part, ListEntry.number, ListEntry.occurrence, *columns).where(
            ListEntry.edition_id == edition_id
        )
    )
    return {
        (part, number, occurrence): dict(zip(COMPARED, rest, strict=True)) for part, number, occurrence, *rest in rows
    }
