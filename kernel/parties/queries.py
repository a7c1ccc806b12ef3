"""Organisations and their applications, as far as the actor may see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from kernel.audit.models import AuditHead
from kernel.auth.actor import Actor
from kernel.auth.tokens import digest
from kernel.errors import DomainError, NotFound
from kernel.identity import record_id
from kernel.parties.codes import SUPPLIERS, OrganisationKind, OrganisationState
from kernel.parties.credit import spelling
from kernel.parties.models import Application, Organisation, Region
from kernel.sets import among


def visible(actor: Actor) -> Select[Organisation]:
    """Return the organisations the actor may see: the platform's own people see all, others their own."""
    query = select(Organisation)
    return query if actor.runs_platform else query.where(Organisation.id == actor.organisation_id)


def found(actor: Actor, *, search: str = "", kind: str = "", state: str = "") -> Select[Organisation]:
    """Return the visible organisations that match, those that wait for review first and the oldest of them."""
    query = visible(actor)
    if search:
        columns = (Organisation.name, Organisation.short_name, Organisation.code)
        query = query.where(or_(*(column.icontains(search, autoescape=True) for column in columns)))
    if kind in set(OrganisationKind):
        query = query.where(Organisation.kind == OrganisationKind(kind))
    if state in set(OrganisationState):
        query = query.where(Organisation.state == OrganisationState(state))
    waiting = (Organisation.state == OrganisationState.APPLIED).desc()
    return query.order_by(waiting, Organisation.created_at.desc(), Organisation.id.desc())


def state_counts(session: Session, actor: Actor) -> dict[OrganisationState, int]:
    """Count the visible organisations by state."""
    rows = visible(actor).with_only_columns(Organisation.state, func.count()).group_by(Organisation.state)
    return {row[0]: row[1] for row in session.execute(rows)}


def waiting(session: Session, actor: Actor) -> Sequence[Application]:
    """Return the applications that wait for somebody else's review, the oldest first."""
    query = select(Application).join(Organisation).where(
        Organisation.state == OrganisationState.APPLIED, Application.applicant_id != (actor.user_id or 0)
    )  # fmt: skip
    return session.scalars(query.order_by(Application.filed_at)).unique().all()


def one(session: Session, organisation_id: int, actor: Actor) -> Organisation:
    """Return a visible organisation; any other does not exist for the actor."""
    organisation = session.scalars(visible(actor).where(Organisation.id == organisation_id)).one_or_none()
    if organisation is None:
        raise NotFound(organisation=organisation_id)
    return organisation


def application_of(session: Session, organisation_id: int) -> Application | None:
    """Return how an organisation came in; None for one that was entered by an import or the agency."""
    return session.get(Application, organisation_id)


def application_by_link(session: Session, token: str) -> Application:
    """Return the application of a link, or refuse."""
    application = session.scalars(select(Application).where(Application.digest == digest(token))).unique().one_or_none()
    if application is None:
        raise DomainError("link-spent")
    return application


def filed_from(session: Session, address: str, at: datetime) -> int:
    """Count the applications an address filed in the last day."""
    lately = select(func.count()).select_from(Application).where(Application.address == address)
    return session.scalar(lately.where(Application.filed_at > at - timedelta(days=1))) or 0


def regions(session: Session) -> Sequence[Region]:
    """Return every region, in the order of the codes."""
    return session.scalars(select(Region).order_by(Region.code)).all()


def names(session: Session, organisation_ids: Collection[int]) -> dict[int, str]:
    """Return the shown names of organisations by id."""
    rows = session.scalars(select(Organisation).where(Organisation.id.in_(organisation_ids)))
    return {organisation.id: organisation.shown_name for organisation in rows}


def suppliers_by_code(session: Session, codes: Collection[str]) -> dict[str, int]:
    """Return the ids of companies and distributors by credit code as it is written, of those codes that have one."""
    written = {one: spelling(one) for one in codes}
    query = select(Organisation.code, Organisation.id).where(
        among(Organisation.code, sorted(set(written.values()))), Organisation.kind.in_(SUPPLIERS)
    )
    ids = {row[0]: row[1] for row in session.execute(query)}
    return {one: ids[code] for one, code in written.items() if code in ids}


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Name an organisation for the history page, where the actor may see it."""
    organisation_id = record_id(identity)
    if organisation_id is None:
        return None
    organisation = session.scalars(visible(actor).where(Organisation.id == organisation_id)).one_or_none()
    return (organisation.name, f"/organisations/{organisation.id}") if organisation else None


def actors(session: Session) -> list[tuple[int, str]]:
    """Return the organisations that ever acted, for the audit trail's filter: each has a chain of its own."""
    rows = session.scalars(select(Organisation).where(Organisation.id.in_(select(AuditHead.chain))))
    return sorted(((row.id, row.shown_name) for row in rows), key=lambda row: row[1])
