"""Find companies and hospitals, and who is related to whom on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalogue.drugs.models import RelatedGroup, RelatedMember
from catalogue.drugs.rules.groups import clusters
from catalogue.search.queries import matching_ids
from kernel.errors import NotFound
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation, Region

SORTS = {"name": Organisation.name, "code": Organisation.code, "region": Organisation.region_code}


def one(session: Session, company_id: int, *, kind: OrganisationKind = OrganisationKind.COMPANY) -> Organisation:
    """Return a company (or hospital), or NotFound."""
    found = session.get(Organisation, company_id)
    if found is None or found.kind is not kind:
        raise NotFound(company=company_id)
    return found


def either(session: Session, organisation_id: int) -> Organisation:
    """Return a company or hospital, or NotFound: the catalogue shows no others."""
    found = session.get(Organisation, organisation_id)
    if found is None or found.kind not in (OrganisationKind.COMPANY, OrganisationKind.HOSPITAL):
        raise NotFound(organisation=organisation_id)
    return found


def used_regions(session: Session, kind: OrganisationKind) -> Sequence[Region]:
    """Return the regions in which there is an organisation of the kind."""
    used = select(Organisation.region_code).where(Organisation.kind == kind)
    return session.scalars(select(Region).where(Region.code.in_(used)).order_by(Region.code)).all()


def listing(
    *, kind: OrganisationKind = OrganisationKind.COMPANY, text: str = "", region: str = "", sort: str = "name"
) -> Select[Organisation]:
    """Return the query of the company or hospital list."""
    query = select(Organisation).where(Organisation.kind == kind).options(joinedload(Organisation.region))
    ids = matching_ids(text, kind=kind.value)
    if ids is not None:
        query = query.where(Organisation.id.in_(ids))
    if region:
        query = query.where(Organisation.region_code == region)
    column = SORTS.get(sort.lstrip("-"), Organisation.name)
    return query.order_by(column.desc() if sort.startswith("-") else column.asc(), Organisation.id)


def all_by_code(session: Session, kind: OrganisationKind) -> dict[str, Organisation]:
    """Return the organisations of a kind by their credit code."""
    found = session.scalars(select(Organisation).where(Organisation.kind == kind))
    return {organisation.code: organisation for organisation in found}


def holder_of(session: Session, code: str) -> Organisation | None:
    """Return who has a credit code."""
    return session.scalars(select(Organisation).where(Organisation.code == code)).one_or_none()


def region_list(text: str = "") -> Select[Region]:
    """Return the query of the list of regions: a part of the name, or the beginning of the code."""
    query = select(Region).order_by(Region.code)
    named, coded = Region.name.contains(text, autoescape=True), Region.code.startswith(text, autoescape=True)
    return query.where(or_(named, coded)) if text else query


def regions(session: Session) -> Sequence[Region]:
    """Return all regions by code."""
    return session.scalars(select(Region).order_by(Region.code)).all()


def groups(session: Session) -> Sequence[RelatedGroup]:
    """Return all groups of related companies with their members."""
    query = select(RelatedGroup).options(selectinload(RelatedGroup.members)).order_by(RelatedGroup.name)
    return session.scalars(query).all()


def group(session: Session, group_id: int) -> RelatedGroup:
    """Return a group with its members, or NotFound."""
    found = session.get(RelatedGroup, group_id, options=[selectinload(RelatedGroup.members)])
    if found is None:
        raise NotFound(group=group_id)
    return found


def groups_of(session: Session, company_id: int) -> Sequence[RelatedMember]:
    """Return a company's memberships, past ones included."""
    query = select(RelatedMember).where(RelatedMember.company_id == company_id).options(joinedload(RelatedMember.group))
    return session.scalars(query.order_by(RelatedMember.since)).all()


def related_on(session: Session, *, day: date) -> dict[int, frozenset[int]]:
    """Return, for every company in a group on that day, the companies it counts as one bidder with, itself included."""
    query = select(RelatedMember.group_id, RelatedMember.company_id).where(
        RelatedMember.since <= day, or_(RelatedMember.until.is_(None), RelatedMember.until > day)
    )
    return clusters((group_id, company_id) for group_id, company_id in session.execute(query))


def group_keys(session: Session, *, company_ids: Iterable[int], day: date) -> dict[int, str]:
    """Return a key per company that has relations among the given ones on that day: equal keys are one bidder."""
    related = related_on(session, day=day)
    asked = set(company_ids)
    keys = {company: related[company] & asked for company in asked if company in related}
    return {company: f"g{min(cluster)}" for company, cluster in keys.items() if len(cluster) > 1}


def holders(session: Session) -> dict[str, Organisation]:
    """Return every organisation of any kind by its credit code."""
    return {organisation.code: organisation for organisation in session.scalars(select(Organisation))}


def region_codes(session: Session) -> frozenset[str]:
    """Return the codes of all regions."""
    return frozenset(session.scalars(select(Region.code)))
