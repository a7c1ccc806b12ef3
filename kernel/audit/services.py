"""Record events and verify the chains they form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String, Text, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from kernel.audit.models import AuditEntry, AuditHead
from kernel.auth.actor import Actor
from kernel.columns import canonical
from kernel.db import Base, before_commit, insert_rows

_PENDING = "audit_pending"
PLATFORM_CHAIN = 0
MISSING, UNLINKED, CHANGED = "missing-before", "not-linked", "changed"
HEAD, REWRITTEN = "head-differs", "kept-head-gone"


@dataclass(frozen=True, slots=True)
class _Pending:
    tag: StrEnum
    subject: Base
    actor: Actor
    at: datetime
    facts: dict[str, Any]


def record(
    session: Session, tag: StrEnum, subject: Base, actor: Actor, at: datetime, facts: Mapping[str, Any] | None = None
) -> None:
    """Note an event about a row. It joins the chain when the transaction commits, or vanishes with it."""
    plain = json.loads(canonical(facts or {}))  # as the database will give it back, and before the caller changes it
    session.info.setdefault(_PENDING, []).append(_Pending(tag, subject, actor, at, plain))


def subject_of(row: Base) -> tuple[str, str]:
    """Return the kind and id by which the chain names a row."""
    identity = row.__mapper__.primary_key_from_instance(row)
    return row.__tablename__, "/".join(str(part) for part in identity)


def _sha256(parts: list[Any]) -> str:
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


def _locked_head(session: Session, chain: int) -> AuditHead:
    """Lock the chain's head, making it first where two transactions may both be the chain's first."""
    head = session.get(AuditHead, chain, with_for_update=True)
    if head is None:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(insert(AuditHead).values(chain=chain, number=0, digest="").on_conflict_do_nothing())
        head = session.get_one(AuditHead, chain, with_for_update=True)
    return head


def _append(session: Session, chain: int, events: list[_Pending]) -> None:
    """Link the events to the chain, each by the SHA-256 over its columns and the link before it, and write them."""
    head = _locked_head(session, chain)
    rows = []
    for event in events:
        kind, identity = subject_of(event.subject)
        row: dict[str, Any] = {
            "chain": chain, "number": head.number + 1, "at": event.at, "tag": event.tag.value,
            "actor_id": event.actor.user_id, "actor_name": event.actor.name,
            "organisation_id": event.actor.organisation_id, "subject_kind": kind, "subject_id": identity,
            "facts": event.facts, "previous": head.digest,
        }  # fmt: skip
        head.number, head.digest = head.number + 1, _sha256(list(row.values()))
        rows.append(row | {"digest": head.digest})
    columns: dict[str, Sequence[Any]] = {name: [row[name] for row in rows] for name in rows[0]}
    insert_rows(session, AuditEntry.__table__, columns=columns)


@dataclass(frozen=True, slots=True)
class Broken:
    """A link that does not hold."""

    chain: int
    number: int
    reason: str


# Tag and facts as raw text: what somebody put there may be neither a tag nor JSON.
_LINKS = (
    select(
        AuditEntry.chain, AuditEntry.number, AuditEntry.at, type_coerce(AuditEntry.tag, String), AuditEntry.actor_id,
        AuditEntry.actor_name, AuditEntry.organisation_id, AuditEntry.subject_kind, AuditEntry.subject_id,
        type_coerce(AuditEntry.facts, Text), AuditEntry.previous, AuditEntry.digest,
    )
    .order_by(AuditEntry.chain, AuditEntry.number)
    .execution_options(yield_per=2000)
)  # fmt: skip


def _loaded(facts: str) -> Any:
    try:
        return json.loads(facts)
    except ValueError:
        return None


def verify(session: Session) -> Iterator[Broken]:
    """Walk every chain and yield the links that do not hold: changed, missing, or cut off at the end."""
    last: dict[int, tuple[int, str]] = {}
    for chain, number, *middle, facts, previous, digest in session.execute(_LINKS):
        before, head = last.get(chain, (0, ""))
        if number != before + 1:
            yield Broken(chain, number, MISSING)
        elif previous != head:
            yield Broken(chain, number, UNLINKED)
        if _sha256([chain, number, *middle, _loaded(facts), previous]) != digest:
            yield Broken(chain, number, CHANGED)
        last[chain] = (number, digest)
    heads = {head.chain: (head.number, head.digest) for head in session.scalars(select(AuditHead))}
    for chain in sorted(heads.keys() | last.keys()):
        if heads.get(chain, (0, "")) != last.get(chain, (0, "")):
            yield Broken(chain, heads.get(chain, (0, ""))[0], HEAD)


def verify_heads(session: Session, kept: Mapping[int, tuple[int, str]]) -> Iterator[Broken]:
    """Yield the heads, kept elsewhere at an earlier time, that are no longer links of their chains."""
    for chain, (number, digest) in sorted(kept.items()):
        link = select(AuditEntry.digest).where(AuditEntry.chain == chain, AuditEntry.number == number)
        if session.scalar(link) != digest:
            yield Broken(chain, number, REWRITTEN)
