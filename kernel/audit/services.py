"""Record events and verify the chains they form."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.models import AuditEntry, AuditHead
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor
from kernel.columns import canonical
from kernel.db import Base, before_commit

_PENDING = "audit_pending"
PLATFORM_CHAIN = 0


@dataclass(frozen=True, slots=True)
class _Pending:
    tag: Tag
    subject: Base
    actor: Actor
    at: datetime
    facts: Mapping[str, Any]


def record(
    session: Session, tag: Tag, subject: Base, actor: Actor, at: datetime, facts: Mapping[str, Any] | None = None
) -> None:
    """Note an event about a row. It joins the chain when the transaction commits, or vanishes with it."""
    session.info.setdefault(_PENDING, []).append(_Pending(tag, subject, actor, at, facts or {}))


def subject_of(row: Base) -> tuple[str, str]:
    """Return the kind and id by which the chain names a row."""
    identity = row.__mapper__.primary_key_from_instance(row)
    return row.__tablename__, "/".join(str(part) for part in identity)


def digest_of(entry: AuditEntry) -> str:
    """Return the SHA-256 over an entry and the link before it."""
    parts = [
        entry.chain, entry.number, entry.at, entry.tag.value, entry.actor_id, entry.actor_name,
        entry.organisation_id, entry.subject_kind, entry.subject_id, entry.facts, entry.previous,
    ]  # fmt: skip
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


@before_commit
def write_pending(session: Session) -> None:
    """Append the transaction's events to their chains, heads locked in order, as its last act."""
    pending: list[_Pending] = session.info.pop(_PENDING, [])
    if not pending:
        return
    chains: dict[int, list[_Pending]] = {}
    for event in pending:
        chains.setdefault(event.actor.organisation_id or PLATFORM_CHAIN, []).append(event)
    for chain in sorted(chains):
        _append(session, chain, chains[chain])
    session.flush()


def _append(session: Session, chain: int, events: list[_Pending]) -> None:
    head = session.get(AuditHead, chain, with_for_update=True)
    if head is None:
        head = AuditHead(chain=chain, number=0, digest="")
        session.add(head)
    for event in events:
        kind, identity = subject_of(event.subject)
        entry = AuditEntry(
            chain=chain, number=head.number + 1, at=event.at, tag=event.tag, actor_id=event.actor.user_id,
            actor_name=event.actor.name, organisation_id=event.actor.organisation_id, subject_kind=kind,
            subject_id=identity, facts=dict(event.facts), previous=head.digest,
        )  # fmt: skip
        entry.digest = digest_of(entry)
        head.number, head.digest = entry.number, entry.digest
        session.add(entry)


@dataclass(frozen=True, slots=True)
class Broken:
    """A link that does not hold."""

    chain: int
    number: int
    reason: str


def verify(session: Session) -> Iterator[Broken]:
    """Walk every chain and yield the links that do not hold: changed, missing, or cut off at the end."""
    last: dict[int, tuple[int, str]] = {}
    entries = select(AuditEntry).order_by(AuditEntry.chain, AuditEntry.number).execution_options(yield_per=2000)
    for entry in session.scalars(entries):
        number, digest = last.get(entry.chain, (0, ""))
        if entry.number != number + 1:
            yield Broken(entry.chain, entry.number, "missing-before")
        elif entry.previous != digest:
            yield Broken(entry.chain, entry.number, "not-linked")
        if digest_of(entry) != entry.digest:
            yield Broken(entry.chain, entry.number, "changed")
        last[entry.chain] = (entry.number, entry.digest)
    for head in session.scalars(select(AuditHead).order_by(AuditHead.chain)):
        if last.get(head.chain) != (head.number, head.digest):
            yield Broken(head.chain, head.number, "head-differs")
