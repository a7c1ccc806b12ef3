"""The life of a box, one a round: made, given hours, announced, lengthened, given up, closed by the clock.

Whoever changes a box locks its row first and reads the clock afterwards: a bid is either in before the deadline and in
the opening record, or refused.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.services import record
from kernel.auth.actor import SYSTEM, Actor
from kernel.errors import Conflict, DomainError, NotFound
from procurement.bids.flow import BOX_FLOW, BoxAction, BoxState, InvalidPrice
from procurement.bids.models import Box
from procurement.dossiers.rules import Asked
from procurement.tags import Tag


def open_box(
    session: Session, *, call_id: int, code: str, title: str, actor: Actor, at: datetime, rehearsal: bool = False
) -> Box:
    """Make an empty box, waiting to be announced."""
    box = Box(call_id=call_id, code=code, title=title, state=BoxState.WAITING, rehearsal=rehearsal)
    session.add(box)
    session.flush()  # the audit event names the id
    record(session, Tag.BOX_MADE, box, actor, at, {"code": code, "rehearsal": rehearsal})
    return box


def schedule(session: Session, *, box: Box, receives_from: datetime | None, deadline: datetime | None) -> Box:
    """Write down the hours that are planned for a waiting box; nothing binds before it is announced."""
    box = locked(session, box.id)
    BOX_FLOW.after(box.state, BoxAction.ANNOUNCE)
    change(session, box, receives_from=receives_from, deadline=deadline)
    return box


def announce(
    session: Session, *, box: Box, receives_from: datetime, deadline: datetime, actor: Actor, at: datetime,
    invalid_price: InvalidPrice = InvalidPrice.REFUSE, joint_most: int = 0, eligibility: Asked | None = None,
) -> Box:  # fmt: skip
    """Bind a waiting box to its one deadline and to what its round says of invalid prices, joint bids and documents."""
    if not receives_from < deadline:
        raise DomainError("deadline-before-start")
    box = locked(session, box.id)
    if deadline <= clock.after_lock(session):
        raise DomainError("deadline-in-the-past", deadline=deadline)
    state = BOX_FLOW.after(box.state, BoxAction.ANNOUNCE)
    terms = {
        "receives_from": receives_from, "deadline": deadline, "invalid_price": invalid_price, "joint_most": joint_most,
        "eligibility": eligibility.plain() if eligibility else None,
    }  # fmt: skip
    change(session, box, state=state, **terms)
    record(session, Tag.BOX_ANNOUNCED, box, actor, at, {name: value for name, value in terms.items() if value})
    return box


def lengthen(session: Session, *, box: Box, deadline: datetime, actor: Actor, at: datetime) -> Box:
    """Move the deadline of a receiving box to a later instant, as long as it has not passed."""
    box = locked(session, box.id)
    now, before = clock.after_lock(session), box.deadline
    if box.state is not BoxState.RECEIVING or before is None or now >= before:
        raise Conflict("box-deadline-passed", deadline=before)
    if deadline <= before:
        raise DomainError("deadline-not-later", deadline=before)
    change(session, box, deadline=deadline)
    record(session, Tag.BOX_LENGTHENED, box, actor, at, {"before": before, "deadline": deadline})
    return box


def void_box(session: Session, *, box: Box, actor: Actor, at: datetime) -> Box:
    """Give a box up; what was handed in is never opened."""
    box = locked(session, box.id)
    change(session, box, state=BOX_FLOW.after(box.state, BoxAction.VOID))
    record(session, Tag.BOX_VOIDED, box, actor, at, {})
    return box


def settle(session: Session, *, at: datetime) -> list[Box]:
    """Write down that boxes are closed whose deadline passed by the database's clock."""
    now = clock.after_lock(session)  # before the lock is safe here: it can only close too late
    due = update(Box).where(Box.state == BoxState.RECEIVING, Box.deadline <= now)
    ids = session.scalars(due.values(state=BoxState.CLOSED).returning(Box.id)).all()
    closed = list(session.scalars(select(Box).where(Box.id.in_(ids)).execution_options(populate_existing=True)))
    for box in closed:
        record(session, Tag.BOX_CLOSED, box, SYSTEM, at, {"deadline": box.deadline})
    return closed


def locked(session: Session, box_id: int) -> Box:
    """Lock a box's row and read it afresh."""
    query = select(Box).where(Box.id == box_id).with_for_update().execution_options(populate_existing=True)
    box = session.scalars(query).one_or_none()
    if box is None:
        raise NotFound(box=box_id)
    return box


def change(session: Session, box: Box, **values: object) -> None:
    """Change a box by compare-and-set on the state and deadline that were read under its lock."""
    same = (Box.id == box.id, Box.state == box.state, Box.deadline.is_not_distinct_from(box.deadline))
    changed = session.execute(
        update(Box).where(*same).values(**values), execution_options={"synchronize_session": False}
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result has a row count
        raise Conflict("changed-meanwhile")
    session.refresh(box)
