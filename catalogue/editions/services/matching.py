"""Match products on sale and coded drugs to an edition's entries; where it is not certain a person decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalogue.editions.flow import MATCH_FLOW, MatchAction, MatchState
from catalogue.editions.models import ListMatch
from catalogue.editions.queries import editions
from catalogue.editions.queries import matching as queries
from catalogue.editions.rules.matching import CERTAIN, Entry, Match, Offered, key_of, keys_of, match, substance
from catalogue.tags import Tag
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import insert_rows
from kernel.errors import Conflict

Weighed = list[tuple[int, Match]]
"""Entries with how sure each is."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A match to be written: of a product, or of the coded drugs of a key."""

    entry_id: int
    match: Match
    name: str
    product_id: int | None = None
    drug_key: str | None = None
    drug_code: str | None = None
    drugs: int = 0


def match_products(session: Session, *, edition_id: int, actor: Actor, at: datetime) -> tuple[int, int]:
    """Match all products and coded drugs anew; return how many are certain and how many wait.

    What persons decided stays; coded drugs alike are one match.
    """
    edition = editions.one(session, edition_id, actor)
    subject = (ListMatch.entry_id, ListMatch.product_id, ListMatch.drug_key)
    query = select(*subject).where(ListMatch.edition_id == edition.id, ListMatch.decided_at.is_not(None))
    decided = {tuple(row) for row in session.execute(query)}
    session.execute(delete(ListMatch).where(ListMatch.edition_id == edition.id, ListMatch.decided_at.is_(None)))
    found = [
        line for line in _matched(session, edition.id) if (line.entry_id, line.product_id, line.drug_key) not in decided
    ]
    if found:
        insert_rows(session, ListMatch.__table__, columns=_columns(edition.id, found))
    certain = sum(line.match.certainty >= CERTAIN for line in found)
    facts = {"code": edition.code, "certain": certain, "open": len(found) - certain}
    record(session, Tag.LIST_PRODUCTS_MATCHED, edition, actor, at, facts)
    return certain, len(found) - certain


def _matched(session: Session, edition_id: int) -> Iterator[_Line]:
    """Look entries up by substance: what is on sale is weighed against those of its own name alone, alike ones once."""
    by_substance: dict[str, list[tuple[int, Entry]]] = defaultdict(list)
    for identity, entry in queries.wanted(session, edition_id):
        for name in keys_of(entry):
            by_substance[name].append((identity, entry))
    known: dict[Offered, Weighed] = {}
    for product, product_id in queries.offered(session):
        if product not in known:
            known[product] = _weighed(product, by_substance)
        for entry_id, each in known[product]:
            yield _Line(entry_id, each, product.registered, product_id)
    for drug, count, code in queries.coded(session):
        for entry_id, each in _weighed(drug, by_substance):
            yield _Line(entry_id, each, drug.registered, None, key_of(drug), code, count)


def _weighed(offered: Offered, by_substance: Mapping[str, list[tuple[int, Entry]]]) -> Weighed:
    """Weigh what is on sale; where an entry is certain, weaker ones are no question any more."""
    names = {substance(offered.generic), substance(offered.registered)}
    near = {identity: entry for name in names for identity, entry in by_substance.get(name, ())}
    found = [(identity, each) for identity, entry in near.items() if (each := match(entry, offered))]
    certain = [(identity, each) for identity, each in found if each.certainty >= CERTAIN]
    return certain or found


def _columns(edition_id: int, lines: Sequence[_Line]) -> dict[str, list[object]]:
    states = [MatchState.CERTAIN if line.match.certainty >= CERTAIN else MatchState.OPEN for line in lines]
    own = ("entry_id", "product_id", "drug_key", "drug_code", "drugs")
    return {
        **{name: [getattr(line, name) for line in lines] for name in own},
        "edition_id": [edition_id] * len(lines),
        "product_name": [line.name for line in lines],
        "certainty": [line.match.certainty for line in lines],
        "reasons": [[reason.value for reason in line.match.reasons] for line in lines],
        "state": list(states),
        "decided_name": [""] * len(lines),
        "version": [1] * len(lines),
    }


def decide(
    session: Session, *, match_id: int, action: MatchAction, version: int | None = None, actor: Actor, at: datetime
) -> ListMatch:
    """Say that a product belongs to an entry, or that it does not; it counts for all makers of the product."""
    asked = queries.one(session, match_id)
    editions.one(session, asked.edition_id, actor)
    if version is not None and version != asked.version:
        raise Conflict("changed-meanwhile")
    before = asked.state
    after = MATCH_FLOW.after(before, action)
    products: list[int | str | None] = []
    for found in queries.alike(session, asked):
        found.state = after
        found.decided_by, found.decided_name, found.decided_at = actor.user_id, actor.name, at
        products.append(found.product_id or found.drug_key)
    facts = {"entry": asked.entry_id, "name": asked.product_name, "before": before, "after": after}
    record(session, Tag.LIST_MATCH_DECIDED, asked, actor, at, {**facts, "products": products})
    return asked
