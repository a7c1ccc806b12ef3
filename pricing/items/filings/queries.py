"""Filed prices within a reader's scope, and what a decision about one needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import DomainError, NotFound
from kernel.parties.codes import OrganisationKind
from kernel.policy import Parameters, load
from pricing.items.applications.queries import applications
from pricing.items.filings.flow import FilingState
from pricing.items.filings.models import PriceFiling
from pricing.items.filings.rules import OF_MARKET, OWN, Share
from pricing.items.flow import Pricing
from pricing.items.models import ItemVersion, ItemVolume
from pricing.items.queries.items import versions_on

POLICY = Path(__file__).with_name("policy.toml")


def parameters() -> Parameters:
    """Return the numbers of the rules."""
    return load(POLICY)


def visible(actor: Actor) -> Select[PriceFiling]:
    """Return the query of the filings that an actor may see: a hospital its own, the bureau and supervisors all."""
    query = select(PriceFiling).options(selectinload(PriceFiling.item), selectinload(PriceFiling.hospital))
    if actor.organisation_kind is OrganisationKind.HOSPITAL or not actor.may(P.SERVICE_FILINGS):
        query = query.where(PriceFiling.hospital_id == actor.organisation_id)
    return query


def listing(actor: Actor, parts: Mapping[str, str]) -> Select[PriceFiling]:
    """Return the query of the list page: those that wait first, the oldest of them first, then the newest."""
    query = visible(actor)
    state = parts.get("state", "")
    if state in set(FilingState):
        query = query.where(PriceFiling.state == FilingState(state))
    waits = PriceFiling.state == FilingState.FILED
    return query.order_by(waits.desc(), PriceFiling.filed_at.desc(), PriceFiling.id.desc())


def one(session: Session, filing_id: int, actor: Actor) -> PriceFiling:
    """Return a filing, or NotFound outside the actor's scope."""
    found = session.scalars(visible(actor).where(PriceFiling.id == filing_id)).one_or_none()
    if found is None:
        raise NotFound(filing=filing_id)
    return found


def waiting(session: Session, _actor: Actor, _at: datetime) -> tuple[int, bool]:
    """Count the filings that wait for the bureau."""
    query = select(func.count()).select_from(PriceFiling).where(PriceFiling.state == FilingState.FILED)
    return session.scalar(query) or 0, False


def own_priced(session: Session, item_id: int, day: date) -> ItemVersion:
    """Return the version of an item whose price hospitals file, or refuse.

    An item that an application brought is priced with its trial: one price has one origin.
    """
    version = versions_on(session, day, [item_id]).get(item_id)
    if version is None:
        raise NotFound(item=item_id)
    if version.pricing not in OWN:
        raise DomainError("service-not-own", item=version.name)
    if version.pricing is Pricing.TRIAL and applications.on_trial(session, item_id):
        raise DomainError("service-on-trial", item=version.name)
    return version


def names(session: Session, filings: Collection[PriceFiling], day: date) -> dict[int, ItemVersion]:
    """Return the versions of the filings' items on a day."""
    return versions_on(session, day, {one.item_id for one in filings})


def share(session: Session, hospital_id: int, year: int) -> Share:
    """Return how much of a hospital's services of a year it priced by the market, by the items' ways at its end."""
    last = date(year, 12, 31)
    query = select(ItemVersion.pricing, func.sum(ItemVolume.revenue)).select_from(ItemVolume)
    of_day = (ItemVersion.item_id == ItemVolume.item_id, ItemVersion.starts_on <= last)
    query = query.join(ItemVersion, of_day[0] & of_day[1] & (func.coalesce(ItemVersion.ends_on, date.max) > last))
    query = query.where(ItemVolume.hospital_id == hospital_id, ItemVolume.year == year)
    found: dict[Any, Decimal] = dict(session.execute(query.group_by(ItemVersion.pricing)).all())
    market = sum((found.get(way, Decimal(0)) for way in OF_MARKET), Decimal(0))
    return Share(year, market, sum(found.values(), Decimal(0)), parameters().value("share.cap"))
