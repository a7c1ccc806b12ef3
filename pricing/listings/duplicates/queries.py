"""Duplicate listings of a region and their merges; a company sees those of its products, a bureau its region's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.parties.codes import OrganisationKind
from kernel.parties.regions import prefix
from kernel.policy import Parameters, regional
from pricing.listings.duplicates.flow import OPEN
from pricing.listings.duplicates.models import ListingMerge
from pricing.listings.models import Listing
from pricing.listings.queries import counts_on

POLICY = Path(__file__).with_name("policy.toml")
MOST = 500
"""Listings that one proposal looks at."""


def policy(region_code: str) -> Parameters:
    """Return a region's parameters of merging."""
    return regional(POLICY, region_code)


def twins(session: Session, region_code: str, day: date) -> list[list[Listing]]:
    """Return the listings of products that are one maker's same specification and pack, that no open merge is about."""
    same = (Product.company_id, Product.specification_id, Product.pack)
    here = (Listing.region_code == region_code, counts_on(day))
    ended = aliased(ListingMerge)
    groups = (
        select(*same).join(Listing, Listing.product_id == Product.id).where(*here).group_by(*same)
        .having(func.count(Product.id.distinct()) > 1).subquery()
    )  # fmt: skip
    query = (
        select(Listing)
        .join(Product, Product.id == Listing.product_id)
        .join(groups, (groups.c.company_id == Product.company_id)
              & (groups.c.specification_id == Product.specification_id) & (groups.c.pack == Product.pack))
        .where(*here, ~select(ended.id).where(ended.end_id == Listing.id, ended.state.in_(OPEN)).exists())
        .options(selectinload(Listing.product))
        .order_by(Listing.id)
    )  # fmt: skip
    found: dict[tuple[int, int, int], list[Listing]] = defaultdict(list)
    for one in session.scalars(query.limit(MOST)):
        found[one.product.company_id, one.product.specification_id, one.product.pack].append(one)
    return [group for group in found.values() if len(group) > 1]


def visible(actor: Actor) -> Select[ListingMerge]:
    """Return the merges the actor may see, the open ones first."""
    query = select(ListingMerge).options(
        joinedload(ListingMerge.keep).joinedload(Listing.product),
        joinedload(ListingMerge.end).joinedload(Listing.product),
        joinedload(ListingMerge.keep).joinedload(Listing.region),
    )  # fmt: skip
    if actor.supplies:
        own = select(Listing.id).join(Product).where(Product.company_id == actor.organisation_id)
        query = query.where(ListingMerge.end_id.in_(own))
    elif actor.organisation_kind is OrganisationKind.BUREAU and actor.region:
        here = select(Listing.id).where(Listing.region_code.startswith(prefix(actor.region)))
        query = query.where(ListingMerge.end_id.in_(here))
    return query.order_by(ListingMerge.decided_at.is_not(None), ListingMerge.due_at, ListingMerge.id)


def one(session: Session, merge_id: int, actor: Actor, *, lock: bool = False) -> ListingMerge:
    """Return a merge, or NotFound; locked and read anew to be changed."""
    query = visible(actor).where(ListingMerge.id == merge_id)
    if lock:
        query = query.with_for_update(of=ListingMerge).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(merge=merge_id)
    return found


def open_count(session: Session, actor: Actor) -> int:
    """Count the open merges that the actor sees."""
    ids = visible(actor).with_only_columns(ListingMerge.id).where(ListingMerge.state.in_(OPEN)).order_by(None)
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def all_of(session: Session, actor: Actor) -> Sequence[ListingMerge]:
    """Return the merges of the list page."""
    return session.scalars(visible(actor).limit(200)).all()
