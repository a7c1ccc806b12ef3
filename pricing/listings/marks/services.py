"""Say in the search which products are listed, which have won in a round, and the lowest price that counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from catalogue.search.services import set_facts, set_flags
from kernel.sets import among
from kernel.working import plain
from pricing.listings import queries
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing

LOOK_BACK = timedelta(days=14)
"""How long the job may stand still without leaving out a listing that began or ended meanwhile."""


def mark(session: Session, *, product_ids: Collection[int], day: date) -> None:
    """Mark products as they are listed on a day, thousands at a query."""
    session.flush()  # the query reads what the verb has just changed
    lowest: dict[int, dict[str, Any]] = {id_: {"price": None, "winner": False} for id_ in product_ids}
    won = func.max(case((Listing.kind == ListingKind.AGREEMENT, 1), else_=0))
    query = select(Listing.product_id, func.min(Listing.price), won).where(queries.counts_on(day))
    found = session.execute(query.where(among(Listing.product_id, lowest)).group_by(Listing.product_id))
    lowest |= {id_: {"price": plain(price), "winner": bool(winner)} for id_, price, winner in found}
    _flag(session, "listed", {id_ for id_, each in lowest.items() if each["price"]}, lowest)
    _flag(session, "winner", {id_ for id_, each in lowest.items() if each["winner"]}, lowest)
    set_facts(session, "product", lowest)


def _flag(session: Session, name: str, held: Collection[int], asked: Collection[int]) -> None:
    set_flags(session, "product", sorted(held), name, True)
    set_flags(session, "product", sorted(set(asked) - set(held)), name, False)


def mark_turned(session: Session, *, day: date) -> None:
    """Mark the products whose listings began, ended or were suspended of late."""
    turned = or_(*(each.between(day - LOOK_BACK, day) for each in (Listing.starts, Listing.ends, Listing.suspended_on)))
    mark(session, product_ids=set(session.scalars(select(Listing.product_id).where(turned))), day=day)
