"""What of rounds stands on first pages: the agency's rounds by what is due, a company's results."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.i18n import _, label
from kernel.templating import minute, nearness
from kernel.web import Queue, QueueRow
from procurement.rounds.flow import Stage
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import notice, rounds
from procurement.rounds.views.shown import duty

NOW_DUE = frozenset({Stage.AWAITING_OPENING, Stage.OPENED, Stage.AWAITING_AWARD})


def agency(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show rounds by stage, what is due now first."""
    if not actor.may(P.ROUND_EVALUATE):
        return None
    found = rounds.due(session, actor)
    asked = notice.unanswered(session, [one.id for one in found])
    ranked = sorted(found, key=lambda one: (not duty(one, actor, rounds.stage_of(one, at)), _when(one, at), one.id))
    return Queue(
        _("Rounds"), "", [_row(one, at, asked.get(one.id, 0)) for one in ranked[:3]], len(found),
        url_for("procurement.rounds"), str(_("No round is under way")),
    )  # fmt: skip


def _when(round_: Round, at: datetime) -> datetime:
    return _due(round_, rounds.stage_of(round_, at)) or round_.created_at


def _due(round_: Round, stage: Stage) -> datetime | None:
    if stage in (Stage.PUBLISHED, Stage.BIDDING, Stage.AWAITING_OPENING):
        return round_.box.deadline
    return round_.publicity_ends if stage in (Stage.ANNOUNCED, Stage.AWAITING_AWARD) else None


def _row(round_: Round, at: datetime, questions: int) -> QueueRow:
    stage = rounds.stage_of(round_, at)
    due = _due(round_, stage)
    detail = str(label(stage))
    if questions:
        detail += "；" + str(_("%(count)s questions wait", count=questions))
    near = nearness(due, at) if due else None
    tone = "warn" if stage in NOW_DUE else near.tone if near and near.word != "late" else ""
    return QueueRow(
        what=round_.title, url=url_for("procurement.round", round_id=round_.id), due=minute(due)[5:] if due else "",
        tone=tone, detail=detail,
    )  # fmt: skip


def count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count the rounds in which the reader owes an act now."""
    owed = [one for one in rounds.due(session, actor) if duty(one, actor, rounds.stage_of(one, at))]
    return len(owed), False


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how a round is called and where it is, to whoever may see it."""
    found = rounds.find(session, int(identity), actor)
    return (found.title, url_for("procurement.round", round_id=found.id)) if found else None
