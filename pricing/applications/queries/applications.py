"""Applications as far as the reader may see them: a company its own, a bureau and its overseers their region's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session, selectinload

from catalogue.drugs.models import Product, Specification
from catalogue.search.queries import matching_ids
from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.files import queries as stored
from kernel.files.models import StoredFile
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Region
from kernel.parties.regions import prefix
from kernel.sets import among
from pricing.applications.flow import OPEN, ApplicationState, Purpose
from pricing.applications.models import ListingApplication
from pricing.applications.rules import Draft
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing
from pricing.listings.queries import counts_on

KIND = "listing_application"
FIELDS = (
    "product_id", "region_code", "kind", "purpose", "price", "starts", "reason", "code", "certificate_until",
    "elsewhere", "elsewhere_region", "ceiling", "ceiling_source", "passed",
)  # fmt: skip
NEIGHBOURS = 40
_WHOLE = (
    selectinload(ListingApplication.product).joinedload(Product.specification).joinedload(Specification.variety),
    selectinload(ListingApplication.region), selectinload(ListingApplication.company),
)  # fmt: skip


def visible(actor: Actor) -> Select[ListingApplication]:
    """Return the applications the actor may see."""
    query = select(ListingApplication).options(*_WHOLE)
    if actor.supplies:
        return query.where(ListingApplication.company_id == actor.organisation_id)
    if actor.organisation_kind is OrganisationKind.BUREAU and actor.region:
        query = query.where(ListingApplication.region_code.startswith(prefix(actor.region)))
    return query


def one(session: Session, application_id: int, actor: Actor) -> ListingApplication:
    """Return an application, or NotFound."""
    query = visible(actor).where(ListingApplication.id == application_id)
    found = session.scalars(query.options(selectinload(ListingApplication.looks))).one_or_none()
    if found is None:
        raise NotFound(application=application_id)
    return found


def held(session: Session, ids: Collection[int], actor: Actor) -> Sequence[ListingApplication]:
    """Return those applications that the actor may see with their rows locked, in one order, read anew."""
    query = visible(actor).where(among(ListingApplication.id, sorted(ids)))
    query = query.order_by(ListingApplication.id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).all()


def open_keys(
    session: Session, product_ids: Collection[int], *, besides: int | None = None
) -> set[tuple[int, str, ListingKind]]:
    """Return what open applications about products are about."""
    one_ = ListingApplication
    query = select(one_.product_id, one_.region_code, one_.kind).where(
        among(one_.product_id, product_ids),
        one_.state.in_((*OPEN, ApplicationState.RETURNED)),
        one_.id != (besides or 0),
    )
    return {(row[0], row[1], row[2]) for row in session.execute(query)}


def draft(found: ListingApplication) -> Draft:
    """Return an application as it was written."""
    return Draft(**{name: getattr(found, name) for name in FIELDS})


def files(session: Session, found: ListingApplication) -> Sequence[StoredFile]:
    """Return the documents of an application."""
    return stored.of_parent(session, KIND, found.id)


def asked(parts: Mapping[str, str], actor: Actor) -> dict[str, Any]:
    """Return the filter of the list from the parts of its address; the bureau sees first what waits."""
    state, purpose = parts.get("state", ""), parts.get("purpose", "")
    every = state == "all" or (not state and actor.supplies)
    states = (
        tuple(ApplicationState) if every else (ApplicationState(state),) if state in set(ApplicationState) else OPEN
    )
    return {
        "states": states, "purpose": Purpose(purpose) if purpose in set(Purpose) else None,
        "text": parts.get("q", "").strip()[:80], "region_code": parts.get("region", "").strip()[:12],
        "failing": {"yes": True, "no": False}.get(parts.get("failing", "")),
    }  # fmt: skip


def listing(
    actor: Actor, *, states: Collection[ApplicationState], purpose: Purpose | None = None, text: str = "",
    region_code: str = "", failing: bool | None = None,
) -> Select[ListingApplication]:  # fmt: skip
    """Return the query of the list, the oldest first."""
    query = visible(actor).where(ListingApplication.state.in_(states))
    if purpose is not None:
        query = query.where(ListingApplication.purpose == purpose)
    if text:
        ids = matching_ids(text, kind="product")
        query = query.where(false() if ids is None else ListingApplication.product_id.in_(ids))
    if region_code:
        query = query.where(ListingApplication.region_code == region_code)
    if failing is not None:
        query = query.where(ListingApplication.failed > 0 if failing else ListingApplication.failed == 0)
    return query.order_by(ListingApplication.submitted_at, ListingApplication.id)


def tally(session: Session, actor: Actor) -> dict[ApplicationState, int]:
    """Count applications by state."""
    ids = visible(actor).with_only_columns(ListingApplication.id)
    query = select(ListingApplication.state, func.count()).where(ListingApplication.id.in_(ids))
    return dict(session.execute(query.group_by(ListingApplication.state)).all())


def regions(session: Session) -> list[tuple[str, str]]:
    """Return the provinces and their cities, as a form's choices."""
    query = select(Region.code, Region.name).where(Region.code.like("%00")).order_by(Region.code)
    return [(code, f"{code} {name}") for code, name in session.execute(query)]


def neighbours(session: Session, found: ListingApplication, day: date) -> Sequence[Listing]:
    """Return the prices of the same specification that count: the product's elsewhere and its rivals' here."""
    query = (
        select(Listing)
        .join(Product, Product.id == Listing.product_id)
        .where(Product.specification_id == found.product.specification_id, counts_on(day))
        .where((Listing.product_id == found.product_id) | (Listing.region_code == found.region_code))
        .options(selectinload(Listing.product), selectinload(Listing.region))
        .order_by(Listing.price, Listing.id)
    )
    return session.scalars(query.limit(NEIGHBOURS)).all()


def history(session: Session, found: ListingApplication) -> Sequence[ListingApplication]:
    """Return earlier applications about the same thing, the latest first."""
    one_ = ListingApplication
    same = (one_.product_id == found.product_id) & (one_.region_code == found.region_code) & (one_.kind == found.kind)
    return session.scalars(select(one_).where(same, one_.id != found.id).order_by(one_.id.desc()).limit(20)).all()
