"""A person's own downloads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.downloads.models import Download
from kernel.downloads.registry import found as table
from kernel.errors import NotFound
from kernel.files.models import StoredFile


def visible(actor: Actor, at: datetime) -> Select[Download]:
    """Return the actor's own downloads that have not expired, newest first."""
    mine = (Download.user_id == actor.user_id) & (Download.expires_at > at)
    return select(Download).where(mine).order_by(Download.created_at.desc(), Download.id.desc())


def one(session: Session, download_id: int, actor: Actor, at: datetime) -> Download:
    """Return one of the actor's downloads, or NotFound."""
    found = session.scalars(visible(actor, at).where(Download.id == download_id)).one_or_none()
    if found is None:
        raise NotFound(download=download_id)
    return found


def file(session: Session, download_id: int, actor: Actor, at: datetime) -> StoredFile:
    """Return the file of a download that is ready, or NotFound."""
    download = one(session, download_id, actor, at)
    table(download.export, actor)  # what a role may no longer read stays where it is
    found = session.get(StoredFile, download.file_id) if download.file_id else None
    if found is None:
        raise NotFound(download=download_id)
    return found


def sizes(session: Session, downloads: Iterable[Download]) -> dict[int | None, int]:
    """Return the bytes of each file that is ready, by its id."""
    numbers = [download.file_id for download in downloads if download.file_id]
    found = session.execute(select(StoredFile.id, StoredFile.size).where(StoredFile.id.in_(numbers)))
    return {row.id: row.size for row in found}
