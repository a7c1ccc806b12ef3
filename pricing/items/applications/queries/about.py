"""What belongs to an application or is held against it: items alike, decisions, objections, reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.errors import Issue
from kernel.files import queries as files
from kernel.files.models import StoredFile
from pricing.items.applications import rules
from pricing.items.applications.flow import (
    ApplicationState,
    OpinionState,
    PlaceState,
    ReplyState,
)
from pricing.items.applications.models import (
    ItemApplication,
    ItemObjection,
    ItemOpinion,
    ItemReport,
)
from pricing.items.applications.queries import panels
from pricing.items.models import ItemVersion, ServiceItem
from pricing.items.queries.items import valid_on

S = ApplicationState
PARENT, REPORT = ItemApplication.__tablename__, ItemReport.__tablename__
"""What files belong to: the application itself, a report on its trial."""


def known(session: Session, day: date) -> list[rules.Known]:
    """Return every item in force on a day, to hold a new one against: one query."""
    columns = (ServiceItem.id, ServiceItem.code, ItemVersion.name, ItemVersion.connotation)
    query = select(*columns).join(ItemVersion, ItemVersion.item_id == ServiceItem.id).where(valid_on(day))
    return [rules.Known(*row) for row in session.execute(query)]


def siblings(session: Session, application: ItemApplication) -> list[rules.Alike]:
    """Return other applications of the province that are like one; for those who review."""
    query = select(
        ItemApplication.id, ItemApplication.number, ItemApplication.name, ItemApplication.connotation
    ).where(
        ItemApplication.region_code.startswith(application.region_code[:2]), ItemApplication.id != application.id,
        ItemApplication.number.is_not(None), ItemApplication.state.not_in((S.WITHDRAWN, S.DRAFT)),
    )  # fmt: skip
    others = [rules.Known(row[0], row[1] or "", row[2], row[3]) for row in session.execute(query)]
    return rules.alike(application.name, application.connotation, others, most=5)


def opinions(session: Session, application_id: int) -> Sequence[ItemOpinion]:
    """Return everything that was proposed and decided about an application, oldest first."""
    query = select(ItemOpinion).where(ItemOpinion.application_id == application_id).order_by(ItemOpinion.id)
    return session.scalars(query.options(joinedload(ItemOpinion.proposed_by), joinedload(ItemOpinion.decided_by))).all()


def proposed(session: Session, application_id: int) -> ItemOpinion | None:
    """Return the decision that waits for a second person."""
    query = select(ItemOpinion).where(
        ItemOpinion.application_id == application_id, ItemOpinion.state == OpinionState.PROPOSED
    )
    return session.scalars(query).one_or_none()


def objections(session: Session, application_id: int, actor: Actor, *, whole: bool) -> Sequence[ItemObjection]:
    """Return an application's objections: all for those who read it whole, else the actor's own."""
    query = select(ItemObjection).where(ItemObjection.application_id == application_id)
    if not whole:
        query = query.where(ItemObjection.organisation_id == (actor.organisation_id or 0))
    return session.scalars(query.options(joinedload(ItemObjection.organisation)).order_by(ItemObjection.id)).all()


def open_objections(session: Session, application_id: int) -> int:
    """Count the objections that nobody has finally replied to."""
    query = select(func.count(ItemObjection.id)).where(
        ItemObjection.application_id == application_id, ItemObjection.state != ReplyState.REPLIED
    )
    return session.scalar(query) or 0


def reports(session: Session, application_id: int) -> Sequence[ItemReport]:
    """Return what the hospital reported of the trial, oldest first."""
    query = select(ItemReport).where(ItemReport.application_id == application_id).order_by(ItemReport.id)
    return session.scalars(query).all()


def is_taken(session: Session, code: str, region_code: str) -> bool:
    """Say whether an item has the code already, in the province or nationally."""
    query = select(ServiceItem.id).where(ServiceItem.code == code, ServiceItem.region_code.in_(("", region_code)))
    return session.scalar(query.limit(1)) is not None


def file_of(session: Session, application_id: int, file_id: int) -> StoredFile:
    """Return a file of an application or of a report on its trial, or NotFound; the application is asked for first."""
    found = session.get(StoredFile, file_id)
    if found is not None and found.parent_kind == REPORT:
        of_it = {str(one.id) for one in reports(session, application_id)}
        if found.parent_id in of_it:
            return found
    return files.one(session, file_id, parent_kind=PARENT, parent_id=application_id)


def bar(session: Session, application: ItemApplication, now: datetime) -> Issue | None:
    """Say what keeps a decision from its hour: scores are missing, the publicity runs, an objection is open."""
    if application.state is S.PANEL:
        found = panels.seats(session, application.id)
        given = sum(seat.state is PlaceState.SUBMITTED for seat in found)
        least = application.round_.least_experts if application.round_ else 1
        if given < least or not panels.may_be_read(application, found, now):
            return Issue("new-item-scores-missing", facts={"given": given, "least": least})
    if application.state is S.PUBLICITY:
        if application.due_at is None or now < application.due_at:
            return Issue("new-item-publicity-runs", facts={"until": application.due_at})
        if left := open_objections(session, application.id):
            return Issue("new-item-objections-open", facts={"count": left})
    return None
