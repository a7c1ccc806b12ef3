"""Passwords: hashed with Argon2id, set by their owner or by a single-use link."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth import queries, rules
from kernel.auth.actor import Actor
from kernel.auth.models import Invitation, User, UserSession
from kernel.auth.tokens import digest
from kernel.config import PasswordProfile
from kernel.errors import DomainError, Invalid, Issue

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's equal to 46 MiB once


def _plain(password: str) -> str:
    return unicodedata.normalize("NFC", password)  # input methods compose characters differently


def hashed(password: str) -> str:
    """Return the Argon2id hash of a password."""
    return HASHER.hash(_plain(password))


@cache
def _nobody() -> str:
    return hashed("nobody has this password")


def matches(password_hash: str, password: str) -> bool:
    """Compare in the same time whether there is a hash or not."""
    try:
        return HASHER.verify(password_hash or _nobody(), _plain(password)) and bool(password_hash)
    except (VerifyMismatchError, InvalidHashError):
        return False


def must_be_good(user: User, password: str, profile: PasswordProfile, *, field: str = "password") -> None:
    """Refuse a password that the profile does not allow this user."""
    demands = rules.password_rules(profile)
    fault = rules.password_fault(_plain(password), login=user.login, rules=demands)
    old = [user.password_hash, *user.old_password_hashes][: demands.history]
    if fault is None and any(matches(each, password) for each in old if each):
        fault = Issue("password-used-before", facts={"history": demands.history})
    if fault:
        raise Invalid({field: fault})


def put(user: User, password: str, profile: PasswordProfile, at: datetime) -> None:
    """Replace a user's password without asking anything."""
    history = rules.password_rules(profile).history
    if history and user.password_hash:
        user.old_password_hashes = [user.password_hash, *user.old_password_hashes][:history]
    user.password_hash, user.password_set_at, user.must_change_password = hashed(password), at, False


def change_own(
    session: Session, *, current: str, new: str, actor: Actor, profile: PasswordProfile, at: datetime
) -> None:
    """Change the actor's password, who proves the old one; every session of his ends, this one included."""
    user = session.get_one(User, actor.user_id, with_for_update={"of": User})
    if not matches(user.password_hash, current):
        raise Invalid({"current": Issue("password-wrong")})
    if matches(user.password_hash, new):
        raise Invalid({"new": Issue("password-same")})
    must_be_good(user, new, profile, field="new")
    put(user, new, profile, at)
    session.execute(delete(UserSession).where(UserSession.user_id == user.id))
    record(session, Tag.PASSWORD_SET, user, actor, at, {"by": "owner"})


def set_by_link(
    session: Session, *, token: str, password: str, profile: PasswordProfile, locale: str, at: datetime
) -> User:
    """Set the password of a link's user; the link is used up and every session of his ends."""
    user = queries.live_link(session, token, at).user
    must_be_good(user, password, profile)
    taken = update(Invitation).where(Invitation.digest == digest(token), Invitation.used_at.is_(None))
    if session.execute(taken.values(used_at=at)).rowcount != 1:  # type: ignore[attr-defined]  # an update's result has it
        raise DomainError("link-spent")
    put(user, password, profile, at)
    user.locale = user.locale or locale
    session.execute(delete(UserSession).where(UserSession.user_id == user.id))
    record(session, Tag.PASSWORD_SET, user, queries.actor_of(user), at, {"by": "link"})
    return user
