"""Users, sessions and links, as far as the actor may see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor, actor_for
from kernel.auth.models import AccessKey, Invitation, SignInFailure, User, UserRole, UserSession
from kernel.auth.permissions import DISJOINT, P, Role
from kernel.auth.rules import POLICY
from kernel.auth.tokens import digest
from kernel.errors import DomainError, NotFound
from kernel.identity import record_id
from kernel.parties.codes import OrganisationState
from kernel.parties.models import Organisation


def plain_login(written: str) -> str:
    """Return a login as it is stored and compared."""
    return written.strip().lower()


def actor_of(user: User) -> Actor:
    """Return the actor a user is."""
    organisation = user.organisation
    return actor_for(
        user_id=user.id, name=user.name, roles=user.role_set, organisation_id=organisation.id,
        organisation_name=organisation.shown_name, organisation_kind=organisation.kind,
        region=organisation.region_code or "",
    )  # fmt: skip


def live_session(session: Session, token: str, at: datetime, idle: timedelta) -> UserSession | None:
    """Return the session of a token unless it ended, idled out, or its user or organisation may not act any more."""
    row = session.get(UserSession, digest(token))
    if row is None or row.expires_at <= at or row.seen_at + idle <= at:
        return None
    return row if may_act(row.user) else None


def may_act(user: User) -> bool:
    """Say whether a user is active and in an organisation that is."""
    return user.active and user.organisation.state is OrganisationState.ACTIVE


def own_sessions(session: Session, actor: Actor, at: datetime) -> Sequence[UserSession]:
    """Return the actor's unexpired sessions, the latest used first."""
    query = select(UserSession).where(UserSession.user_id == actor.user_id, UserSession.expires_at > at)
    return session.scalars(query.order_by(UserSession.seen_at.desc())).all()


def own_keys(session: Session, actor: Actor, at: datetime) -> Sequence[AccessKey]:
    """Return the actor's keys that are good, the latest first."""
    query = select(AccessKey).where(AccessKey.user_id == actor.user_id, _good(at))
    return session.scalars(query.order_by(AccessKey.id.desc())).unique().all()


def live_key(session: Session, token: str, at: datetime) -> AccessKey | None:
    """Return the key of a token, where it is good and its person may act."""
    query = select(AccessKey).where(AccessKey.digest == digest(token), _good(at))
    found = session.scalars(query).unique().one_or_none()
    return found if found is not None and may_act(found.user) else None


def _good(at: datetime) -> ColumnElement[bool]:
    return and_(AccessKey.revoked_at.is_(None), AccessKey.expires_at > at)


def failures_of_login(session: Session, login: str, at: datetime) -> list[datetime]:
    """Return when sign-ins under a login failed since the last that did not, oldest first."""
    since = at - timedelta(hours=POLICY.value("lockout.memory_hours"))
    query = select(SignInFailure.at).where(SignInFailure.login_digest == digest(login), SignInFailure.at > since)
    return list(session.scalars(query.order_by(SignInFailure.at)))


def failures_of_address(session: Session, address: str, at: datetime) -> list[datetime]:
    """Return when sign-ins from an address failed lately, oldest first."""
    since = at - timedelta(hours=POLICY.value("lockout.memory_hours"))
    query = select(SignInFailure.at).where(SignInFailure.address == address, SignInFailure.at > since)
    return list(session.scalars(query.order_by(SignInFailure.at.desc()).limit(2000)))[::-1]


def visible(actor: Actor, *, search: str = "", role: str = "", active: bool | None = None) -> Select[User]:
    """Return the users whom the actor looks after: the security administrator's are all, others' their own people."""
    query = select(User).join(Organisation, User.organisation_id == Organisation.id)
    if Role.SECURITY_ADMIN not in actor.roles:
        query = query.where(User.organisation_id == actor.organisation_id)
    if search:
        query = query.where(
            or_(*(column.icontains(search, autoescape=True) for column in (User.login, User.name, Organisation.name)))
        )
    if role in set(Role):
        query = query.where(User.id.in_(select(UserRole.user_id).where(UserRole.role == Role(role))))
    if active is not None:
        query = query.where(User.active.is_(active))
    return query.order_by(Organisation.name, User.name, User.id)


def one(session: Session, user_id: int, actor: Actor) -> User:
    """Return a user whom the actor looks after; anybody else does not exist for him."""
    user = session.scalars(visible(actor).where(User.id == user_id)).unique().one_or_none()
    if user is None:
        raise NotFound(user=user_id)
    return user


def organisation_for_users(session: Session, organisation_id: int | None, actor: Actor) -> Organisation:
    """Return the organisation whose people the actor may invite: his own, or any for the security administrator."""
    if Role.SECURITY_ADMIN not in actor.roles or organisation_id is None:
        organisation_id = actor.organisation_id
    found = session.get(Organisation, organisation_id) if organisation_id is not None else None
    if found is None:
        raise NotFound(organisation=organisation_id)
    return found


def live_link(session: Session, token: str, at: datetime) -> Invitation:
    """Return an unused, unexpired link of an active user, or refuse."""
    link = session.get(Invitation, digest(token))
    if link is None or link.used_at is not None or link.expires_at <= at or not link.user.active:
        raise DomainError("link-spent")
    return link


def administrators_exist(session: Session) -> bool:
    """Say whether anybody is a separated administrator."""
    return bool(session.scalar(select(func.count()).select_from(UserRole).where(UserRole.role.in_(DISJOINT))))


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Name a user for the history page, where the actor is the user, looks after him or audits."""
    user_id = record_id(identity)
    if user_id is None:
        return None
    if actor.user_id == user_id:
        return actor.name, "/account"
    query = select(User) if actor.may(P.AUDIT_READ) else visible(actor) if actor.may(P.USER_READ) else None
    if query is None:
        return None
    user = session.scalars(query.where(User.id == user_id)).unique().one_or_none()
    return (user.name, f"/users/{user.id}" if actor.may(P.USER_READ) else "") if user else None
