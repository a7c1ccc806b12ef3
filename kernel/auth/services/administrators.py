"""The operator's organisation and its three separated administrators, made on the server's command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth import queries
from kernel.auth.actor import SYSTEM
from kernel.auth.models import User
from kernel.auth.permissions import DISJOINT, Role
from kernel.auth.services import users
from kernel.errors import Conflict, NotFound
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation


def create_first(
    session: Session, *, organisation: str, code: str, logins: Mapping[Role, str], at: datetime
) -> dict[Role, tuple[User, str]]:
    """Make the operator and its administrators on an empty installation; return each with a single-use token."""
    if queries.administrators_exist(session):
        raise Conflict("administrators-exist")
    operator = Organisation(
        kind=OrganisationKind.OPERATOR, name=organisation, code=code, state=OrganisationState.ACTIVE, created_at=at
    )
    session.add(operator)
    session.flush()
    record(session, Tag.ORGANISATION_CREATED, operator, SYSTEM, at, {"name": organisation, "code": code})
    made = {}
    for role in sorted(DISJOINT):
        user = users.create(
            session, organisation=operator, login=logins[role], name=logins[role], roles=[role], actor=SYSTEM, at=at
        )
        made[role] = (user, users.link_for(session, user, at))
    return made


def reset_link(session: Session, *, login: str, at: datetime) -> tuple[User, str]:
    """Return a new link for anybody's account, an administrator's included."""
    user = session.scalars(select(User).where(User.login == queries.plain_login(login))).unique().one_or_none()
    if user is None:
        raise NotFound(login=login)
    return user, users.reset(session, user, actor=SYSTEM, at=at)
