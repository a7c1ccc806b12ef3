"""The chain's entries, for those who audit and for the history of one record."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from kernel.audit.models import AuditEntry, AuditHead
from kernel.audit.tags import KNOWN
from kernel.periods import midnight


def entries(
    *, tag: str = "", organisation: int | None = None, actor: int | None = None, since: date | None = None,
    until: date | None = None,
) -> Select[AuditEntry]:  # fmt: skip
    """Return all entries that match, newest first; the days are Beijing's, both included."""
    query = select(AuditEntry)
    if tag in KNOWN:
        query = query.where(AuditEntry.tag == KNOWN[tag])
    if organisation is not None:
        query = query.where(AuditEntry.organisation_id == organisation)
    if actor is not None:
        query = query.where(AuditEntry.actor_id == actor)
    if since:
        query = query.where(AuditEntry.at >= midnight(since))
    if until:
        query = query.where(AuditEntry.at < midnight(until + timedelta(days=1)))
    return query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())


def history(kind: str, identity: str) -> Select[AuditEntry]:
    """Return what happened to one record, newest first."""
    query = select(AuditEntry).where(AuditEntry.subject_kind == kind, AuditEntry.subject_id == identity)
    return query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())


def heads(session: Session) -> dict[int, tuple[int, str]]:
    """Return the last link of every chain: number and digest."""
    return {head.chain: (head.number, head.digest) for head in session.scalars(select(AuditHead))}
