"""A pharmacy reports what it has and what it sells it for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalogue.dual_channel.models.records import StockLine
from catalogue.dual_channel.queries import places, stock
from catalogue.dual_channel.rules.payment import must_not_exceed
from catalogue.editions.models import ListEntry
from catalogue.tags import Tag
from kernel.audit.services import record
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
    day = today(at)
    _put(session, pharmacy.id, day, lines, known, {"reported_at": at, "import_id": (source or {}).get("import")})
    named = [[known[line.drug_key].name, line.quantity, line.price] for line in lines[:LISTED]]
    record(session, Tag.DUAL_STOCK_REPORTED, session.get_one(Organisation, pharmacy.id), actor, at,
           {**(source or {}), "day": day, "lines": len(lines), "reported": named})  # fmt: skip
    return len(lines)


def _put(
    session: Session, pharmacy_id: int, day: date, lines: Sequence[Stated], known: Mapping[str, ListEntry],
    same: Mapping[str, Any],
) -> None:  # fmt: skip
    """Write the day's lines at once; earlier ones of these drugs become history."""
    table, count = StockLine.__table__, len(lines)
    keys = [line.drug_key for line in lines]
    earlier = (table.c.pharmacy_id == pharmacy_id, table.c.drug_key.in_(keys), table.c.day != day)
    session.execute(sa.update(table).where(*earlier).values(current=False))
    columns: dict[str, list[Any]] = {
        "drug_key": keys, "entry_id": [known[key].id for key in keys], "quantity": [line.quantity for line in lines],
        "price": [line.price for line in lines],
    }  # fmt: skip
    for name, value in {"pharmacy_id": pharmacy_id, "day": day, "current": True, **same}.items():
        columns[name] = [value] * count
    upsert(session, table, key=("pharmacy_id", "drug_key", "day"), columns=columns)
    session.expire_all()  # the bulk path went past the identity map


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
