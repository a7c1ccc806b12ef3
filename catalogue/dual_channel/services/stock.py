"""A pharmacy reports what it has and what it sells it for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalogue.dual_channel.models.records import StockLine
from catalogue.dual_channel.queries import places, stock
from catalogue.dual_channel.rules.payment import must_not_exceed
from catalogue.editions.models import ListEntry
from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.db import upsert
from kernel.errors import DomainError, FileRefused, Issue, NotFound
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation

LISTED = 200


@dataclass(frozen=True, slots=True)
class Stated:
    """What a pharmacy says of a drug: units of the payment standard on its shelf, and yuan for one."""

    drug_key: str
    quantity: Decimal
    price: Decimal


def own_pharmacy(actor: Actor) -> int:
    """Return the actor's pharmacy, or NotFound."""
    if actor.organisation_id is None or actor.organisation_kind is not OrganisationKind.PHARMACY:
        raise NotFound()
    return actor.organisation_id


def report(
    session: Session, *, lines: Sequence[Stated], unread: Sequence[Issue] = (), source: Mapping[str, Any] | None = None,
    actor: Actor, at: datetime,
) -> int:  # fmt: skip
    """Keep today's report of the actor's pharmacy; a drug that is not named keeps its last line. Return how many."""
    pharmacy = session.get_one(Organisation, own_pharmacy(actor))
    if not places.is_designated(session, pharmacy.id):
        raise DomainError("dual-not-designated", name=pharmacy.shown_name)
    known = {row.drug.drug_key: row.drug.entry for row in stock.shelf(session, pharmacy, today(at))}
    if issues := [*unread, *faults(lines, known)]:
        raise FileRefused(issues)
    if not lines:
        return 0
    count, day = len(lines), today(at)
    columns: dict[str, list[Any]] = {
        "pharmacy_id": [pharmacy.id] * count, "drug_key": [line.drug_key for line in lines], "day": [day] * count,
        "entry_id": [known[line.drug_key].id for line in lines], "quantity": [line.quantity for line in lines],
        "price": [line.price for line in lines], "reported_at": [at] * count,
        "import_id": [(source or {}).get("import")] * count,
    }  # fmt: skip
    table = StockLine.__table__
    assert isinstance(table, sa.Table)
    upsert(session, table, key=("pharmacy_id", "drug_key", "day"), columns=columns)
    session.expire_all()  # the bulk path went past the identity map
    named = [[known[line.drug_key].name, line.quantity, line.price] for line in lines[:LISTED]]
    record(session, Tag.DUAL_STOCK_REPORTED, session.get_one(Organisation, pharmacy.id), actor, at,
           {**(source or {}), "day": day, "lines": count, "reported": named})  # fmt: skip
    return count


def faults(lines: Sequence[Stated], known: Mapping[str, ListEntry]) -> list[Issue]:
    """Return what can't be taken: drugs that are not on sale, prices above the payment standard."""
    found = []
    for line in lines:
        entry = known.get(line.drug_key)
        if entry is None:
            found.append(Issue("dual-not-on-sale", value=line.drug_key))
            continue
        try:
            must_not_exceed(line.price, standards(entry))
        except DomainError as refusal:
            found.append(Issue(refusal.code, column=entry.name, value=str(line.price), facts=dict(refusal.facts)))
    return found


def standards(entry: ListEntry) -> list[Decimal]:
    """Return the payment standards of an entry's specifications; none where they are confidential or unread."""
    return [Decimal(line["price"]) for line in entry.standard_lines]
