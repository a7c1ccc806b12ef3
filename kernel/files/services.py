"""Keep attachments of records."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor
from kernel.errors import Invalid
from kernel.files.models import StoredFile
from kernel.files.rules import fault, media_type, plain_name


def keep(
    session: Session, *, parent_kind: str, parent_id: int | str, name: str, content: bytes, actor: Actor, at: datetime,
    field: str = "file",
) -> StoredFile:  # fmt: skip
    """Keep a file with its parent.

    Raises Invalid under the form's `field`. Who may read the file is the parent's to say.
    """
    problem = fault(name, content)
    if problem:
        raise Invalid({field: problem})
    kept = StoredFile(
        parent_kind=parent_kind, parent_id=str(parent_id), name=plain_name(name), media_type=media_type(name),
        size=len(content), sha256=hashlib.sha256(content).hexdigest(), content=content,
        organisation_id=actor.organisation_id, at=at,
    )  # fmt: skip
    session.add(kept)
    session.flush()  # its parent and the event name the id
    facts = {"parent": f"{parent_kind} {parent_id}", "name": kept.name, "digest": kept.sha256, "size": kept.size}
    record(session, Tag.FILE_KEPT, kept, actor, at, facts)
    return kept


def drop(session: Session, *, parent_kind: str, parent_id: int | str) -> None:
    """Throw the files of a parent away, where its own verb has been recorded."""
    of_parent = (StoredFile.parent_kind == parent_kind) & (StoredFile.parent_id == str(parent_id))
    session.execute(delete(StoredFile).where(of_parent))
