"""Drafts on a company's first page."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.i18n import _, label
from kernel.templating import minute
from kernel.web import Queue, QueueRow
from procurement.rounds.draft import queries
from procurement.rounds.draft.flow import settled
from procurement.rounds.draft.models import RegionDraft
from procurement.rounds.models.rounds import Round


def queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show the drafts in which the company chooses regions; none hides the queue."""
    if actor.organisation_id is None:
        return None
    found = queries.live_of_company(session, actor.organisation_id)
    rows = [_row(round_, draft, at) for round_, draft in found]
    return Queue(_("Region drafts"), "", rows[:3], len(rows), rows[0].url, "") if rows else None


def _row(round_: Round, draft: RegionDraft, at: datetime) -> QueueRow:
    return QueueRow(
        what=round_.title, url=url_for("procurement.draft_board", round_id=round_.id, number=draft.number),
        due=minute(draft.starts_at)[5:] if draft.starts_at else "", tone="warn",
        detail=str(label(settled(draft.state, draft.starts_at, at))),
    )  # fmt: skip
