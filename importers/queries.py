"""What may be seen of imports, and what a template needs from the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from importers.columns import Choice
from importers.findings import Findings
from importers.models import Import
from importers.registry import Kind, kind, kinds
from importers.vault import vault_of
from importers.workbook import Sheet, unpack
from kernel.auth.actor import Actor
from kernel.columns import canonical
from kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Occasion:
    """A kind with its context: what a template is made for and an upload is read against."""

    kind: Kind
    context: Mapping[str, Any]
    stamp: str
    choices: Mapping[str, Sequence[Choice]]
    rows: tuple[Mapping[str, Any], ...] = ()


def visible(actor: Actor) -> Select[Import]:
    """Imports of the actor's own organisation, newest first; the kinds he may not use are left out."""
    allowed = [name for name, each in kinds().items() if actor.may(each.permission)]
    return (
        select(Import)
        .where(Import.organisation_id == actor.organisation_id, Import.kind.in_(allowed))
        .order_by(Import.created_at.desc(), Import.id.desc())
    )


def one(session: Session, import_id: int, actor: Actor) -> Import:
    """The import, or NotFound outside the actor's organisation and permissions."""
    found = session.scalars(visible(actor).where(Import.id == import_id)).one_or_none()
    if found is None:
        raise NotFound(what="import", id=import_id)
    return found


def usable(actor: Actor) -> list[Kind]:
    """Kinds the actor may import without a page to come from."""
    return [each for each in kinds().values() if actor.may(each.permission) and each.context is None]


def occasion(
    session: Session, name: str, query: Mapping[str, str], *, actor: Actor, at: datetime, prefilled: bool = False
) -> Occasion:
    """Load a kind's context, lists and, for its template, the rows it comes with."""
    found = kind(name)
    actor.must(found.permission)
    context = found.context(session, query, actor=actor, at=at) if found.context else {}
    choices = {column.name: column.choices for column in found.columns if column.choices}
    if found.lists:
        choices |= {key: tuple(v) for key, v in found.lists(session, context=context, actor=actor, at=at).items()}
    rows = found.prefill(session, context=context, actor=actor, at=at) if prefilled and found.prefill else ()
    return Occasion(found, context, canonical(context) if context else "", choices, tuple(rows))


def findings(session: Session, import_: Import) -> Findings | None:
    """What was found, as long as it is kept."""
    if not import_.findings_ref:
        return None
    return Findings.load(vault_of(kind(import_.kind)).unstage(session, import_.findings_ref))


def received(session: Session, import_: Import) -> bytes:
    """A large upload as it came, before it is checked."""
    return vault_of(kind(import_.kind)).unstage(session, import_.rows_ref)


def sheets(session: Session, import_: Import) -> tuple[Sheet, ...]:
    """What was read, as long as it is kept."""
    if not import_.rows_ref:
        raise NotFound(what="import rows", id=import_.id)
    return tuple(unpack(vault_of(kind(import_.kind)).unstage(session, import_.rows_ref)))
