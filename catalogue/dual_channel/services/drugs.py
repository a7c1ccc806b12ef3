"""Put drugs on a region's lists, change their days, let them leave with a transition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.dual_channel.models.drugs import ListedDrug
from catalogue.dual_channel.queries import drugs as queries
from catalogue.dual_channel.queries import regions
from catalogue.dual_channel.rules.listing import Layer, Term, must_hold
from catalogue.editions.models import ListEntry
from catalogue.editions.queries import entries
from catalogue.tags import Tag
from kernel.audit.changes import diff
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, DomainError

Origin = Mapping[str, Any]
TYPED: Origin = {}


@dataclass(frozen=True, slots=True)
class DrugDraft:
    """A row of a list as entered."""

    term: Term
    reason: str = ""
    note: str = ""


def list_drug(
    session: Session, *, region_code: str, entry_id: int, layer: Layer, draft: DrugDraft, actor: Actor, at: datetime,
    origin: Origin = TYPED,
) -> ListedDrug:  # fmt: skip
    """Put an entry of an issued edition on a list; the drug must not stand there already on one of those days."""
    region, entry = regions.one(session, region_code), entries.one(session, entry_id, actor)
    must_be_listable(session, region_code, entry)
    must_hold(draft.term)
    _must_be_free(session, region_code, layer, entry, draft.term, None)
    drug = ListedDrug(
        region_code=region.code, region=region, entry_id=entry.id, entry=entry, drug_key=entry.name_key, layer=layer,
        begins_on=draft.term.begins,
    )  # fmt: skip
    _fill(drug, draft)
    session.add(drug)
    facts = {**origin, "name": entry.name, "region_code": region.code, "layer": layer, "begins_on": drug.begins_on}
    record(session, Tag.DUAL_DRUG_LISTED, drug, actor, at, facts)
    return drug


def change_drug(
    session: Session, *, drug_id: int, version: int | None = None, draft: DrugDraft, actor: Actor, at: datetime,
    origin: Origin = TYPED,
) -> ListedDrug:  # fmt: skip
    """Change a drug's days, reason or note."""
    drug = queries.one(session, drug_id)
    if version is not None and version != drug.version:
        raise Conflict("changed-meanwhile")
    must_hold(draft.term)
    _must_be_free(session, drug.region_code, drug.layer, drug.entry, draft.term, drug)
    before = drug.snapshot()
    _fill(drug, draft)
    if changes := diff(before, drug.snapshot()):
        record(session, Tag.DUAL_DRUG_CHANGED, drug, actor, at, {**origin, "name": drug.entry.name, **changes})
    return drug


def leave(
    session: Session, *, drug_id: int, leaves_on: date, transition_until: date | None, reason: str, actor: Actor,
    at: datetime,
) -> ListedDrug:  # fmt: skip
    """Let a drug leave the negotiated part on a day, with a transition until another (both first days after)."""
    drug = queries.one(session, drug_id)
    if not reason.strip():
        raise DomainError("dual-reason-missing")
    term = must_hold(Term(drug.begins_on, leaves_on, transition_until))
    _fill(drug, DrugDraft(term, reason.strip(), drug.note))
    facts = {"name": drug.entry.name, "leaves_on": leaves_on, "transition_until": transition_until, "reason": reason}
    record(session, Tag.DUAL_DRUG_LEFT, drug, actor, at, facts)
    return drug


def must_be_listable(session: Session, region_code: str, entry: ListEntry) -> None:
    """Refuse entries outside the parts that the region lists, and repeats (★), whose entry is listed instead."""
    parts = regions.parameters(session, region_code).value("list.parts")
    if entry.part.value not in parts or entry.occurrence:
        raise DomainError("dual-not-negotiated", name=entry.name, part=entry.part)


def _must_be_free(
    session: Session, region_code: str, layer: Layer, entry: ListEntry, term: Term, own: ListedDrug | None
) -> None:
    for other in queries.same_drug(session, region_code, layer, entry.name_key):
        if other is not own and (other.entry_id == entry.id or other.term.whole.overlaps(term.whole)):
            raise Conflict("dual-listed-already", name=entry.name, layer=layer)


def _fill(drug: ListedDrug, draft: DrugDraft) -> None:
    drug.begins_on, drug.leaves_on = draft.term.begins, draft.term.leaves
    drug.transition_until = draft.term.transition
    drug.reason, drug.note = draft.reason, draft.note
