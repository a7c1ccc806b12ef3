"""Organisations apply, are reviewed by somebody else, suspended and restored."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kernel.audit.changes import diff
from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor
from kernel.auth.models import User, UserSession
from kernel.auth.permissions import Role
from kernel.auth.rules import POLICY
from kernel.auth.services import passwords, users
from kernel.auth.tokens import digest, new_token
from kernel.config import PasswordProfile
from kernel.errors import DomainError, Invalid, Issue
from kernel.notices.services import notify
from kernel.parties import queries
from kernel.parties.codes import OrganisationAction as Action
from kernel.parties.codes import OrganisationKind, OrganisationState, Ownership
from kernel.parties.credit import BadCreditCode, credit_code
from kernel.parties.flow import ORGANISATION_FLOW
from kernel.parties.models import Application, Organisation, Region
from kernel.parties.rules import FIRST_ROLES, kinds_open_to, must_be_checker

REVIEWERS = (Role.AGENCY_OFFICER, Role.AGENCY_REVIEWER, Role.SECURITY_ADMIN)


@dataclass(frozen=True, slots=True)
class Profile:
    """What an applicant says about the organisation."""

    kind: OrganisationKind
    name: str
    code: str
    short_name: str = ""
    region_code: str = ""
    address: str = ""
    legal_person: str = ""
    contact: str = ""
    phone: str = ""
    ownership: Ownership | None = None


@dataclass(frozen=True, slots=True)
class FirstUser:
    """The person who will administer the organisation's accounts."""

    login: str
    name: str
    password: str


def apply(
    session: Session, *, profile: Profile, first: FirstUser, actor: Actor, passwords_by: PasswordProfile, address: str,
    at: datetime,
) -> tuple[Organisation, str]:  # fmt: skip
    """File an organisation with its first user, both unusable until accepted; return it and the applicant's link."""
    if profile.kind not in kinds_open_to(actor.roles):
        raise Invalid({"kind": Issue("unknown-choice", value=profile.kind)})
    if not actor.signed_in and queries.filed_from(session, address, at) >= POLICY.value(
        "application.per_address_a_day"
    ):
        raise DomainError("too-many-applications")
    organisation = Organisation(state=OrganisationState.APPLIED, created_at=at)
    _fill(session, organisation, profile)
    session.add(organisation)
    session.flush()
    user = users.create(
        session, organisation=organisation, login=first.login, name=first.name, roles=FIRST_ROLES[profile.kind],
        actor=actor, at=at, active=False,
    )  # fmt: skip
    passwords.must_be_good(user, first.password, passwords_by)
    passwords.put(user, first.password, passwords_by, at)
    token = new_token()
    application = Application(
        organisation_id=organisation.id, digest=digest(token), applicant_id=actor.user_id or user.id,
        admin_id=user.id, address=address, filed_at=at,
    )  # fmt: skip
    session.add(application)
    record(session, Tag.ORGANISATION_APPLIED, organisation, actor, at, asdict(profile))
    _tell_reviewers(session, organisation, at)
    return organisation, token


def resubmit(session: Session, *, token: str, profile: Profile, actor: Actor, at: datetime) -> Organisation:
    """Correct a returned application by the applicant's link."""
    organisation = queries.application_by_link(session, token).organisation
    before = organisation.snapshot()
    organisation.state = ORGANISATION_FLOW.after(organisation.state, Action.RESUBMIT)
    if profile.kind is not organisation.kind:
        raise Invalid({"kind": Issue("unknown-choice", value=profile.kind)})
    _fill(session, organisation, profile)
    organisation.review_note = ""
    session.flush()
    record(session, Tag.ORGANISATION_RESUBMITTED, organisation, actor, at, diff(before, organisation.snapshot()))
    _tell_reviewers(session, organisation, at)
    return organisation


def _fill(session: Session, organisation: Organisation, profile: Profile) -> None:
    wrong: dict[str, Issue] = {}
    values = asdict(profile) | {"region_code": profile.region_code or None}
    try:
        values["code"] = credit_code(profile.code)
    except BadCreditCode as refusal:
        wrong["code"] = Issue(refusal.code, facts=refusal.facts)
    holder = session.scalar(select(Organisation.id).where(Organisation.code == values["code"]))
    if holder is not None and holder != organisation.id:
        wrong["code"] = Issue("organisation-known", value=profile.code)
    if profile.region_code and session.get(Region, profile.region_code) is None:
        wrong["region_code"] = Issue("unknown-choice", value=profile.region_code)
    if wrong:
        raise Invalid(wrong)
    for name, value in values.items():
        setattr(organisation, name, value)


def _tell_reviewers(session: Session, organisation: Organisation, at: datetime) -> None:
    notify(
        session, code="organisation-waits", facts={"name": organisation.name}, roles=REVIEWERS,
        url=f"/organisations/{organisation.id}", at=at,
    )  # fmt: skip


def accept(session: Session, *, organisation_id: int, actor: Actor, at: datetime) -> Organisation:
    """Take an organisation in; its first user may sign in from now on."""
    organisation = _decided(session, organisation_id, Action.ACCEPT, actor)
    application = queries.application_of(session, organisation.id)
    if application:
        first = session.get_one(User, application.admin_id)
        first.active = True
        notify(session, code="organisation-accepted", facts={"name": organisation.name}, users=[first.id], at=at)
    record(session, Tag.ORGANISATION_ACCEPTED, organisation, actor, at, {"name": organisation.name})
    return organisation


def return_to_applicant(
    session: Session, *, organisation_id: int, reason: str, actor: Actor, at: datetime
) -> Organisation:
    """Hand an application back with the reason."""
    organisation = _decided(session, organisation_id, Action.RETURN, actor)
    organisation.review_note = _reason(reason)
    record(session, Tag.ORGANISATION_RETURNED, organisation, actor, at, {"reason": organisation.review_note})
    return organisation


def suspend(session: Session, *, organisation_id: int, reason: str, actor: Actor, at: datetime) -> Organisation:
    """Shut an organisation out; its people's sessions end."""
    organisation = _decided(session, organisation_id, Action.SUSPEND, actor)
    if organisation.kind is OrganisationKind.OPERATOR:
        raise DomainError("operator-stays")
    organisation.review_note = _reason(reason)
    people = select(User.id).where(User.organisation_id == organisation.id)
    session.execute(delete(UserSession).where(UserSession.user_id.in_(people)))
    record(session, Tag.ORGANISATION_SUSPENDED, organisation, actor, at, {"reason": organisation.review_note})
    return organisation


def restore(session: Session, *, organisation_id: int, actor: Actor, at: datetime) -> Organisation:
    """Let a suspended organisation in again."""
    organisation = _decided(session, organisation_id, Action.RESTORE, actor)
    organisation.review_note = ""
    record(session, Tag.ORGANISATION_RESTORED, organisation, actor, at)
    return organisation


def _decided(session: Session, organisation_id: int, action: Action, actor: Actor) -> Organisation:
    organisation = queries.one(session, organisation_id, actor)
    application = queries.application_of(session, organisation.id)
    must_be_checker(
        reviewer_id=actor.user_id, reviewer_organisation=actor.organisation_id, subject=organisation.id,
        maker_id=application.applicant_id if application else None,
    )  # fmt: skip
    organisation.state = ORGANISATION_FLOW.after(organisation.state, action)
    return organisation


def _reason(text: str) -> str:
    if not text.strip():
        raise DomainError("reason-missing")
    return text.strip()[:500]
