"""Ask for a large export, keep its file, drop it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor
from kernel.downloads import queries
from kernel.downloads.flow import FileForm
from kernel.downloads.models import Download
from kernel.downloads.registry import found
from kernel.errands import queue
from kernel.errors import Conflict
from kernel.files.models import StoredFile
from kernel.notices.services import notify

KEPT = timedelta(days=7)
MOST = 20
"""Files one person may keep at a time."""


def about(download_id: int) -> str:
    """Return what an errand calls a download."""
    return f"download:{download_id}"


def ask(
    session: Session, *, name: str, query: Mapping[str, Any], form: FileForm, title: str, rows: int | None,
    actor: Actor, at: datetime, locale: str,
) -> Download:  # fmt: skip
    """Ask for a file that is prepared off the request; nobody keeps more than a few at a time."""
    found(name, actor)
    assert actor.user_id is not None
    kept = session.scalars(queries.visible(actor, at)).all()
    if len(kept) >= MOST:
        raise Conflict("too-many-downloads", limit=MOST)
    download = Download(
        export=name, query=dict(query), form=form, title=title, user_id=actor.user_id, rows=rows,
        organisation_id=actor.organisation_id, created_at=at, expires_at=at + KEPT,
    )  # fmt: skip
    session.add(download)
    session.flush()  # the errand and the event name its id
    facts = {"download": download.id}
    queue.send(session, "downloads.write", about=about(download.id), facts=facts, actor=actor, at=at, locale=locale)
    record(session, Tag.DOWNLOAD_ASKED, download, actor, at, {"export": name, "query": dict(query), "rows": rows})
    return download


def keep(
    session: Session, *, download_id: int, content: bytes, name: str, media_type: str, rows: int, actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """Keep a prepared file and tell its owner; a download dropped meanwhile keeps nothing."""
    download = session.get(Download, download_id)
    if download is None or download.file_id is not None:
        return
    file = StoredFile(
        parent_kind="download", parent_id=str(download_id), name=name, media_type=media_type, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), content=content, organisation_id=download.organisation_id, at=at,
    )  # fmt: skip
    session.add(file)
    session.flush()  # the download names its id
    download.file_id, download.rows, download.ready_at = file.id, rows, at
    facts = {"digest": file.sha256, "rows": rows, "size": file.size}
    record(session, Tag.DOWNLOAD_READY, download, actor, at, facts)
    told = {"title": download.title, "rows": rows}
    notify(session, code="download-ready", facts=told, at=at, url="/downloads", users=[download.user_id])


def drop(session: Session, *, download_id: int, actor: Actor, at: datetime) -> None:
    """Throw one's own file away."""
    download = queries.one(session, download_id, actor, at)
    record(session, Tag.DOWNLOAD_DROPPED, download, actor, at, {"export": download.export})
    session.flush()
    _delete(session, [download])


def expire(session: Session, *, at: datetime) -> int:
    """Throw away what has expired; return how many."""
    over = session.scalars(select(Download).where(Download.expires_at <= at)).all()
    _delete(session, list(over))
    return len(over)


def _delete(session: Session, downloads: list[Download]) -> None:
    numbers = [download.id for download in downloads]
    gone = session.scalars(delete(Download).where(Download.id.in_(numbers)).returning(Download.file_id)).all()
    session.execute(delete(StoredFile).where(StoredFile.id.in_([file_id for file_id in gone if file_id])))
