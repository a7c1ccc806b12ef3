"""Run lots again that ended without an award: a new round from the same locked base, its rules chosen anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, Invalid, Issue
from procurement.demand.services.copies import copy_locked
from procurement.rounds.models.rounds import Round
from procurement.rounds.reruns import queries
from procurement.rounds.services import setup
from procurement.rounds.services.acts import locked
from procurement.tags import Tag


def rerun(
    session: Session, *, round_id: int, lot_numbers: Collection[int], code: str, title: str, rule_set_id: str,
    actor: Actor, at: datetime,
) -> Round:  # fmt: skip
    """Start the draft of a round that runs lots again. Caps and base come along, bids and decisions do not."""
    old = locked(session, round_id, actor, at)
    free = queries.free_lots(session, old)
    if not free:
        raise Conflict("nothing-to-rerun", code=old.code)
    chosen = [lot for lot in free if lot.number in lot_numbers]
    wrong = {name: Issue("needed") for name, text in (("code", code), ("title", title)) if not text.strip()}
    if not chosen or len(chosen) < len(set(lot_numbers)):
        wrong["lots"] = Issue("rerun-lots")
    if session.scalar(select(Round.id).where(Round.code == code.strip())):
        wrong["code"] = Issue("code-taken", value=code.strip())
    if wrong:
        raise Invalid(wrong)
    call = copy_locked(
        session, call=old.call, lot_ids=[lot.id for lot in chosen], title=title.strip(), actor=actor, at=at,
        code=f"{old.call.code}-{queries.copies(session, old.call) + 2}",
    )  # fmt: skip
    made = setup.create(
        session, call_id=call.id, code=code, title=title, rule_set_id=rule_set_id, actor=actor, at=at
    )  # fmt: skip
    made.rerun_of_id = old.id
    facts = {"code": made.code, "from": old.code, "lots": [lot.number for lot in chosen]}
    record(session, Tag.ROUND_RERUN, made, actor, at, facts)
    return made
