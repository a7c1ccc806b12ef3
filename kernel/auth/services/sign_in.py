"""Sign-in and sessions. A stranger learns nothing about which logins exist, neither by words nor by time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth import queries, rules
from kernel.auth.actor import PUBLIC, Actor
from kernel.auth.models import SignInFailure, User, UserSession
from kernel.auth.services import passwords
from kernel.auth.tokens import digest, new_token
from kernel.errors import DomainError
from kernel.parties.codes import OrganisationState


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the browser gets: the token of the new session."""

    token: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class Failed:
    """Why nobody was signed in. A value and not an exception, because the failure has to be kept."""

    refusal: DomainError


def sign_in(
    session: Session,
    *,
    login: str,
    password: str,
    address: str,
    at: datetime,
    lives: timedelta,
    old_token: str = "",
    production: bool = False,
) -> SignedIn | Failed:
    """Check a password and open a session; `old_token` is the session the browser came with, which ends."""
    name = queries.plain_login(login)[:200]
    # The row is locked first: guesses sent at once queue here and meet each other's failures.
    user = session.scalars(select(User).where(User.login == name).with_for_update(of=User)).unique().one_or_none()
    paused = _paused_until(session, name, address, at)
    if paused:
        return Failed(DomainError("sign-in-paused", until=paused))
    matched = passwords.matches(user.password_hash if user else "", password)
    if user is None or not matched or not may_sign_in(user, production=production):
        return _failed(session, user, name, address, at)
    if passwords.HASHER.check_needs_rehash(user.password_hash):
        user.password_hash = passwords.hashed(password)
    session.execute(delete(SignInFailure).where(SignInFailure.login_digest == digest(name)))
    session.execute(delete(UserSession).where(UserSession.digest == digest(old_token)))
    token, actor = new_token(), queries.actor_of(user)
    session.add(
        UserSession(
            digest=digest(token), user_id=user.id, created_at=at, seen_at=at, expires_at=at + lives, address=address
        )
    )
    record(session, Tag.SIGNED_IN, user, actor, at, {"address": address})
    return SignedIn(token, actor)


def may_sign_in(user: User, *, production: bool = False) -> bool:
    """Say whether the account and its organisation are in use; a demo account is none in production."""
    return user.active and not (production and user.demo) and user.organisation.state is OrganisationState.ACTIVE


def _paused_until(session: Session, login: str, address: str, at: datetime) -> datetime | None:
    ends = (
        rules.locked_until(queries.failures_of_login(session, login, at)),
        rules.address_paused_until(queries.failures_of_address(session, address, at)),
    )
    return max((end for end in ends if end and end > at), default=None)


def _failed(session: Session, user: User | None, login: str, address: str, at: datetime) -> Failed:
    failure = SignInFailure(login_digest=digest(login), address=address, at=at)
    session.add(failure)
    session.flush()
    record(session, Tag.SIGN_IN_FAILED, user or failure, PUBLIC, at, {"address": address})
    return Failed(DomainError("sign-in-failed"))


def sign_out(session: Session, *, token: str, actor: Actor, at: datetime) -> None:
    """End the browser's session."""
    session.execute(delete(UserSession).where(UserSession.digest == digest(token)))
    record(session, Tag.SIGNED_OUT, session.get_one(User, actor.user_id), actor, at)


def end_others(session: Session, *, token: str, actor: Actor, at: datetime) -> int:
    """End every session of the actor but this one; return how many ended."""
    others = delete(UserSession).where(UserSession.user_id == actor.user_id, UserSession.digest != digest(token))
    ended: int = session.execute(others).rowcount  # type: ignore[attr-defined]  # a delete's result has it
    record(session, Tag.SESSIONS_ENDED, session.get_one(User, actor.user_id), actor, at, {"ended": ended})
    return ended
