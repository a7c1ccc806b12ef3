"""What was bought before a round, as a mean price."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.money import working
from procurement.demand.models import Lot, LotSpecification
from procurement.retention.models.inputs import PriorPurchase
from procurement.rounds.models.rounds import Round

Means = dict[int, tuple[Decimal, int]]
"""Lot → mean price per reference specification, weighted by quantity, and from how many records."""


def before_round(session: Session, round_: Round) -> tuple[Means, dict[int, tuple[int, Decimal]]]:
    """Return the mean prices by lot, and by specification its lot and price factor, of lots with records."""
    query = select(PriorPurchase.lot_id, PriorPurchase.price, PriorPurchase.quantity)
    held: dict[int, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    query = query.join(Lot, Lot.id == PriorPurchase.lot_id).where(Lot.call_id == round_.call_id)
    for lot, price, quantity in session.execute(query):
        held[lot].append((price, quantity))
    with working():
        means = {
            lot: (sum(price * quantity for price, quantity in rows) / sum(quantity for _price, quantity in rows),
                  len(rows))
            for lot, rows in held.items()
        }  # fmt: skip
    factors = select(LotSpecification.specification_id, LotSpecification.lot_id, LotSpecification.price_factor)
    found = session.execute(factors.where(LotSpecification.lot_id.in_(means)))
    return {lot: (Decimal(mean), count) for lot, (mean, count) in means.items()}, {
        specification: (lot, factor) for specification, lot, factor in found
    }
