"""The prices beside a case: what may be asked about, what is listed and labelled now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Product, Specification
from kernel.errors import NotFound
from kernel.sets import among
from pricing.governance.cases.models import CaseLine, PriceCase
from pricing.governance.labelling.models import LabelBand, PriceLabel
from pricing.governance.labelling.queries.labels import stands_on
from pricing.governance.labelling.rules import STEP
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.models import Listing

Key = tuple[int, str, ListingKind]
FEW = 60
_PRODUCT = joinedload(Listing.product).joinedload(Product.specification).joinedload(Specification.variety)


@dataclass(frozen=True, slots=True)
class Now:
    """A price of a case as it stands today: its listing, its label, and the highest price without a label."""

    listing: Listing | None
    label: PriceLabel | None
    free: Decimal | None


def listings(session: Session, ids: Collection[int]) -> Sequence[Listing]:
    """Return listings with their products, all of them or NotFound."""
    query = select(Listing).where(among(Listing.id, sorted(ids))).options(_PRODUCT, joinedload(Listing.region))
    found = session.scalars(query.order_by(Listing.id)).all()
    if len(found) != len(set(ids)):
        raise NotFound(listings=sorted(ids))
    return found


def labels(session: Session, product_ids: Collection[int], day: date) -> dict[Key, PriceLabel]:
    """Return the labels that stand on a day, by product, region and kind."""
    query = select(PriceLabel).where(among(PriceLabel.product_id, sorted(set(product_ids))), stands_on(day))
    return {(one.product_id, one.region_code, one.kind): one for one in session.scalars(query)}


def beside(session: Session, listing: Listing, day: date) -> list[tuple[Listing, PriceLabel | None]]:
    """Return the current prices of the same company in the same region, the labelled ones first."""
    query = select(Listing).join(Product).where(
        Product.company_id == listing.product.company_id, Listing.region_code == listing.region_code,
        Listing.state != ListingState.ENDED,
    )  # fmt: skip
    found = session.scalars(query.options(_PRODUCT).order_by(Listing.id).limit(FEW)).all()
    if listing not in found:
        found = [listing, *found]
    known = labels(session, {one.product_id for one in found}, day)
    rows = [(one, known.get((one.product_id, one.region_code, one.kind))) for one in found]
    return sorted(rows, key=lambda row: (row[0].id != listing.id, row[1] is None, row[0].id))


def open_lines(session: Session, region_code: str, product_ids: Collection[int]) -> Sequence[CaseLine]:
    """Return the lines of open cases about products of a region."""
    query = select(CaseLine).where(CaseLine.region_code == region_code, ~CaseLine.closed)
    return session.scalars(query.where(among(CaseLine.product_id, sorted(set(product_ids))))).all()


def current(session: Session, found: PriceCase) -> dict[int, Listing]:
    """Return by line the listing that is current at its product, region and kind."""
    same = [and_(Listing.product_id == one.product_id, Listing.kind == one.kind) for one in found.lines]
    query = select(Listing).where(
        Listing.region_code == found.region_code, Listing.state != ListingState.ENDED, or_(*same)
    )
    by_key = {(one.product_id, one.kind): one for one in session.scalars(query)}
    return {
        one.id: by_key[one.product_id, one.kind] for one in found.lines if (one.product_id, one.kind) in by_key
    }  # fmt: skip


def now(session: Session, found: PriceCase, day: date) -> dict[int, Now]:
    """Return by line what stands today."""
    listed, ids = current(session, found), [one.product_id for one in found.lines]
    marked = labels(session, ids, day)
    bands = {
        (band.set_id, band.product_id): band
        for band in session.scalars(select(LabelBand).where(among(LabelBand.product_id, sorted(set(ids)))))
    }
    return {one.id: _now(one, listed.get(one.id), marked, bands) for one in found.lines}


def _now(
    line: CaseLine, listing: Listing | None, marked: dict[Key, PriceLabel], bands: dict[tuple[int, int], LabelBand]
) -> Now:
    label = marked.get((line.product_id, line.region_code, line.kind))
    band = bands.get((label.set_id, line.product_id)) if label else None
    return Now(listing, label, band.first - STEP if band is not None and band.first > STEP else None)
