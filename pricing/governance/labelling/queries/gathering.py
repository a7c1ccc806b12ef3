"""What labels are given by: prices of specifications, kinds of products, listings above their thresholds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product, Specification
from kernel.sets import among
from pricing.governance.labelling.models import LabelBand, LabelRun, PriceLabel, ProductEvaluation
from pricing.governance.labelling.rules import Spread, percentile
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing
from pricing.listings.queries import counts_on

MOST = 2_000
"""Varieties; where more have changed, everything is looked at."""
SHARE = Decimal("0.75")
Key = tuple[int, str, ListingKind]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run looks at: the specifications by id as (variety, price factor), and whether these are all."""

    specifications: Mapping[int, tuple[int, Decimal]]
    whole: bool

    def within(self, query: Any) -> Any:
        """Narrow a query that joins products."""
        return query if self.whole else query.where(among(Product.specification_id, sorted(self.specifications)))


def last_run(session: Session) -> LabelRun | None:
    """Return the latest run."""
    return session.scalars(select(LabelRun).order_by(LabelRun.id.desc()).limit(1)).one_or_none()


def newest_listing(session: Session) -> int:
    """Return the highest number of a listing."""
    return session.scalar(select(func.max(Listing.id))) or 0


def changed(session: Session, last: LabelRun, day: date) -> set[int] | None:
    """Return the varieties whose prices or products changed since a run; None where they are too many."""
    turned = or_(
        Listing.ends.between(last.day, day), Listing.suspended_on.between(last.day, day),
        Listing.restored_at >= last.at,
    )  # fmt: skip
    asked = (
        select(Listing.product_id).where(Listing.id > last.upto),
        select(Listing.product_id).where(turned),
        select(ProductEvaluation.product_id).where(ProductEvaluation.at >= last.at),
    )
    products = {each for query in asked for each in session.scalars(query.distinct())}
    specification = select(Product.specification_id).where(among(Product.id, sorted(products)))
    query = select(Specification.variety_id).where(Specification.id.in_(specification)).distinct()
    found = set(session.scalars(query))
    return None if len(found) > MOST else found


def scope(session: Session, varieties: Collection[int] | None) -> Scope:
    """Return all specifications, or those of some varieties."""
    query = select(Specification.id, Specification.variety_id, Specification.price_factor)
    if varieties is not None:
        query = query.where(among(Specification.variety_id, sorted(varieties)))
    return Scope({id_: (variety, factor) for id_, variety, factor in session.execute(query)}, varieties is None)


def spreads(session: Session, seen: Scope, day: date) -> dict[int, tuple[Spread, int]]:
    """Return the prices of each specification in the country that count on a day, and how many they are."""
    won = func.max(case((Listing.kind == ListingKind.AGREEMENT, 1), else_=0))
    columns = (Product.specification_id, Listing.price, func.count(), won)
    query: Any = select(*columns).join(Product, Product.id == Listing.product_id).where(counts_on(day))
    query = seen.within(query).group_by(Product.specification_id, Listing.price)
    rows = session.execute(query.order_by(Product.specification_id, Listing.price))
    found = {}
    for specification, part in groupby(rows, key=lambda row: row[0]):
        held = [(price, count, winner) for _id, price, count, winner in part]
        winning = max((price for price, _count, winner in held if winner), default=None)
        counts = [(price, count) for price, count, _winner in held]
        spread = Spread(winning, held[-1][0], percentile(counts, SHARE))
        found[specification] = (spread, sum(count for _price, count in counts))
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """What a product is: its specification, the highest price it won with, reference preparation or not, passed."""

    product_id: int
    specification_id: int
    won: Decimal | None
    reference: bool
    passed: bool | None


def products(session: Session, seen: Scope, day: date) -> Iterator[Standing]:
    """Return every product with what decides its rule."""
    won: Any = select(Listing.product_id, func.max(Listing.price)).join(Product, Product.id == Listing.product_id)
    won = seen.within(won.where(Listing.kind == ListingKind.AGREEMENT, counts_on(day)))
    prices: dict[int, Decimal] = dict(session.execute(won.group_by(Listing.product_id)).all())
    said = select(ProductEvaluation.product_id, ProductEvaluation.passed)
    passed: dict[int, bool] = dict(session.execute(said).all())
    query = seen.within(select(Product.id, Product.specification_id, Product.is_reference_preparation))
    for id_, specification, reference in session.execute(query):
        yield Standing(id_, specification, prices.get(id_), reference, passed.get(id_))


def above(session: Session, seen: Scope, set_id: int, regions: Collection[str], day: date) -> list[Any]:
    """Return the listings of some regions whose price is labelled by a set, with their bands."""
    query: Any = (
        select(
            Listing.id, Listing.product_id, Listing.region_code, Listing.kind, Listing.price, Listing.starts,
            LabelBand.rule, LabelBand.anchor, LabelBand.yellow, LabelBand.red, LabelBand.suspend,
            LabelBand.outside_only, LabelBand.kind.label("product_kind"), LabelBand.given,
        )
        .join(LabelBand, LabelBand.product_id == Listing.product_id)
        .where(LabelBand.set_id == set_id, Listing.price >= LabelBand.first, counts_on(day))
        .where(among(Listing.region_code, sorted(regions)))
    )  # fmt: skip
    if not seen.whole:
        query = seen.within(query.join(Product, Product.id == Listing.product_id))
    return list(session.execute(query))


def supplied(session: Session, product_ids: Collection[int], day: date) -> dict[int, set[str]]:
    """Return the regions in which winners are supplied by their award."""
    query = select(Listing.product_id, Listing.region_code).where(
        among(Listing.product_id, sorted(product_ids)), Listing.kind == ListingKind.AGREEMENT, counts_on(day)
    )
    found: dict[int, set[str]] = defaultdict(set)
    for product, region in session.execute(query):
        found[product].add(region)
    return found


def open_labels(session: Session, seen: Scope) -> dict[Key, Any]:
    """Return the labels that have no last day yet."""
    columns = (
        PriceLabel.id, PriceLabel.product_id, PriceLabel.region_code, PriceLabel.kind, PriceLabel.label,
        PriceLabel.price, PriceLabel.anchor, PriceLabel.rule, PriceLabel.set_id, PriceLabel.since,
    )  # fmt: skip
    query: Any = select(*columns).where(PriceLabel.until.is_(None))
    if not seen.whole:
        query = seen.within(query.join(Product, Product.id == PriceLabel.product_id))
    return {(row.product_id, row.region_code, row.kind): row for row in session.execute(query)}


def current(session: Session, product_ids: Collection[int], day: date) -> dict[Key, tuple[Decimal, date]]:
    """Return price and first day of the listings of products that count on a day."""
    query = select(Listing.product_id, Listing.region_code, Listing.kind, Listing.price, Listing.starts)
    rows = session.execute(query.where(among(Listing.product_id, sorted(product_ids)), counts_on(day)))
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in rows}


def makers(session: Session, product_ids: Collection[int]) -> set[int]:
    """Return the companies of products."""
    return set(session.scalars(select(Product.company_id).where(among(Product.id, sorted(product_ids))).distinct()))
