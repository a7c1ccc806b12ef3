"""Access keys: by one of these a program of an organisation acts for the person who made it, in JSON calls only."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth import queries, rules
from kernel.auth.actor import Actor
from kernel.auth.models import AccessKey, User
from kernel.auth.tokens import digest, new_token
from kernel.errors import Conflict, Forbidden, Invalid, Issue, NotFound

LONGEST = 60


def issue(session: Session, *, name: str, writes: bool, actor: Actor, at: datetime) -> tuple[AccessKey, str]:
    """Make a key and return it with its token, which is shown once and never kept."""
    if not rules.may_hold_keys(actor.organisation_kind):
        raise Forbidden
    named = " ".join(name.split())
    if not named or len(named) > LONGEST:
        raise Invalid({"name": Issue("key-name", facts={"most": LONGEST})})
    user = session.get_one(User, actor.user_id, with_for_update={"of": User})  # two clicks count one by one
    most = rules.POLICY.value("key.most")
    if len(queries.own_keys(session, actor, at)) >= most:
        raise Conflict("keys-enough", most=most)
    token = new_token()
    made = AccessKey(
        digest=digest(token), user=user, name=named, writes=writes, created_at=at,
        expires_at=at + timedelta(days=rules.POLICY.value("key.days")),
    )  # fmt: skip
    session.add(made)
    session.flush()
    record(session, Tag.KEY_ISSUED, user, actor, at, {"key": made.id, "name": named, "writes": writes})
    return made, token


def revoke(session: Session, *, key_id: int, actor: Actor, at: datetime) -> AccessKey:
    """End one of one's own keys."""
    found = next((one for one in queries.own_keys(session, actor, at) if one.id == key_id), None)
    if found is None:
        raise NotFound(key=key_id)
    found.revoked_at = at
    record(session, Tag.KEY_REVOKED, found.user, actor, at, {"key": found.id, "name": found.name})
    return found


def revoke_all(session: Session, user: User, *, at: datetime) -> None:
    """End a user's keys along with his sessions."""
    standing = (AccessKey.user_id == user.id) & AccessKey.revoked_at.is_(None)
    session.execute(update(AccessKey).where(standing).values(revoked_at=at))
