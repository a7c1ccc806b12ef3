"""Warnings of linkage as far as the reader may see them: a company its own, a bureau its region's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalogue.drugs.models import Product, Specification
from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation, Region
from kernel.parties.regions import prefix
from pricing.governance.comparison.flow import WAITING, WarningState
from pricing.governance.comparison.models import LinkageWarning, PriceGap, SameGroup
from pricing.listings.flow import ListingState
from pricing.listings.models import Listing

_WHOLE = (
    selectinload(LinkageWarning.product).joinedload(Product.specification).joinedload(Specification.variety),
    joinedload(LinkageWarning.region), joinedload(LinkageWarning.lowest_in),
)  # fmt: skip


def visible(actor: Actor) -> Select[LinkageWarning]:
    """Return the warnings the actor may see, those that wait first, by their last day."""
    query = select(LinkageWarning).options(*_WHOLE)
    if actor.supplies:
        query = query.where(LinkageWarning.company_id == actor.organisation_id)
    elif actor.organisation_kind is OrganisationKind.BUREAU and actor.region:
        query = query.where(LinkageWarning.region_code.startswith(prefix(actor.region)))
    return query.order_by(LinkageWarning.state.not_in(WAITING), LinkageWarning.due_on, LinkageWarning.id)


def asked(parts: Mapping[str, str]) -> dict[str, Any]:
    """Return the filter of the list from the parts of its address; without a state, what waits."""
    state = parts.get("state", "")
    return {
        "text": parts.get("q", "").strip()[:80], "overdue": bool(parts.get("overdue")),
        "states": (WarningState(state),) if state in set(WarningState) else (() if state == "all" else WAITING),
    }  # fmt: skip


def listing(
    actor: Actor, *, day: date, text: str = "", overdue: bool = False, states: Collection[WarningState] = WAITING
) -> Select[LinkageWarning]:
    """Return the query of the list."""
    query = visible(actor)
    if text:
        group = select(SameGroup.id).where(
            or_(SameGroup.name.contains(text, autoescape=True), SameGroup.maker.contains(text, autoescape=True))
        )
        query = query.where(LinkageWarning.group_id.in_(group))
    if overdue:
        return query.where(LinkageWarning.state == WarningState.OPEN, LinkageWarning.due_on < day)
    return query.where(LinkageWarning.state.in_(states)) if states else query


def tally(session: Session, actor: Actor, day: date) -> dict[str, int]:
    """Count by state the warnings that the actor sees, and those that are overdue."""
    ids = visible(actor).with_only_columns(LinkageWarning.id).order_by(None)
    query = select(LinkageWarning.state, func.count()).where(LinkageWarning.id.in_(ids))
    found = {row[0].value: row[1] for row in session.execute(query.group_by(LinkageWarning.state))}
    late = listing(actor, day=day, overdue=True).order_by(None).with_only_columns(LinkageWarning.id).subquery()
    return {**found, "overdue": session.scalar(select(func.count()).select_from(late)) or 0}


def one(session: Session, warning_id: int, actor: Actor, *, lock: bool = False) -> LinkageWarning:
    """Return a warning, or NotFound; locked and read anew to be changed."""
    query = visible(actor).where(LinkageWarning.id == warning_id)
    if lock:
        query = query.with_for_update(of=LinkageWarning).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(warning=warning_id)
    return found


def standing(session: Session, warning: LinkageWarning) -> Listing | None:
    """Return the current listing that a warning is about; None where it has ended."""
    query = select(Listing).where(
        Listing.product_id == warning.product_id, Listing.region_code == warning.region_code,
        Listing.kind == warning.kind, Listing.state != ListingState.ENDED,
    )  # fmt: skip
    return session.scalars(query).one_or_none()


def gap(session: Session, warning: LinkageWarning) -> PriceGap | None:
    """Return the gap as it is now; None where there is none any more."""
    return session.get(PriceGap, ("four", warning.group_id, warning.kind, warning.region_code))


def untold(day: date) -> Select[int, int, str]:
    """Return the query of the warnings that are overdue and nobody was told of."""
    one_ = LinkageWarning
    return select(one_.id, one_.company_id, one_.region_code).where(
        one_.state == WarningState.OPEN, one_.due_on < day, one_.told_at.is_(None)
    )


def bureaus(session: Session, provinces: Collection[str]) -> set[int]:
    """Return the bureaus of provinces by the first two digits of their codes."""
    if not provinces:
        return set()
    within = or_(*(Organisation.region_code.startswith(one) for one in sorted(provinces))) if provinces else false()
    query = select(Organisation.id).where(Organisation.kind == OrganisationKind.BUREAU, within)
    return set(session.scalars(query))


def region_name(session: Session, code: str) -> str:
    """Return a region's name."""
    return session.scalar(select(Region.name).where(Region.code == code)) or code
