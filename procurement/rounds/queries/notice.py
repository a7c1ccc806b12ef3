"""What the notice page shows: questions without their askers, and how the deadline moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.parties.models import Organisation
from procurement.rounds.flow import ExtensionState
from procurement.rounds.models.rounds import Extension, Question, Round


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a reader may see it; `asker` is empty for everybody but the agency and the asker."""

    id: int
    text: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    asker: str
    own: bool


def questions(session: Session, round_: Round, actor: Actor) -> list[Asked]:
    """Return answered questions for everybody; open ones for the agency and for whoever asked them."""
    query = (
        select(Question, Organisation.name)
        .join(Organisation, Organisation.id == Question.asked_by_id)
        .where(Question.round_id == round_.id)
        .order_by(Question.asked_at, Question.id)
    )
    answers = actor.may(P.QUESTION_ANSWER)
    found = []
    for question, name in session.execute(query):
        own = actor.organisation_id is not None and question.asked_by_id == actor.organisation_id
        if answers or own or question.answered_at is not None:
            found.append(_asked(question, name if answers else "", own))
    return found


def _asked(question: Question, asker: str, own: bool) -> Asked:
    return Asked(
        question.id, question.text, question.asked_at, question.answer, question.answered_at, asker, own
    )  # fmt: skip


def unanswered(session: Session, round_ids: Sequence[int]) -> dict[int, int]:
    """Count the questions that wait for an answer, by round."""
    query = select(Question.round_id).where(Question.round_id.in_(round_ids), Question.answered_at.is_(None))
    found: dict[int, int] = {}
    for round_id in session.scalars(query):
        found[round_id] = found.get(round_id, 0) + 1
    return found


def extensions(session: Session, round_: Round, *, confirmed: bool = False) -> Sequence[Extension]:
    """Return the later deadlines that were asked for, oldest first; only the ones that hold where asked."""
    query = select(Extension).where(Extension.round_id == round_.id).order_by(Extension.asked_at)
    if confirmed:
        query = query.where(Extension.state == ExtensionState.CONFIRMED)
    return session.scalars(query).all()
