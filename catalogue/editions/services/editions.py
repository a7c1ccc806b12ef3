"""Make, fill and issue editions. An issued edition does not change any more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from catalogue.editions.flow import EDITION_FLOW, EditionAction, EditionState
from catalogue.editions.models import Edition, EditionReading, ListClass, ListEntry, ListMatch
from catalogue.editions.queries import editions as queries
from catalogue.editions.rules.drafted import DraftClass, DraftEntry, Origin, in_force_from, title_of
from catalogue.tags import Tag
from kernel.audit.changes import diff
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import upsert
from kernel.errors import Conflict, DomainError

CODE = re.compile(r"20[0-9]{2}[0-9A-Za-z-]{0,12}")


@dataclass(frozen=True, slots=True)
class Reading:
    """The workbook rows came from, and what was counted in it; without an import it came from elsewhere."""

    file_name: str
    digest: str
    counts: Mapping[str, Any]
    import_id: int = 0


@dataclass(frozen=True, slots=True)
class Filling:
    """Rows for a draft: classes and entries with their places in the workbook."""

    classes: Sequence[tuple[DraftClass, Origin]]
    entries: Sequence[tuple[DraftEntry, Origin]]


def create(
    session: Session, *, code: str, title: str = "", valid_from: date | None = None, actor: Actor, at: datetime
) -> Edition:
    """Begin a draft; where nothing else is said it has the official title and begins on 1 January after its year."""
    must_be_code(code)
    if queries.by_code(session, code) is not None:
        raise Conflict("edition-exists", edition=code)
    begins = valid_from or in_force_from(code)
    assert begins is not None
    edition = Edition(
        code=code, title=title or title_of(code), valid_from=begins, state=EditionState.DRAFT, made_by=actor.user_id,
        made_at=at,
    )  # fmt: skip
    session.add(edition)
    session.flush()  # entries and the address name the id
    record(session, Tag.EDITION_CREATED, edition, actor, at, {"code": code, "valid_from": begins})
    return edition


def must_be_code(code: str) -> None:
    """Refuse a code that does not begin with a year."""
    if not CODE.fullmatch(code) or in_force_from(code) is None:
        raise DomainError("bad-edition-code", edition=code)


def change(
    session: Session, *, edition_id: int, version: int | None = None, title: str, valid_from: date, actor: Actor,
    at: datetime,
) -> Edition:  # fmt: skip
    """Change a draft's title or first day."""
    edition = _draft(session, edition_id, actor)
    if version is not None and version != edition.version:
        raise Conflict("changed-meanwhile")
    before = edition.snapshot()
    edition.title, edition.valid_from = title, valid_from
    if changes := diff(before, edition.snapshot()):
        record(session, Tag.EDITION_CHANGED, edition, actor, at, changes)
    return edition


def fill(session: Session, *, edition_id: int, rows: Filling, reading: Reading, actor: Actor, at: datetime) -> Edition:
    """Put classes and entries into a draft, in two statements, and keep what was counted in their workbook."""
    edition = _draft(session, edition_id, actor)
    if rows.classes:
        _put_classes(session, edition, rows.classes)
    if rows.entries:
        _put_entries(session, edition, rows.entries)
    session.add(
        EditionReading(
            edition_id=edition.id, import_id=reading.import_id, file_name=reading.file_name, digest=reading.digest,
            read_at=at, user_id=actor.user_id, user_name=actor.name, counts=dict(reading.counts),
        )
    )  # fmt: skip
    facts = {
        "import": reading.import_id, "digest": reading.digest, "classes": len(rows.classes),
        "entries": len(rows.entries),
    }  # fmt: skip
    record(session, Tag.EDITION_FILLED, edition, actor, at, facts)
    return edition


def clear(session: Session, *, edition_id: int, actor: Actor, at: datetime) -> Edition:
    """Empty a draft, so that a workbook can be read from the beginning."""
    edition = _draft(session, edition_id, actor)
    for table in (ListMatch, ListEntry, ListClass):
        session.execute(delete(table).where(table.edition_id == edition.id))
    record(session, Tag.EDITION_CLEARED, edition, actor, at, {"code": edition.code})
    return edition


def issue(session: Session, *, edition_id: int, actor: Actor, at: datetime) -> Edition:
    """Issue a draft, by somebody who neither made nor filled it; the edition before ends the day this one begins."""
    edition = _draft(session, edition_id, actor)
    makers = {edition.made_by, *(reading.user_id for reading in edition.readings)}
    if actor.user_id is None or actor.user_id in makers:
        raise DomainError("edition-second-person", name=actor.name)
    size = queries.counts(session, edition.id)["total"]["rows"]
    if not size:
        raise DomainError("edition-empty", edition=edition.code)
    for old in queries.issued(session):
        _supersede(session, old, edition, actor, at)
    edition.state = EDITION_FLOW.after(edition.state, EditionAction.ISSUE)
    edition.issued_by, edition.issued_name, edition.issued_at = actor.user_id, actor.name, at
    record(session, Tag.EDITION_ISSUED, edition, actor, at, {"code": edition.code, "rows": size})
    return edition


def _supersede(session: Session, old: Edition, new: Edition, actor: Actor, at: datetime) -> None:
    if old.valid_from >= new.valid_from:
        raise Conflict("edition-not-later", edition=new.code, other=old.code, day=old.valid_from)
    old.state = EDITION_FLOW.after(old.state, EditionAction.SUPERSEDE)
    old.valid_until = new.valid_from
    record(session, Tag.EDITION_SUPERSEDED, old, actor, at, {"code": old.code, "by": new.code, "until": new.valid_from})


def _draft(session: Session, edition_id: int, actor: Actor) -> Edition:
    """Take a draft for writing; the conditional update lets nobody issue it in between."""
    edition = queries.one(session, edition_id, actor)
    taken = session.execute(
        update(Edition)
        .where(Edition.id == edition.id, Edition.state == EditionState.DRAFT)
        .values(state=EditionState.DRAFT)
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]  # an UPDATE's result has a row count
    if taken != 1:
        raise Conflict("edition-fixed", edition=edition.code)
    session.refresh(edition)
    return edition


def _put_classes(session: Session, edition: Edition, rows: Sequence[tuple[DraftClass, Origin]]) -> None:
    known: dict[str, set[str]] = {}
    for part, code in [*queries.standing_classes(session, edition.id), *(each.identity for each, _ in rows)]:
        known.setdefault(part, set()).add(code)
    values = [each.columns(known[each.part]) | {"position": origin.position} for each, origin in rows]
    _upsert(session, ListClass, edition, values, ("edition_id", "part", "code"))


def _put_entries(session: Session, edition: Edition, rows: Sequence[tuple[DraftEntry, Origin]]) -> None:
    values = [
        each.columns() | {"position": origin.position, "sheet": origin.sheet, "sheet_row": origin.row}
        for each, origin in rows
    ]
    _upsert(session, ListEntry, edition, values, ("edition_id", "part", "number", "occurrence"))


def _upsert(
    session: Session, model: type[ListClass | ListEntry], edition: Edition, rows: list[dict[str, Any]],
    key: tuple[str, ...],
) -> None:  # fmt: skip
    columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in rows[0]}
    columns["edition_id"] = [edition.id] * len(rows)
    upsert(session, model.__table__, key=key, columns=columns)
