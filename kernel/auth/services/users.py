"""Accounts: invited by a link, given roles, deactivated. Nobody does these to himself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kernel.audit.changes import diff
from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth import queries, rules
from kernel.auth.actor import Actor
from kernel.auth.models import Invitation, SignInFailure, User, UserRole, UserSession
from kernel.auth.permissions import Role
from kernel.auth.services import keys
from kernel.auth.tokens import digest, new_token
from kernel.errors import Conflict, DomainError, Invalid, Issue
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{2,59}")


def create(
    session: Session, *, organisation: Organisation, login: str, name: str, roles: Iterable[Role], actor: Actor,
    at: datetime, active: bool = True,
) -> User:  # fmt: skip
    """Add an account without a password."""
    login = queries.plain_login(login)
    if not LOGIN.fullmatch(login):
        raise Invalid({"login": Issue("login-malformed", value=login)})
    if session.scalar(select(User.id).where(User.login == login)) is not None:
        raise Invalid({"login": Issue("login-taken", value=login)})
    fitting = rules.must_fit(organisation.kind, roles)
    user = User(login=login, name=name, organisation=organisation, created_at=at, active=active)
    user.roles = [UserRole(role=role) for role in sorted(fitting)]
    session.add(user)
    session.flush()
    record(session, Tag.USER_CREATED, user, actor, at, {"login": login, "name": name, "roles": sorted(fitting)})
    return user


def invite(
    session: Session, *, organisation_id: int | None, login: str, name: str, roles: Iterable[Role], actor: Actor,
    at: datetime,
) -> tuple[User, str]:  # fmt: skip
    """Add an account and return it with the single-use link's token, which is shown once and never kept."""
    organisation = queries.organisation_for_users(session, organisation_id, actor)
    _must_not_be_operator(organisation)
    user = create(session, organisation=organisation, login=login, name=name, roles=roles, actor=actor, at=at)
    token = link_for(session, user, at)
    record(session, Tag.USER_INVITED, user, actor, at)
    return user, token


def link_for(session: Session, user: User, at: datetime) -> str:
    """Make a single-use link for setting a password; earlier links of the user end."""
    unused = update(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None))
    session.execute(unused.values(used_at=at))
    token = new_token()
    expires = at + timedelta(hours=rules.POLICY.value("link.hours"))
    session.add(Invitation(digest=digest(token), user_id=user.id, expires_at=expires))
    return token


def send_reset(session: Session, *, user_id: int, actor: Actor, at: datetime) -> tuple[User, str]:
    """Return a new link for a user who forgot the password; a pause after failures ends with it."""
    user = queries.one(session, user_id, actor)
    rules.must_be_another(actor_id=actor.user_id, user_id=user.id)
    _must_not_be_operator(user.organisation)
    return user, reset(session, user, actor=actor, at=at)


def reset(session: Session, user: User, *, actor: Actor, at: datetime) -> str:
    """Make the link for a user who forgot the password."""
    if not user.active:
        raise Conflict("user-inactive", name=user.name)
    session.execute(delete(SignInFailure).where(SignInFailure.login_digest == digest(user.login)))
    record(session, Tag.PASSWORD_RESET_SENT, user, actor, at)
    return link_for(session, user, at)


def deactivate(session: Session, *, user_id: int, actor: Actor, at: datetime) -> User:
    """Close an account and end its sessions; the person stays on record."""
    user = queries.one(session, user_id, actor)
    rules.must_be_another(actor_id=actor.user_id, user_id=user.id)
    if not user.active:
        raise Conflict("user-inactive", name=user.name)
    user.active = False
    end_sessions(session, user, at=at)
    record(session, Tag.USER_DEACTIVATED, user, actor, at)
    return user


def reactivate(session: Session, *, user_id: int, actor: Actor, at: datetime) -> User:
    """Open a closed account again."""
    user = queries.one(session, user_id, actor)
    rules.must_be_another(actor_id=actor.user_id, user_id=user.id)
    if user.active:
        raise Conflict("user-active", name=user.name)
    user.active = True
    record(session, Tag.USER_REACTIVATED, user, actor, at)
    return user


def change_roles(session: Session, *, user_id: int, roles: Iterable[Role], actor: Actor, at: datetime) -> User:
    """Give a user other roles; his sessions end, so that no page of the old ones stays open."""
    user = queries.one(session, user_id, actor)
    rules.must_be_another(actor_id=actor.user_id, user_id=user.id)
    _must_not_be_operator(user.organisation)
    before, after = user.role_set, rules.must_fit(user.organisation.kind, roles)
    if before == after:
        return user
    user.roles = [row for row in user.roles if row.role in after] + [UserRole(role=r) for r in sorted(after - before)]
    end_sessions(session, user, at=at)
    changes = diff({"roles": sorted(before)}, {"roles": sorted(after)})
    record(session, Tag.USER_ROLES_CHANGED, user, actor, at, changes)
    return user


def end_sessions(session: Session, user: User, *, at: datetime) -> None:
    """End every session and access key of a user, and the links that could open one."""
    keys.revoke_all(session, user, at=at)
    session.execute(delete(UserSession).where(UserSession.user_id == user.id))
    session.execute(delete(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None)))


def _must_not_be_operator(organisation: Organisation) -> None:
    """Leave the three administrators to the server's command line.

    Whoever may issue their links could take over the two he is to be separate from.
    """
    if organisation.kind is OrganisationKind.OPERATOR:
        raise DomainError("administrators-by-command")
