"""List what a round awarded, in its regions, for the period of the agreements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.periods import Period
from pricing.listings import queries as listings
from pricing.listings.flow import ListingKind
from pricing.listings.rules import NewListing
from pricing.listings.services import Changed, list_awarded
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds, supply


def list_winners(
    session: Session, *, round_: Round, period: Callable[[Award], Period], actor: Actor, at: datetime
) -> Changed:
    """List every award of a round. One that names no product lists all its company makes of the specification."""
    awards = sorted(supply.award_rows(session, round_), key=lambda award: award.product_id is None)
    unnamed = {(award.company_id, award.specification_id) for award in awards if award.product_id is None}
    made = listings.made_of(session, unnamed) if unnamed else {}
    regions = rounds.region_codes(session, round_)

    def rows() -> Iterator[NewListing]:
        for award in awards:
            named, days = award.product_id, period(award)
            products = made[award.company_id, award.specification_id] if named is None else [named]
            for product in products:
                for region in regions:
                    yield NewListing(product, region, ListingKind.AGREEMENT, award.price, days.start, days.end)

    once = {row.key: row for row in reversed(list(rows()))}  # a named product's own price counts before the others'
    return list_awarded(session, origin=f"round/{round_.id}", rows=list(once.values()), actor=actor, at=at)
