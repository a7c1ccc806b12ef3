"""Find out who acts: the session cookie's token against the server's session rows, or a call's access key."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, g, request, session
from sqlalchemy import update

from kernel import clock
from kernel.auth import rules
from kernel.auth.actor import PUBLIC
from kernel.auth.models import AccessKey, UserSession
from kernel.auth.queries import actor_of, live_key, live_session
from kernel.auth.tokens import digest
from kernel.config import Settings
from kernel.db import Database
from kernel.errors import Forbidden

TOKEN = "token"  # noqa: S105 - the cookie's key, not a secret
TOUCH = timedelta(minutes=1)
# What somebody may still open who has to set a new password first.
OPEN_WHILE_DUE = frozenset({"kernel.password", "kernel.password_post", "kernel.sign_out", "kernel.language", "static"})


def load_actor(database: Database) -> None:
    """Set `g.actor` for this request, and note at most once a minute that the session is in use."""
    g.actor, g.password_due, g.by_key = PUBLIC, False, False
    scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and request.path.startswith("/api/"):
        g.by_key = True  # whatever the cookie says: the call acts by its key or as a stranger
        _load_key_holder(database, key.strip())
        return
    token = session.get(TOKEN)
    if not token:
        return
    settings: Settings = current_app.config["SETTINGS"]
    at, idle = clock.now(), timedelta(minutes=settings.session_idle_minutes)
    with database.transaction(write=False) as read:
        row = live_session(read, token, at, idle)
        if row is None or (settings.production and row.user.demo):
            session.pop(TOKEN, None)
            return
        user = row.user
        g.actor, g.user_locale = actor_of(user), user.locale
        profile = rules.password_rules(settings.password_profile)
        g.password_due = user.must_change_password or rules.change_due(user.password_set_at, at, profile)
        stale = row.seen_at + TOUCH <= at
    if stale:
        with database.transaction() as write:
            write.execute(update(UserSession).where(UserSession.digest == digest(token)).values(seen_at=at))


def _load_key_holder(database: Database, token: str) -> None:
    """Set `g.actor` to the person who made the key; a key for reading changes nothing."""
    settings: Settings = current_app.config["SETTINGS"]
    at = clock.now()
    with database.transaction(write=False) as read:
        key = live_key(read, token, at)
        if key is None or (settings.production and key.user.demo):
            return
        g.actor, g.user_locale = actor_of(key.user), key.user.locale
        stale = key.seen_at is None or key.seen_at + TOUCH <= at
        reads_only = not key.writes
    if stale:
        with database.transaction() as write:
            write.execute(update(AccessKey).where(AccessKey.digest == digest(token)).values(seen_at=at))
    if reads_only and request.method not in ("GET", "HEAD"):
        raise Forbidden("key-reads-only")
