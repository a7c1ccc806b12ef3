"""Scheduled verbs: what the clock has decided is written down."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.auth.permissions import Role
from kernel.clock import today
from kernel.jobs.registry import job
from kernel.notices.services import notify
from procurement.orders.monitored import services as monitored
from procurement.orders.reconciliation import queries as reconciliation
from procurement.orders.services import answers, receiving


@job("orders.settle", every=timedelta(seconds=30))
def settle(session: Session, at: datetime) -> None:
    """Void orders that nobody answered, receive shipments that nobody disputed."""
    answers.settle_due(session, at=at)
    receiving.settle_due(session, at=at)


@job("ledger.check", every=timedelta(days=1))
def check(session: Session, at: datetime) -> None:
    """Hold the volume ledger against orders and agreements; tell the agency where they differ."""
    found = reconciliation.reconcile(session, day=today(at))
    if not found.agrees:
        facts = {"count": len(found.differences), "day": found.day.isoformat()}
        notify(session, code="ledger-differs", facts=facts, roles=(Role.AGENCY_OFFICER, Role.AGENCY_REVIEWER), at=at)


@job("orders.warn", every=timedelta(minutes=5))
def warn(session: Session, at: datetime) -> None:
    """Tell hospitals and suppliers of orders that are late."""
    answers.warn_late(session, at=at)


@job("purchases.check", every=timedelta(days=1))
def check_monitored(session: Session, at: datetime) -> None:
    """Hold what monitoring sums up against the figures of purchasing; make it anew where they differ."""
    monitored.check(session, at=at)
