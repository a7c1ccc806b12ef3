"""Find designated hospitals and pharmacies, and what waits for a decision. Before it is designated a place is seen by
those who run the platform and by itself alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalogue.dual_channel.flow import DesignationState
from catalogue.dual_channel.models.places import Designation, PharmacyProfile
from catalogue.dual_channel.rules.conditions import Facts
from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.parties.codes import BUYERS, OrganisationKind, OrganisationState
from kernel.parties.models import Organisation

IN_FORCE = (DesignationState.DESIGNATED, DesignationState.SUSPENDED)


def visible(actor: Actor) -> Select[Designation]:
    """Return the designations an actor may see."""
    query = select(Designation).join(Designation.organisation)
    if actor.runs_platform:
        return query
    return query.where(or_(Designation.state.in_(IN_FORCE), Designation.organisation_id == actor.organisation_id))


def found(
    actor: Actor, *, regions: Collection[str] = (), kind: OrganisationKind | None = None,
    state: DesignationState | None = None, text: str = "",
) -> Select[Designation]:  # fmt: skip
    """Return the query of the list, what waits for a decision first."""
    query = visible(actor).options(joinedload(Designation.organisation).joinedload(Organisation.region))
    if regions:
        query = query.where(Organisation.region_code.in_(regions))
    if kind is not None:
        query = query.where(Organisation.kind == kind)
    if state is not None:
        query = query.where(Designation.state == state)
    if text:
        columns = (Organisation.name, Organisation.short_name, Organisation.code)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    waits = Designation.state.in_((DesignationState.PROPOSED, DesignationState.PUBLICISED)).desc()
    return query.order_by(waits, Organisation.region_code, Organisation.name, Designation.id)


def one(session: Session, designation_id: int, actor: Actor) -> Designation:
    """Return a designation with its reviews, or NotFound."""
    query = visible(actor).where(Designation.id == designation_id).options(selectinload(Designation.reviews))
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound(designation=designation_id)
    return row


def of_organisation(session: Session, organisation_id: int | None) -> Designation | None:
    """Return an organisation's designation."""
    return session.scalars(select(Designation).where(Designation.organisation_id == organisation_id)).one_or_none()


def is_designated(session: Session, organisation_id: int | None) -> bool:
    """Say whether an organisation is designated now, not suspended."""
    row = of_organisation(session, organisation_id)
    return row is not None and row.state is DesignationState.DESIGNATED


def place(session: Session, organisation_id: int) -> Organisation:
    """Return an active hospital or pharmacy, or NotFound."""
    row = session.get(Organisation, organisation_id)
    if row is None or row.kind not in BUYERS or row.state is not OrganisationState.ACTIVE:
        raise NotFound(organisation=organisation_id)
    return row


def profile(session: Session, organisation_id: int) -> PharmacyProfile | None:
    """Return what is known of a pharmacy beyond its address."""
    return session.get(PharmacyProfile, organisation_id)


def profiles(session: Session) -> dict[int, PharmacyProfile]:
    """Return every pharmacy's profile by organisation."""
    return {row.organisation_id: row for row in session.scalars(select(PharmacyProfile))}


def designated(session: Session, regions: Collection[str], kind: OrganisationKind) -> Sequence[Organisation]:
    """Return the organisations of a kind that are designated in regions, by region and name."""
    query = (
        select(Organisation)
        .join(Designation, Designation.organisation_id == Organisation.id)
        .where(
            Designation.state == DesignationState.DESIGNATED, Organisation.kind == kind,
            Organisation.region_code.in_(regions), Organisation.state == OrganisationState.ACTIVE,
        )
        .order_by(Organisation.region_code, Organisation.name)
    )  # fmt: skip
    return session.scalars(query).all()


def facts(session: Session, organisation: Organisation) -> Facts:
    """Return what entry conditions are tested on; places in a chain are counted within the pharmacy's district."""
    profile = session.get(PharmacyProfile, organisation.id) or PharmacyProfile(
        organisation_id=organisation.id, chain="", traceability=False, stock_upload=False
    )
    query = (
        select(func.count())
        .select_from(Designation)
        .join(Organisation, Organisation.id == Designation.organisation_id)
        .join(PharmacyProfile, PharmacyProfile.organisation_id == Organisation.id, isouter=True)
        .where(
            Designation.state.in_(IN_FORCE), Designation.organisation_id != organisation.id,
            Organisation.kind == OrganisationKind.PHARMACY, Organisation.region_code == organisation.region_code,
        )
    )  # fmt: skip
    return Facts(
        penalty_free_since=profile.last_penalty, traceability=profile.traceability, stock_upload=profile.stock_upload,
        chain=profile.chain, of_district=session.scalar(query) or 0,
        of_chain=(session.scalar(query.where(PharmacyProfile.chain == profile.chain)) or 0) if profile.chain else 0,
    )  # fmt: skip


def waiting(session: Session, actor: Actor, day: date) -> Sequence[Designation]:
    """Return what the actor can move on: proposals to publicise, and publicities that ended and another proposed."""
    ready = (Designation.state == DesignationState.PUBLICISED) & (Designation.publicity_ends <= day)
    query = visible(actor).where(
        or_(Designation.state == DesignationState.PROPOSED, ready & (Designation.proposed_by != actor.user_id))
    )
    return session.scalars(query.order_by(Designation.proposed_at, Designation.id)).all()


def reviews_due(session: Session, actor: Actor, until: date) -> Sequence[Designation]:
    """Return the designated places whose yearly review is due until a day, the oldest first."""
    query = visible(actor).where(Designation.state == DesignationState.DESIGNATED, Designation.review_due <= until)
    return session.scalars(query.order_by(Designation.review_due, Designation.id)).all()


def proposable(session: Session, text: str, limit: int) -> Sequence[Organisation]:
    """Return active hospitals and pharmacies that are on no way to a designation."""
    under_way = exists().where(
        Designation.organisation_id == Organisation.id, Designation.state != DesignationState.WITHDRAWN
    )
    query = select(Organisation).where(
        Organisation.kind.in_(BUYERS), Organisation.state == OrganisationState.ACTIVE, ~under_way
    )
    if text:
        columns = (Organisation.name, Organisation.short_name, Organisation.code)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    return session.scalars(query.order_by(Organisation.kind.desc(), Organisation.name).limit(limit)).all()


def state_counts(session: Session, actor: Actor) -> dict[DesignationState, int]:
    """Count the visible designations by state."""
    query = visible(actor).with_only_columns(Designation.state, func.count()).group_by(Designation.state)
    return {row[0]: row[1] for row in session.execute(query)}


def pharmacies(session: Session) -> Sequence[Organisation]:
    """Return every pharmacy by code, for the workbook."""
    query = select(Organisation).where(Organisation.kind == OrganisationKind.PHARMACY).order_by(Organisation.code)
    return session.scalars(query).all()
