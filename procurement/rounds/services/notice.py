"""Questions on the notice page: asked until the deadline, answered for everybody, askers known to the agency alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, Forbidden, Invalid, Issue, NotFound
from kernel.notices.services import notify
from procurement.rounds.flow import Stage
from procurement.rounds.models.rounds import Question
from procurement.rounds.queries import rounds
from procurement.tags import Tag

LONGEST = 2000
OPEN = frozenset({Stage.PUBLISHED, Stage.BIDDING})


class QuestionsClosed(Conflict):
    """Questions are taken from the publication to the deadline."""

    code = "questions-closed"


def ask(session: Session, *, round_id: int, text: str, actor: Actor, at: datetime) -> Question:
    """Ask something about a published round, for the actor's company."""
    round_ = rounds.one(session, round_id, actor)
    if actor.organisation_id is None:
        raise Forbidden
    if rounds.stage_of(round_, at) not in OPEN:
        raise QuestionsClosed(code=round_.code)
    question = Question(
        round_id=round_.id, asked_by_id=actor.organisation_id, text=_text(text, "question"), asked_at=at
    )
    session.add(question)
    session.flush()  # the audit event names the id
    record(session, Tag.QUESTION_ASKED, question, actor, at, {"round": round_.code})
    return question


def answer(session: Session, *, round_id: int, question_id: int, text: str, actor: Actor, at: datetime) -> Question:
    """Answer a question for everybody; an answer that was given stands."""
    round_ = rounds.one(session, round_id, actor)
    question = session.get(Question, question_id, with_for_update=True)
    if question is None or question.round_id != round_.id:
        raise NotFound(question=question_id)
    if question.answered_at is not None:
        raise Conflict("already-answered")
    question.answer, question.answered_at = _text(text, "answer"), at
    record(session, Tag.QUESTION_ANSWERED, question, actor, at, {"round": round_.code, "answer": question.answer})
    facts = {"round": round_.code, "title": round_.title}
    url = f"/procurement/rounds/{round_.id}/notice"
    notify(session, code="question-answered", facts=facts, at=at, url=url, organisations=(question.asked_by_id,))
    return question


def _text(text: str, name: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid({name: Issue("needed")})
    if len(text) > LONGEST:
        raise Invalid({name: Issue("text-too-long", facts={"most": LONGEST})})
    return text
