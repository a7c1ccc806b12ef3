"""What waits for a reviewer of organisations, on the first page and in the side bar."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.i18n import _, _n, label
from kernel.parties import queries
from kernel.web import Queue, QueueRow

PATIENCE = timedelta(days=5)


def review_count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count the applications that wait, and say whether one waits for too long."""
    filed = queries.waiting(session, actor)
    return len(filed), any(application.filed_at + PATIENCE <= at for application in filed)


def _age(days: int) -> str:
    return str(_n("%(num)s day", "%(num)s days", days) if days else _("today"))


def review_queue(session: Session, actor: Actor, at: datetime) -> Queue:
    """Show the oldest applications."""
    filed = queries.waiting(session, actor)
    rows = [
        QueueRow(
            what=application.organisation.name,
            url=url_for("kernel.organisation", organisation_id=application.organisation_id),
            due=_age((at - application.filed_at).days),
            tone="warn" if application.filed_at + PATIENCE <= at else "",
            detail=label(application.organisation.kind),
        )
        for application in filed[:3]
    ]
    return Queue(
        title=_("Organisations to review"), note=_("oldest first"), rows=rows, total=len(filed),
        url=url_for("kernel.organisations", state="applied"), empty=_("No organisation waits for review"),
    )  # fmt: skip
