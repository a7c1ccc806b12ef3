"""What the platform knows beside applications, gathered for thousands of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from catalogue.codes.rules.kinds import CodeKind
from catalogue.codes.rules.reading import examine
from catalogue.drugs.models import Product, Specification
from kernel.clock import today
from kernel.periods import months_after
from kernel.policy import Parameters, regional
from kernel.sets import among
from pricing.applications.flow import ApplicationState, Purpose
from pricing.applications.models import ListingApplication
from pricing.applications.rules import Draft, Known
from pricing.credit import queries as letters
from pricing.credit.acting.queries import may_act
from pricing.credit.flow import Act
from pricing.credit.rules import Standing
from pricing.governance.labelling.models import LabelBand
from pricing.governance.labelling.rules import COLOURS
from pricing.governance.rules import Label
from pricing.governance.sets import queries as sets
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.models import Listing
from pricing.listings.queries import counts_on

POLICY = Path(__file__).resolve().parents[1] / "policy.toml"
CODES = {CodeKind.WESTERN, CodeKind.PATENT, CodeKind.GRANULES, CodeKind.CONSUMABLE, CodeKind.CONSUMABLE_MODEL}
Key = tuple[int, str, ListingKind]


def policy(region_code: str) -> Parameters:
    """Return a region's parameters of listing and delisting."""
    return regional(POLICY, region_code)


def known(session: Session, drafts: Sequence[Draft], at: datetime) -> list[Known]:
    """Return what is known beside each draft; a handful of queries for any number of them."""
    day, ids = today(at), sorted({draft.product_id for draft in drafts})
    rows = session.execute(_products().where(among(Product.id, ids))).all()
    products = {row.id: row for row in rows}
    standing, kin = _standing(session, ids, day), _kin(session, rows, day)
    by_product = _by_product(standing)
    kept, bars = _kept(session, ids, day), _bars(session, ids)
    signed, blocked = _companies(session, {row.company_id for row in rows}, {one.region_code for one in drafts}, at)
    found = []
    for draft, label in zip(drafts, _labels(session, drafts, day), strict=True):
        row, barred = products[draft.product_id], draft.key in bars
        found.append(Known(
            signed=row.company_id in signed, credit=_barred(blocked, row, draft),
            coded=is_code(draft.code), factor=row.price_factor, stands=standing.get(draft.key),
            lowest=_elsewhere(by_product[row.id], draft), kin=tuple(kin.get(draft.key, ())), kept=kept.get(draft.key),
            bar=bars.get(draft.key), barred_unknown=barred and bars[draft.key] is None, label=label,
        ))  # fmt: skip
    return found


def _products() -> Any:
    columns = (Product.id, Product.company_id, Specification.variety_id, Specification.price_factor)
    return select(*columns).join(Specification, Specification.id == Product.specification_id)


def _standing(session: Session, ids: Collection[int], day: date) -> dict[Key, Decimal]:
    """Return the prices of products that count or are to come, by product, region and kind."""
    query = select(Listing.product_id, Listing.region_code, Listing.kind, Listing.price).where(
        among(Listing.product_id, ids), Listing.state != ListingState.ENDED
    )
    query = query.where(Listing.ends.is_(None) | (Listing.ends > day))
    return {(row[0], row[1], row[2]): row[3] for row in session.execute(query)}


def _by_product(standing: Mapping[Key, Decimal]) -> dict[int, list[tuple[Key, Decimal]]]:
    found: dict[int, list[tuple[Key, Decimal]]] = defaultdict(list)
    for key, price in standing.items():
        found[key[0]].append((key, price))
    return found


def _elsewhere(rows: Collection[tuple[Key, Decimal]], draft: Draft) -> Decimal | None:
    """Return the lowest price of the kind in other provinces."""
    province = draft.region_code[:2]
    held = [price for (_id, region, kind), price in rows if kind is draft.kind and region[:2] != province]
    return min(held, default=None)


