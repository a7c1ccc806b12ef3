"""The preview in figures: what a finding would do, before anybody opens its lists."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from pricing.listings.models import Listing
from procurement.supply.effects.flow import Part
from procurement.supply.effects.queries import market, rounds, trade
from procurement.supply.effects.queries.asked import Asked
from procurement.supply.effects.queries.trade import Left, Sum

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many rows each list has; what is to come of orders and left of agreements, in yuan; who has no substitute."""

    counts: dict[Part, int]
    regions: dict[str, Sum]
    volume: list[Left]
    hospitals: int
    alone: list[str]

    @property
    def to_come(self) -> Decimal:
        """Return what is to come of the orders that run, in yuan."""
        return sum((one.to_come for one in self.regions.values()), ZERO)

    @property
    def worth(self) -> Decimal:
        """Return what is left of agreements, in yuan."""
        return sum((one.worth for one in self.volume), ZERO)


def totals(session: Session, asked: Asked, actor: Actor) -> Totals:
    """Add a preview up."""
    by_region = trade.by_region(session, asked)
    for code, count in market.listed(session, asked, Listing.region_code).items():
        by_region[code].listings = count
    volume = trade.volume(session, asked)
    counts = {
        Part.PRODUCTS: len(asked.reach.products), Part.REGIONS: len(by_region),
        Part.LISTINGS: sum(one.listings for one in by_region.values()),
        Part.ROUNDS: rounds.count(session, asked, actor), Part.ORDERS: _count(session, trade.orders(asked)),
        Part.VOLUME: len(volume), Part.SUBSTITUTES: _count(session, market.substitutes(asked)),
    }  # fmt: skip
    return Totals(counts, by_region, volume, trade.hospitals(session, asked), market.alone(session, asked))


def _count(session: Session, query: Select[Any]) -> int:
    few = query.order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(few)) or 0
