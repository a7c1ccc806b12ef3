"""Applications as readers may see them: hospitals their own, bureaus their region's, everybody what is public."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.auth.models import User, UserRole
from kernel.auth.permissions import P, Role
from kernel.clock import today
from kernel.errors import Forbidden, NotFound
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation
from kernel.policy import covers, levels
from pricing.items.applications import rules
from pricing.items.applications.flow import (
    ON_TRIAL,
    OVER,
    WAITING,
    ApplicationState,
)
from pricing.items.applications.models import (
    ItemApplication,
    ItemTrial,
)

S = ApplicationState
PUBLIC = (S.PUBLICITY, S.PRICING, *ON_TRIAL, S.FORMAL)
"""What everybody may read of: in publicity, and all that came through it."""
_LOADED = (joinedload(ItemApplication.hospital), joinedload(ItemApplication.trial), joinedload(ItemApplication.round_))


def held_by(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL whether an application lies in the region of the actor's bureau."""
    if not actor.region:
        return true()
    return ItemApplication.region_code.startswith(actor.region[: 2 if rules.is_province(actor.region) else 4])


def visible(actor: Actor) -> Select[ItemApplication]:
    """Return the applications the actor may read whole."""
    query = select(ItemApplication)
    if actor.organisation_kind is OrganisationKind.HOSPITAL:
        return query.where(ItemApplication.hospital_id == actor.organisation_id)
    if actor.runs_platform and actor.may(P.NEW_ITEM_READ):
        return query.where(ItemApplication.state != S.DRAFT, held_by(actor))
    return query.where(false())


def on_trial(session: Session, item_id: int) -> bool:
    """Say whether an application brought an item: its price is then the trial's."""
    return session.scalar(select(ItemTrial.application_id).where(ItemTrial.item_id == item_id)) is not None


def one(session: Session, application_id: int, actor: Actor) -> ItemApplication:
    """Return an application the actor may read, or NotFound."""
    found = session.scalars(visible(actor).where(ItemApplication.id == application_id).options(*_LOADED)).one_or_none()
    if found is None:
        raise NotFound(application=application_id)
    return found


def public(session: Session, application_id: int) -> ItemApplication:
    """Return an application that everybody may read of, or NotFound."""
    query = select(ItemApplication).where(ItemApplication.id == application_id, ItemApplication.state.in_(PUBLIC))
    found = session.scalars(query.options(*_LOADED)).one_or_none()
    if found is None:
        raise NotFound(application=application_id)
    return found


def announced() -> Select[ItemApplication]:
    """Return what is public: in publicity first, then by what moved last."""
    order = (ItemApplication.state != S.PUBLICITY, ItemApplication.moved_at.desc(), ItemApplication.id.desc())
    return select(ItemApplication).where(ItemApplication.state.in_(PUBLIC)).options(*_LOADED).order_by(*order)


GROUPS = {"open": (S.DRAFT, S.RETURNED), "waiting": WAITING, "trial": (S.PRICING, *ON_TRIAL), "over": OVER}
"""The parts of the list that its chips name."""
RANKS = (WAITING, (S.RETURNED, S.PRICING), (S.DRAFT,), ON_TRIAL)


def names_of(session: Session, actor: Actor) -> frozenset[str]:
    """Return the names of the actor's own applications that are not over."""
    query = visible(actor).where(ItemApplication.state.not_in(OVER)).with_only_columns(ItemApplication.name)
    return frozenset(session.scalars(query))


def asked(parts: Mapping[str, str]) -> dict[str, Any]:
    """Return the filter of the list from the parts of its address."""
    return {"text": parts.get("q", "").strip()[:80], "group": parts.get("group", ""), "state": parts.get("state", "")}


def listing(actor: Actor, *, text: str = "", group: str = "", state: str = "") -> Select[ItemApplication]:
    """Return the query of the list: what waits first, emergencies before others, then what stands longest."""
    query = visible(actor).options(*_LOADED).join(Organisation, Organisation.id == ItemApplication.hospital_id)
    if group in GROUPS:
        query = query.where(ItemApplication.state.in_(GROUPS[group]))
    if state in set(S):
        query = query.where(ItemApplication.state == S(state))
    if text:
        columns = (ItemApplication.name, ItemApplication.number, Organisation.name)
        query = query.where(or_(*(column.contains(text, autoescape=True) for column in columns)))
    rank = case(*((ItemApplication.state.in_(states), place) for place, states in enumerate(RANKS)), else_=len(RANKS))
    return query.order_by(rank, ItemApplication.urgent.desc(), ItemApplication.moved_at, ItemApplication.id)


