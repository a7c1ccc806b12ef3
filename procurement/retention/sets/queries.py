"""Versions of rule sets."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.errors import NotFound
from procurement.retention.flow import SetState
from procurement.retention.models.inputs import RuleVersion


def latest(session: Session) -> Sequence[RuleVersion]:
    """Return the latest version of every rule set, by title."""
    last = select(func.max(RuleVersion.id)).group_by(RuleVersion.code)
    return session.scalars(select(RuleVersion).where(RuleVersion.id.in_(last)).order_by(RuleVersion.title)).all()


def versions(session: Session, code: str) -> Sequence[RuleVersion]:
    """Return the versions of a rule set, the latest first; NotFound where there is none."""
    query = select(RuleVersion).where(RuleVersion.code == code).order_by(RuleVersion.number.desc())
    found = session.scalars(query).all()
    if not found:
        raise NotFound(rule_set=code)
    return found


def one(session: Session, rules_id: int) -> RuleVersion:
    """Return a version, or NotFound."""
    found = session.get(RuleVersion, rules_id)
    if found is None:
        raise NotFound(rule_set=rules_id)
    return found


def usable(session: Session) -> Sequence[RuleVersion]:
    """Return the approved versions that a run may take, the latest of each rule set."""
    approved = RuleVersion.state == SetState.APPROVED
    last = select(func.max(RuleVersion.id)).where(approved).group_by(RuleVersion.code)
    return session.scalars(select(RuleVersion).where(RuleVersion.id.in_(last)).order_by(RuleVersion.title)).all()
