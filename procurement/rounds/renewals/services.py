"""Say which round a draft renews, and take its winners over as incumbents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, Invalid, Issue
from procurement.rounds.flow import RoundAction, RoundState
from procurement.rounds.models.rounds import Round
from procurement.rounds.renewals import queries
from procurement.rounds.services import facts
from procurement.rounds.services.acts import locked, must_allow
from procurement.rounds.services.setup import AlreadyPublished
from procurement.tags import Tag


def choose(session: Session, *, round_id: int, renews_id: int | None, actor: Actor, at: datetime) -> Round:
    """Name the awarded round that a draft renews, or none."""
    round_ = locked(session, round_id, actor, at)
    if round_.state is not RoundState.DRAFT:
        raise AlreadyPublished(code=round_.code)
    if renews_id is not None and renews_id not in {one.id for one in queries.finished(session, actor)}:
        raise Invalid({"renews": Issue("round-not-awarded")})
    round_.renews_id = renews_id
    former = queries.earlier(session, round_)
    record(session, Tag.ROUND_RENEWAL_CHOSEN, round_, actor, at, {"renews": former.code if former else ""})
    return round_


def take_over(session: Session, *, round_id: int, actor: Actor, at: datetime) -> int:
    """Record for every opened bid whether its company won the variety in the earlier round; return how many facts.

    What a person entered already stays.
    """
    round_ = locked(session, round_id, actor, at)
    must_allow(round_, RoundAction.EVALUATE)
    proposed = queries.proposals(session, round_)
    if not proposed:
        raise Conflict("no-incumbents-to-take-over", code=round_.code)
    return facts.record(session, round_id=round_id, facts=proposed, actor=actor, at=at)
