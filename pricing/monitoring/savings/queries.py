"""What was bought, beside the prices that savings are measured against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
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
from pricing.monitoring.models import SavingBaseline
from pricing.monitoring.queries import sums
from pricing.monitoring.queries.asked import Asked
from pricing.monitoring.queries.sums import Maker
from pricing.monitoring.rules import priced
from pricing.monitoring.savings.rules import Bought, Saving, saving


@dataclass(frozen=True, slots=True)
class Stated:
    """A saving with the purchases it is of: a source, or '' for all; `base` is the period it is measured against."""

    source: str
    saving: Saving
    base: str = ""


Makers = Mapping[int, Maker]
"""Which maker's specification each item is."""
Total = dict[int, tuple[Decimal, Decimal]]


def stated(session: Session, asked: Asked) -> list[Stated]:
    """Return the savings of the months asked for: of each round, and of all purchases against the base period."""
    held = sums.amounts(session, asked, Split.SOURCE)
    items = {item for source, found in held.items() if _is_round(source) for item in _total(found)}
    return of(session, asked, held, {key: one.maker for key, one in sums.of(session, items).items()})


def of(session: Session, asked: Asked, held: Mapping[str, sums.Amounts], makers: Makers) -> list[Stated]:
    """Return the savings of purchases by source; `makers` knows the items of rounds at least."""
    rounds = {source: _total(found) for source, found in sorted(held.items()) if _is_round(source)}
    before = _baselines(session, rounds)
    listed = _listed(session, {makers[item][0] for found in rounds.values() for item in found})
    found = []
    for source, bought in rounds.items():
        prior = {item: before.get((source, makers[item][0])) for item in bought}
        own = {item: listed.get(makers[item]) for item in bought}
        found.append(Stated(source, saving(SavingKind.PRE_ROUND, _compared(bought, prior))))
        found.append(Stated(source, saving(SavingKind.LISTED, _compared(bought, own))))
    return [*found, _against_base(asked, held)]


def _is_round(source: str) -> bool:
    return source.startswith(f"{Ground.ROUND}/")


def _total(held: sums.Amounts) -> Total:
    """Return quantity and amount of each item in all periods together."""
    return _merged(held.values())


def _merged(parts: Iterable[Total]) -> Total:
    found: Total = {}
    for items in parts:
        for item, (quantity, amount) in items.items():
            before = found.get(item, (sums.ZERO, sums.ZERO))
            found[item] = before[0] + quantity, before[1] + amount
    return found


def _compared(bought: Total, prices: Mapping[int, Decimal | None]) -> list[Bought]:
    return [Bought(quantity, amount, prices.get(item)) for item, (quantity, amount) in bought.items()]


def _against_base(asked: Asked, held: Mapping[str, sums.Amounts]) -> Stated:
    """Compare the last period with the base, by the average prices then paid for the same items."""
    base, last = asked.base_period, asked.periods[-1]
    before = _merged(found[base] for found in held.values()) if base != last else {}
    worked = {item: priced(*sums_) for item, sums_ in before.items()}
    prices = {item: one.price if one else None for item, one in worked.items()}
    bought = _merged(found[last] for found in held.values())
    return Stated("", saving(SavingKind.PERIOD, _compared(bought, prices)), base)


def _baselines(session: Session, sources: Collection[str]) -> dict[tuple[str, int], Decimal]:
    query = select(SavingBaseline.source, SavingBaseline.specification_id, SavingBaseline.price)
    rows = session.execute(query.where(among(SavingBaseline.source, sources)))
    return {(source, specification): price for source, specification, price in rows}


def _listed(session: Session, specifications: Collection[int]) -> dict[Maker, Decimal]:
    """Return the lowest price at which each maker's specification stood listed when its first agreement began."""
    query = (
        select(Product.specification_id, Product.company_id, Listing.kind, Listing.price, Listing.starts, Listing.ends)
        .join(Product, Product.id == Listing.product_id)
        .where(Listing.kind.in_((ListingKind.LISTED, ListingKind.AGREEMENT)))
        .where(among(Product.specification_id, specifications))
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
