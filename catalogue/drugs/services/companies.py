"""Register companies and hospitals on behalf of the agency, and say which companies are related."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from catalogue import tags
from catalogue.drugs.models import RelatedGroup, RelatedMember
from catalogue.drugs.queries import companies as queries
from catalogue.drugs.queries import products
from catalogue.drugs.services import findable
from catalogue.drugs.services.varieties import TYPED, Origin, must_be_current
from catalogue.search.services import follow, outdate
from kernel.audit.changes import diff
from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor
from kernel.errors import Conflict, DomainError, NotFound
from kernel.parties.codes import OrganisationKind, OrganisationState, Ownership
from kernel.parties.credit import credit_code
from kernel.parties.models import Organisation, Region
from kernel.periods import Period


@dataclass(frozen=True, slots=True)
class OrganisationDraft:
    """A company or hospital as entered."""

    name: str
    code: str
    short_name: str = ""
    region_code: str = ""
    grade: str = ""
    address: str = ""
    legal_person: str = ""
    contact: str = ""
    phone: str = ""
    ownership: str = ""


follow(Organisation, findable.organisation)  # they are also written by those who register themselves


def create_company(
    session: Session, *, draft: OrganisationDraft, actor: Actor, at: datetime,
    kind: OrganisationKind = OrganisationKind.COMPANY, origin: Origin = TYPED,
) -> Organisation:  # fmt: skip
    """Register a company or hospital; it is active at once, people join it by invitation."""
    organisation = Organisation(kind=kind, state=OrganisationState.ACTIVE, created_at=at)
    _fill(session, organisation, draft)
    session.add(organisation)
    record(
        session,
        Tag.ORGANISATION_CREATED,
        organisation,
        actor,
        at,
        {**origin, "name": draft.name, "code": organisation.code},
    )
    return organisation


def change_company(
    session: Session, *, company_id: int, version: int | None = None, draft: OrganisationDraft, actor: Actor,
    at: datetime, kind: OrganisationKind = OrganisationKind.COMPANY, origin: Origin = TYPED,
) -> Organisation:  # fmt: skip
    """Change what is known of a company or hospital."""
    organisation = queries.one(session, company_id, kind=kind)
    must_be_current(version, organisation.version)
    before = organisation.snapshot()
    _fill(session, organisation, draft)
    changes = diff(before, organisation.snapshot())
    if changes:
        record(session, Tag.ORGANISATION_CHANGED, organisation, actor, at, {**origin, **changes})
    if {"name", "short_name"} & changes.get("changed", {}).keys():
        outdate(session, "product", products.ids_of_company(company_id))
    return organisation


def _fill(session: Session, organisation: Organisation, draft: OrganisationDraft) -> None:
    code = credit_code(draft.code)
    holder = queries.holder_of(session, code)
    if holder is not None and holder is not organisation:
        raise Conflict("credit-code-taken", credit_code=code, name=holder.name)
    if draft.region_code and session.get(Region, draft.region_code) is None:
        raise DomainError("unknown-region", region=draft.region_code)
    organisation.code, organisation.name, organisation.short_name = code, draft.name, draft.short_name
    organisation.region_code, organisation.grade = draft.region_code or None, draft.grade
    organisation.address, organisation.legal_person = draft.address, draft.legal_person
    organisation.contact, organisation.phone = draft.contact, draft.phone
    organisation.ownership = Ownership(draft.ownership) if draft.ownership else None


def create_group(session: Session, *, name: str, reason: str, actor: Actor, at: datetime) -> RelatedGroup:
    """Open a group of related companies."""
    if any(group.name == name for group in queries.groups(session)):
        raise Conflict("related-group-exists", name=name)
    group = RelatedGroup(name=name, reason=reason, members=[])
    session.add(group)
    record(session, tags.Tag.RELATED_GROUP_CREATED, group, actor, at, {"name": name, "reason": reason})
    return group


def add_member(
    session: Session, *, group_id: int, company_id: int, since: date, until: date | None = None, reason: str = "",
    actor: Actor, at: datetime,
) -> RelatedMember:  # fmt: skip
    """Put a company into a group from a day on."""
    group, company = queries.group(session, group_id), queries.one(session, company_id)
    if until is not None and until <= since:
        raise DomainError("empty-period", since=since, until=until)
    period = Period(since, until)
    for known in group.members:
        if known.company_id == company_id and Period(known.since, known.until).overlaps(period):
            raise Conflict("already-related", company=company.name, group=group.name)
    member = RelatedMember(company=company, since=since, until=until, reason=reason)
    group.members.append(member)
    facts = {"joined": company.name, "since": since, "until": until, "reason": reason}
    record(session, tags.Tag.RELATED_GROUP_CHANGED, group, actor, at, facts)
    return member


def end_member(session: Session, *, group_id: int, member_id: int, until: date, actor: Actor, at: datetime) -> None:
    """End a company's time in a group; `until` is the first day it counts on its own again."""
    group = queries.group(session, group_id)
    member = next((each for each in group.members if each.id == member_id), None)
    if member is None:
        raise NotFound(member=member_id)
    if until <= member.since:
        raise DomainError("empty-period", since=member.since, until=until)
    member.until = until
    record(session, tags.Tag.RELATED_GROUP_CHANGED, group, actor, at, {"left": member.company.name, "until": until})
