"""Match products on sale to an edition's entries; where it is not certain a person decides."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalogue.editions.flow import MATCH_FLOW, MatchAction, MatchState
from catalogue.editions.models import ListMatch
from catalogue.editions.queries import editions
from catalogue.editions.queries import matching as queries
from catalogue.editions.rules.matching import CERTAIN, Entry, Match, keys_of, match, substance
from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor
from kernel.db import insert_rows
from kernel.errors import Conflict

Found = dict[tuple[int, int], tuple[Match, str]]


def match_products(session: Session, *, edition_id: int, actor: Actor, at: datetime) -> tuple[int, int]:
    """Match all products anew; return how many are certain and how many wait. What persons decided stays."""
    edition = editions.one(session, edition_id, actor)
    query = select(ListMatch.entry_id, ListMatch.product_id).where(
        ListMatch.edition_id == edition.id, ListMatch.decided_at.is_not(None)
    )
    decided = {(entry, product) for entry, product in session.execute(query)}
    session.execute(delete(ListMatch).where(ListMatch.edition_id == edition.id, ListMatch.decided_at.is_(None)))
    found = {pair: each for pair, each in _matched(session, edition.id).items() if pair not in decided}
    if found:
        insert_rows(session, ListMatch.__table__, columns=_columns(edition.id, found))  # type: ignore[arg-type]  # as in editions
    certain = sum(each.certainty >= CERTAIN for each, _name in found.values())
    facts = {"code": edition.code, "certain": certain, "open": len(found) - certain}
    record(session, Tag.LIST_PRODUCTS_MATCHED, edition, actor, at, facts)
    return certain, len(found) - certain


def _matched(session: Session, edition_id: int) -> Found:
    """Look entries up by substance: every product is weighed against those of its own name alone."""
    by_substance: dict[str, list[tuple[int, Entry]]] = defaultdict(list)
    for identity, entry in queries.wanted(session, edition_id):
        for name in keys_of(entry):
            by_substance[name].append((identity, entry))
    found: Found = {}
    for product in queries.offered(session):
        near = {
            identity: entry
            for name in (substance(product.generic), substance(product.registered))
            for identity, entry in by_substance.get(name, ())
        }
        weighed = {
            (identity, product.id): (each, product.registered)
            for identity, entry in near.items()
            if (each := match(entry, product))
        }
        found |= _best(weighed)
    return found


def _best(weighed: Found) -> Found:
    """Where an entry is certain, weaker ones of the same product are no question any more."""
    certain = {pair: each for pair, each in weighed.items() if each[0].certainty >= CERTAIN}
    return certain or weighed


def _columns(edition_id: int, found: Found) -> dict[str, list[object]]:
    matches = [each for each, _name in found.values()]
    states = [MatchState.CERTAIN if each.certainty >= CERTAIN else MatchState.OPEN for each in matches]
    return {
        "edition_id": [edition_id] * len(found),
        "entry_id": [entry for entry, _product in found],
        "product_id": [product for _entry, product in found],
        "product_name": [name for _each, name in found.values()],
        "certainty": [each.certainty for each in matches],
        "reasons": [[reason.value for reason in each.reasons] for each in matches],
        "state": list(states),
        "decided_name": [""] * len(found),
        "version": [1] * len(found),
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
    products = []
    for found in queries.alike(session, asked):
        found.state = after
        found.decided_by, found.decided_name, found.decided_at = actor.user_id, actor.name, at
        products.append(found.product_id)
    facts = {"entry": asked.entry_id, "name": asked.product_name, "before": before, "after": after}
    record(session, Tag.LIST_MATCH_DECIDED, asked, actor, at, {**facts, "products": products})
    return asked
