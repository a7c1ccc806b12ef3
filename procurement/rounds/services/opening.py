"""Open every bid of a round at once, at or after its deadline."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import after_lock
from procurement.bids import services as bids
from procurement.rounds.experts.services import handing
from procurement.rounds.flow import RoundAction
from procurement.rounds.models.rounds import Round
from procurement.rounds.services.acts import NotYet, locked, move, must_allow
from procurement.tags import Tag


def open_bids(session: Session, *, round_id: int, actor: Actor, at: datetime) -> Round:
    """Open the box: from now on the prices exist. The clock is read behind the box's lock.

    Experts who score have done so before, and their scores become review facts with the opening.
    """
    round_ = locked(session, round_id, actor, at)
    must_allow(round_, RoundAction.OPEN)
    session.refresh(round_.box, with_for_update=True)
    now = after_lock(session)
    if round_.box.deadline is None or now < round_.box.deadline:
        raise NotYet(due=round_.box.deadline)
    handing.must_be_finished(session, round_=round_, now=now)
    lines = bids.open_bids(session, box_id=round_.box_id, actor=actor, at=at)
    move(round_, RoundAction.OPEN)
    round_.opened_at, round_.opened_by_id = at, actor.user_id
    opened = len({line.bid_id for line in lines})
    facts = {"deadline": round_.box.deadline, "entries": round_.box.entries, "bids": opened, "lines": len(lines)}
    record(session, Tag.ROUND_OPENED, round_, actor, at, facts)
    handing.hand_over(session, round_=round_, actor=actor, at=at)
    return round_
