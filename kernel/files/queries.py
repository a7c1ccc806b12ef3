"""Attachments of records; their scope is their parent's, which is asked first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import NotFound
from kernel.files.models import StoredFile


def of_parents(session: Session, parent_kind: str, parent_ids: Iterable[int | str]) -> dict[str, Sequence[StoredFile]]:
    """Return the files of records by the record's id as text, oldest first, without their content."""
    wanted = [str(each) for each in parent_ids]
    query = select(StoredFile).where(StoredFile.parent_kind == parent_kind, StoredFile.parent_id.in_(wanted))
    found: dict[str, list[StoredFile]] = {}
    for each in session.scalars(query.order_by(StoredFile.id)):
        found.setdefault(each.parent_id, []).append(each)
    return dict(found)


def of_parent(session: Session, parent_kind: str, parent_id: int | str) -> Sequence[StoredFile]:
    """Return the files of one record, oldest first, without their content."""
    return of_parents(session, parent_kind, [parent_id]).get(str(parent_id), [])


def one(session: Session, file_id: int, *, parent_kind: str, parent_id: int | str) -> StoredFile:
    """Return a file of a record the caller may read, or NotFound: a file's number alone opens nothing."""
    found = session.get(StoredFile, file_id)
    if found is None or (found.parent_kind, found.parent_id) != (parent_kind, str(parent_id)):
        raise NotFound(file=file_id)
    return found
