"""What is cleared away by the hour: forgotten failures, ended sessions, spent links."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kernel.auth.models import Invitation, SignInFailure, UserSession
from kernel.auth.rules import POLICY
from kernel.jobs.registry import job


@job("auth.clear", every=timedelta(hours=1))
def clear(session: Session, at: datetime) -> None:
    """Delete what can't matter any more."""
    forgotten = at - timedelta(hours=POLICY.value("lockout.memory_hours"))
    session.execute(delete(SignInFailure).where(SignInFailure.at <= forgotten))
    session.execute(delete(UserSession).where(UserSession.expires_at <= at))
    session.execute(delete(Invitation).where(Invitation.expires_at <= at))
