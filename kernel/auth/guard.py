"""Find out who acts: the session cookie's token against the server's session rows."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from flask import g, session
from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.auth.actor import PUBLIC, Actor, actor_for
from kernel.auth.models import User, UserSession
from kernel.db import Database
from kernel.parties.codes import OrganisationState

TOKEN = "token"  # noqa: S105 - the cookie's key, not a secret
TOUCH = timedelta(minutes=1)


def digest(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


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
    if row is None or row.expires_at <= at or row.seen_at + idle <= at or not row.user.active:
        return None
    return row if row.user.organisation.state is OrganisationState.ACTIVE else None


def load_actor(database: Database) -> None:
    """Set `g.actor` for this request, and note at most once a minute that the session is in use."""
    from flask import current_app

    g.actor = PUBLIC
    token = session.get(TOKEN)
    if not token:
        return
    at, idle = clock.now(), timedelta(minutes=current_app.config["SETTINGS"].session_idle_minutes)
    with database.transaction(write=False) as read:
        row = live_session(read, token, at, idle)
        if row is None:
            session.pop(TOKEN, None)
            return
        g.actor = actor_of(row.user)
        g.user_locale = row.user.locale
        g.must_change_password = row.user.must_change_password
        stale = row.seen_at + TOUCH <= at
    if stale:
        with database.transaction() as write:
            write.execute(update(UserSession).where(UserSession.digest == digest(token)).values(seen_at=at))
