"""By what right a product may be bought and at which price: agreements and listings, asked at once for a whole plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.errors import Issue, Said
from kernel.sets import among
from pricing.credit import queries as letters
from pricing.credit.acting.queries import NO_END, Suspension, suspensions
from pricing.listings import queries as listings
from pricing.listings.flow import ListingKind
from procurement.agreements.models import Agreement
from procurement.orders.flow import OrderKind
from procurement.orders.rules import ZERO, split, worth

SUSPENDED = ("order-suspended", "order-letter-withdrawn")
LISTED_AS = {
    OrderKind.NEGOTIATED: ListingKind.NEGOTIATED, OrderKind.LISTED: ListingKind.LISTED,
    OrderKind.SHORTAGE: ListingKind.SHORTAGE, OrderKind.FILED: ListingKind.FILED,
}  # fmt: skip
"""The listing an order of each kind needs. Agreements have their own; the emergency channel takes any or none."""


class Held(NamedTuple):
    """An agreement of the day with what was agreed and is used of it, in units, at yuan per unit."""

    id: int
    company_id: int
    specification_id: int
    product_id: int | None
    ends: date
    price: Decimal
    agreed: Decimal
    used: Decimal


@dataclass(frozen=True, slots=True)
class Source:
    """A price in yuan per unit and what it rests on: the agreements with volume, first ended first, or a listing."""

    price: Decimal
    agreements: tuple[Held, ...] = ()
    listed: ListingKind | None = None

    @property
    def left(self) -> Decimal:
        """Return the agreed volume that is left, in units."""
        return sum((one.agreed - one.used for one in self.agreements), ZERO)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of what is wanted: its price in yuan per unit, the agreement it is taken from, or stands beyond."""

    price: Decimal
    quantity: Decimal
    agreement_id: int | None = None
    beyond: bool = False

    @property
    def amount(self) -> Decimal:
        """Return what it is worth, in yuan."""
        return worth(self.price, self.quantity)


def shares(source: Source, quantity: Decimal, taken: dict[int, Decimal]) -> list[Share]:
    """Take a quantity out of the agreements of a source, the first to end first; the rest stands beyond the last.

    `taken` counts by agreement what earlier lines took, and is added to.
    """
    if not source.agreements:
        return [Share(source.price, quantity)]
    made, rest = [], quantity
    for agreement in source.agreements:
        left = agreement.agreed - agreement.used - taken.get(agreement.id, ZERO)
        for part in split(rest, left):
            if part.beyond and agreement is not source.agreements[-1]:
                continue
            made.append(Share(agreement.price, part.quantity, agreement.id, part.beyond))
            rest -= part.quantity
            if not part.beyond:
                taken[agreement.id] = taken.get(agreement.id, ZERO) + part.quantity
        if not rest:
            break
    return made


def priced(
    session: Session, *, kind: OrderKind, hospital_id: int, region_code: str, products: Mapping[int, Product],
    typed: Mapping[int, Decimal | None], day: date, lock: bool = False,
) -> tuple[dict[int, Source], dict[int, Issue]]:  # fmt: skip
    """Return what a plan's products are bought by, and why the others can't be; emergencies may name a price."""
    found, missing = sources(
        session, kind=kind, hospital_id=hospital_id, region_code=region_code, products=products, day=day, lock=lock
    )
    if kind is OrderKind.EMERGENCY:
        held = {key: one for key, one in missing.items() if one.code in SUSPENDED}
        found = {key: Source(price) for key, price in typed.items() if price is not None and key not in held} | found
        missing = {key: held.get(key, Issue("emergency-price-needed")) for key in products if key not in found}
    return found, missing


def sources(
    session: Session, *, kind: OrderKind, hospital_id: int, region_code: str, products: Mapping[int, Product],
    day: date, lock: bool = False,
) -> tuple[dict[int, Source], dict[int, Issue]]:  # fmt: skip
    """Return by product what it may be bought by on that day, and why the others may not. One read for all of them."""
    found: dict[int, Source] = {}
    if kind in (OrderKind.AGREEMENT, OrderKind.EMERGENCY):
        found = _agreed(session, hospital_id, products, day, lock=lock)
    if kind is not OrderKind.AGREEMENT:
        wanted = set(ListingKind) if kind is OrderKind.EMERGENCY else {LISTED_AS[kind]}
        standing = listings.standing(session, product_ids=list(products), region_code=region_code, day=day)
        for (product_id, listed_as), one in sorted(standing.items()):
            if listed_as in wanted:
                found.setdefault(product_id, Source(one.price, listed=listed_as))
    code = "order-without-agreement" if kind is OrderKind.AGREEMENT else "order-without-listing"
    facts: dict[str, object] = {"kind": kind}
    barred = _suspended(session, products, region_code, day)
    if kind is OrderKind.FILED:
        barred = _unsigned(session, products, day) | barred  # what is suspended says why
    missing = {one: Issue(code, facts=facts) for one in products if one not in found} | barred
    return {key: one for key, one in found.items() if key not in barred}, missing


def _suspended(session: Session, products: Mapping[int, Product], region_code: str, day: date) -> dict[int, Issue]:
    """Return why credit keeps products from being bought in a region, in the words of the public register."""
    makers = {key: one.company_id for key, one in products.items()}
    return {key: said(each[0]) for key, each in suspensions(session, makers, day, region_code).items()}


def _unsigned(session: Session, products: Mapping[int, Product], day: date) -> dict[int, Issue]:
    """Return the products of companies without the year's commitment letter: filed purchases take it (credit.md)."""
    bound = letters.signed(session, {one.company_id for one in products.values()}, day)
    facts: dict[str, object] = {"year": day.year}
    return {key: Issue("order-unsigned", facts=facts) for key, one in products.items() if one.company_id not in bound}


def said(one: Suspension) -> Issue:
    """Say a suspension."""
    rated, withdrawn = SUSPENDED
    until = Said(NO_END) if one.until is None else one.until.isoformat()
    return Issue(rated if one.number else withdrawn, facts={
        "number": one.number, "matter": one.matter, "level": one.level, "day": one.since.isoformat(),
        "until": until,
    })  # fmt: skip


def _agreed(
    session: Session, hospital_id: int, products: Mapping[int, Product], day: date, *, lock: bool
) -> dict[int, Source]:
    """Return the hospital's agreements of the day by product; locked in the order of their ids where asked."""
    by_pair: dict[tuple[int, int], list[Held]] = defaultdict(list)
    for one in _agreements(session, hospital_id, products, day, lock=lock):
        by_pair[one.company_id, one.specification_id].append(one)
    found = {}
    for product_id, product in products.items():
        held = by_pair.get((product.company_id, product.specification_id), [])
        own = [one for one in held if one.product_id in (None, product_id)]
        if own:
            found[product_id] = Source(own[0].price, tuple(own))
    return found


def _agreements(
    session: Session, hospital_id: int, products: Mapping[int, Product], day: date, *, lock: bool
) -> Sequence[Held]:
    query = select(*(getattr(Agreement, name) for name in Held._fields)).where(
        Agreement.hospital_id == hospital_id,
        among(Agreement.specification_id, {one.specification_id for one in products.values()}),
        Agreement.company_id.in_({one.company_id for one in products.values()}),
        Agreement.starts <= day,
        Agreement.ends > day,
    )
    if lock:
        query = query.with_for_update(of=Agreement, key_share=True)  # accounts that name it are written meanwhile
    found = map(Held._make, session.execute(query.order_by(Agreement.id)))
    return sorted(found, key=lambda one: (one.ends, one.id))