def counts(session: Session, actor: Actor) -> dict[str, int]:
    """Count the visible applications by the list's groups, and all of them."""
    query = visible(actor).with_only_columns(ItemApplication.state, func.count()).group_by(ItemApplication.state)
    found = {row[0]: row[1] for row in session.execute(query)}
    return {"all": sum(found.values())} | {
        name: sum(found.get(state, 0) for state in states) for name, states in GROUPS.items()
    }


def state_of(application: ItemApplication, at: datetime) -> ApplicationState:
    """Return an application's state as the clock makes it."""
    ends = application.trial.ends_on if application.trial else None
    return rules.settled(application.state, ends, today(at))


def staffed(session: Session) -> frozenset[str]:
    """Return the cities whose own bureau has somebody to review what their hospitals apply for."""
    of_role = exists().where(and_(UserRole.user_id == User.id, UserRole.role == Role.PRICE_OFFICER))
    query = select(Organisation.region_code).join(User).where(
        User.active, of_role, Organisation.kind == OrganisationKind.BUREAU,
        Organisation.state == OrganisationState.ACTIVE, Organisation.region_code.is_not(None),
    )  # fmt: skip
    codes = {code for code in session.scalars(query.distinct()) if code}
    return frozenset(code for code in codes if not rules.is_province(code))


def may_review(application: ItemApplication, actor: Actor, cities: Collection[str]) -> bool:
    """Say whether the actor reviews an application where it stands; `cities` are those that have officers (staffed).

    The city's bureau accepts and reviews first, the province's where the city has nobody; the rest is the province's.
    """
    if not actor.may(P.NEW_ITEM_REVIEW) or not covers(actor.region, application.region_code):
        return False
    if application.state in (S.SUBMITTED, S.CITY_REVIEW):
        own = levels(application.region_code)[1] if not rules.is_province(application.region_code) else ""
        return not rules.is_province(actor.region) or own not in cities
    return rules.is_province(actor.region)


def reviewer(session: Session, application: ItemApplication, actor: Actor) -> int:
    """Return who reviews an application where it stands, or refuse: it is another office's stage."""
    if actor.user_id is None or not may_review(application, actor, staffed(session)):
        raise Forbidden("new-item-not-yours")
    return actor.user_id


def waiting(session: Session, actor: Actor) -> list[ItemApplication]:
    """Return what waits for the actor: for a bureau its stages, for a hospital what came back or has to be priced."""
    if actor.may(P.NEW_ITEM_REVIEW):
        query = visible(actor).where(ItemApplication.state.in_(WAITING)).options(*_LOADED)
        found = session.scalars(query.order_by(ItemApplication.moved_at, ItemApplication.id)).all()
        cities = staffed(session)
        return [each for each in found if may_review(each, actor, cities)]
    if actor.may(P.NEW_ITEM_FILE):
        mine = visible(actor).where(ItemApplication.state.in_((S.RETURNED, S.PRICING))).options(*_LOADED)
        return list(session.scalars(mine.order_by(ItemApplication.moved_at, ItemApplication.id)))
    return []


def trials() -> Select[ItemTrial]:
    """Return the trials that run, those that end first first."""
    query = select(ItemTrial).join(ItemApplication).where(ItemApplication.state.in_(ON_TRIAL))
    return query.options(joinedload(ItemTrial.application)).order_by(ItemTrial.ends_on)


def reviewing(session: Session, application: ItemApplication) -> Sequence[int]:
    """Return the bureaus that review an application where it stands."""
    city = levels(application.region_code)[1]
    first = application.state in (S.SUBMITTED, S.CITY_REVIEW) and city in staffed(session)
    query = select(Organisation.id).where(
        Organisation.kind == OrganisationKind.BUREAU, Organisation.state == OrganisationState.ACTIVE,
        Organisation.region_code == (city if first else levels(application.region_code)[0]),
    )  # fmt: skip
    return session.scalars(query).all()