def _kin(session: Session, rows: Collection[Any], day: date) -> dict[Key, list[tuple[Decimal, Decimal]]]:
    """Return prices and price factors of the maker's other specifications of the variety, by product, region, kind."""
    own: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in rows:
        own[row.company_id, row.variety_id].append(row)
    query = (
        select(
            Product.id, Product.company_id, Specification.variety_id, Listing.region_code, Listing.kind, Listing.price,
            Specification.price_factor,
        )
        .join(Specification, Specification.id == Product.specification_id)
        .join(Listing, Listing.product_id == Product.id)
        .where(among(Specification.variety_id, sorted({key[1] for key in own})), counts_on(day))
        .where(among(Product.company_id, sorted({key[0] for key in own})))
    )  # fmt: skip
    found: dict[Key, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for id_, company, variety, region, kind, price, factor in session.execute(query):
        for row in own.get((company, variety), ()):
            if row.id != id_ and row.price_factor != factor:
                found[row.id, region, kind].append((price, factor))
    return found


def _kept(session: Session, ids: Collection[int], day: date) -> dict[Key, Decimal]:
    """Return the last price of products that are listed no more, as long as it is kept."""
    since = months_after(day, -12 * int(policy("").value("kept.years")))
    query = select(Listing.product_id, Listing.region_code, Listing.kind, Listing.price).where(
        among(Listing.product_id, ids), Listing.ends >= since, Listing.ends > Listing.starts, Listing.ends <= day
    )
    rows = session.execute(query.order_by(Listing.ends, Listing.id))
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def _bars(session: Session, ids: Collection[int]) -> dict[Key, date | None]:
    """Return until when delisted products may not be listed again; None where no rule says."""
    one = ListingApplication
    query = select(one.product_id, one.region_code, one.kind, one.bar_until).where(
        among(one.product_id, ids), one.purpose == Purpose.DELIST, one.state == ApplicationState.APPROVED
    )
    return {(row[0], row[1], row[2]): row[3] for row in session.execute(query.order_by(one.id))}


def _companies(
    session: Session, ids: Collection[int], regions: Collection[str], at: datetime
) -> tuple[frozenset[int], dict[tuple[int, str], Standing]]:
    """Return the companies that have signed this year's letter, and what bars one from listing in a region."""
    blocked: dict[tuple[int, str], Standing] = {}
    for region in sorted(regions):
        asked = may_act(session, company_ids=ids, act=Act.LIST, region_codes=[region], at=at)
        blocked |= {(id_, region): one for id_, one in asked.items()}
    return letters.signed(session, ids, today(at)), blocked


def _barred(blocked: Mapping[tuple[int, str], Standing], row: Row[Any], draft: Draft) -> str:
    """Say why the credit of its company bars a new listing of a product: a measure stops no new price and no end."""
    found = blocked.get((row.company_id, draft.region_code))
    return "" if found is None or draft.purpose is not Purpose.LIST else found.why(draft.product_id)


def _labels(session: Session, drafts: Sequence[Draft], day: date) -> list[Label]:
    """Return how each draft's price would be labelled by its region's rules, as prices stand."""
    by_region = sets.by_region(session, day)
    query = select(LabelBand).where(among(LabelBand.product_id, sorted({draft.product_id for draft in drafts})))
    bands = {(one.set_id, one.product_id): one for one in session.scalars(query)}
    found = []
    for draft in drafts:
        rules = by_region.get(draft.region_code)
        band = bands.get((rules.id, draft.product_id)) if rules else None
        found.append(_colour(band, draft.price) if band is not None and draft.price is not None else Label.NONE)
    return found


def _colour(band: LabelBand, price: Decimal) -> Label:
    reached = [one for one in COLOURS if (begins := getattr(band, one.value)) is not None and price >= begins]
    return reached[-1] if reached else Label.NONE


def is_code(text: str) -> bool:
    """Say whether a text is a whole code of a drug or consumable."""
    parsed = examine(text) if text else None
    return parsed is not None and parsed.valid and parsed.kind in CODES
