"""What was bought, beside the prices that savings are measured against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.sets import among
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing
from pricing.monitoring.flow import Ground, SavingKind, Split
from pricing.monitoring.models import MonitoredItem, SavingBaseline
from pricing.monitoring.queries import sums
from pricing.monitoring.queries.asked import Asked
from pricing.monitoring.rules import priced
from pricing.monitoring.savings.rules import Bought, Saving, saving

Maker = tuple[int, int]
"""Specification and company."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A saving with the purchases it is of: a source, or '' for all; `base` is the period it is measured against."""

    source: str
    saving: Saving
    base: str = ""


def stated(session: Session, asked: Asked) -> list[Stated]:
    """Return the savings of the months asked for: of each round, and of all purchases against the base period."""
    held = sums.amounts(session, asked, Split.SOURCE)
    rounds = {source: _total(found) for source, found in sorted(held.items()) if source.startswith(f"{Ground.ROUND}/")}
    items = sums.of(session, {item for found in rounds.values() for item in found})
    before, listed = _baselines(session, rounds), _listed(session, items.values())
    found = []
    for source, bought in rounds.items():
        prior = {item: before.get((source, items[item].specification_id)) for item in bought}
        own = {item: listed.get((items[item].specification_id, items[item].company_id)) for item in bought}
        found.append(Stated(source, saving(SavingKind.PRE_ROUND, _compared(bought, prior))))
        found.append(Stated(source, saving(SavingKind.LISTED, _compared(bought, own))))
    return [*found, _against_base(session, asked)]


Total = dict[int, tuple[Decimal, Decimal]]


def _total(held: sums.Amounts) -> Total:
    """Return quantity and amount of each item in all periods together."""
    found: Total = {}
    for items in held.values():
        for item, (quantity, amount) in items.items():
            before = found.get(item, (sums.ZERO, sums.ZERO))
            found[item] = before[0] + quantity, before[1] + amount
    return found


def _compared(bought: Total, prices: Mapping[int, Decimal | None]) -> list[Bought]:
    return [Bought(quantity, amount, prices.get(item)) for item, (quantity, amount) in bought.items()]


def _against_base(session: Session, asked: Asked) -> Stated:
    """Compare the last period with the base, by the average prices then paid for the same items."""
    held = sums.amounts(session, asked)[""]
    base, last = asked.base_period, asked.periods[-1]
    worked = {item: priced(*sums_) for item, sums_ in held[base].items()} if base != last else {}
    prices = {item: one.price if one else None for item, one in worked.items()}
    return Stated("", saving(SavingKind.PERIOD, _compared(held[last], prices)), base)


def _baselines(session: Session, sources: Collection[str]) -> dict[tuple[str, int], Decimal]:
    query = select(SavingBaseline.source, SavingBaseline.specification_id, SavingBaseline.price)
    rows = session.execute(query.where(among(SavingBaseline.source, sources)))
    return {(source, specification): price for source, specification, price in rows}


def _listed(session: Session, items: Collection[MonitoredItem]) -> dict[Maker, Decimal]:
    """Return the lowest price at which each maker's specification stood listed when its first agreement began."""
    query = (
        select(Product.specification_id, Product.company_id, Listing.kind, Listing.price, Listing.starts, Listing.ends)
        .join(Product, Product.id == Listing.product_id)
        .where(Listing.kind.in_((ListingKind.LISTED, ListingKind.AGREEMENT)))
        .where(among(Product.specification_id, {one.specification_id for one in items}))
    )
    listed: dict[Maker, list[tuple[date, date | None, Decimal]]] = defaultdict(list)
    begun: dict[Maker, date] = {}
    for specification, company, kind, price, starts, ends in session.execute(query):
        maker = (specification, company)
        if kind is ListingKind.AGREEMENT:
            begun[maker] = min(starts, begun.get(maker, starts))
        else:
            listed[maker].append((starts, ends, price))
    found = {}
    for maker, day in begun.items():
        stood = [price for starts, ends, price in listed[maker] if starts < day and (ends is None or ends >= day)]
        if stood:
            found[maker] = min(stood)
    return found
