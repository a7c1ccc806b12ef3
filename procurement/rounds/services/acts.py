"""What every verb of a round begins with: the locked row at its settled state, and the rule of two persons."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import DomainError, FileRefused, Issue, NotFound
from procurement.rounds.flow import ROUND_FLOW, RoundAction, RoundState, settled
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries.rounds import visible
from procurement.tags import Tag


class NotYet(DomainError):
    """The act has its hour, and it has not come; `due` says when."""

    code = "not-yet"


class NotDecided(FileRefused):
    """Something has to be decided first; `issues` say what, lot by lot."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__(issues)
        self.code = "round-not-decided"


def locked(session: Session, round_id: int, actor: Actor, at: datetime) -> Round:
    """Return a round with its row locked and its state settled by the clock, or NotFound."""
    query = visible(actor).where(Round.id == round_id).with_for_update(of=Round)
    round_ = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if round_ is None:
        raise NotFound(round=round_id)
    settle(session, round_, actor, at)
    return round_


def settle(session: Session, round_: Round, actor: Actor, at: datetime) -> None:
    """Write down a state that the clock has already made true."""
    state = settled(round_.state, round_.box.receives_from, at)
    if state is not round_.state:
        round_.state = state
        record(session, Tag.ROUND_RECEIVING, round_, actor, at, {"since": round_.box.receives_from})


def settle_due(session: Session, *, actor: Actor, at: datetime) -> int:
    """Settle every round whose hour has come; return how many. The job's verb: it speeds up, it decides nothing."""
    published = select(Round).where(Round.state == RoundState.PUBLISHED).with_for_update(of=Round, skip_locked=True)
    changed = 0
    for round_ in session.scalars(published):
        before = round_.state
        settle(session, round_, actor, at)
        changed += round_.state is not before
    return changed


def move(round_: Round, action: RoundAction) -> None:
    """Take the round to the state that follows, or refuse."""
    round_.state = ROUND_FLOW.after(round_.state, action)


def must_allow(round_: Round, action: RoundAction) -> None:
    """Refuse an act the state does not allow, before anything else is looked at."""
    ROUND_FLOW.after(round_.state, action)
