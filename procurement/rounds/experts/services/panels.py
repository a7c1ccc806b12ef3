"""Draw a panel up, confirm it by a second person, replace an expert, give more time, dissolve it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.clock import after_lock
from kernel.errors import Conflict, Forbidden, Invalid, Issue, NotFound
from kernel.notices.services import notify
from procurement.rounds.experts import queries, rules
from procurement.rounds.experts.flow import (
    PANEL_FLOW,
    SEAT_FLOW,
    Method,
    PanelAction,
    PanelState,
    SeatAction,
    SeatState,
    SheetState,
)
from procurement.rounds.experts.models import Panel, Seat
from procurement.rounds.experts.services.acts import at_work, must_be_before_opening
from procurement.rounds.models.rounds import Round
from procurement.rounds.services.acts import locked
from procurement.tags import Tag

MOST_SEATS = 50


def draw_up(
    session: Session, *, round_id: int, method: Method, user_ids: Sequence[int], seats: int, due_at: datetime | None,
    actor: Actor, at: datetime,
) -> Panel:  # fmt: skip
    """Draw `seats` experts from a pool by a seed that is made here and recorded, or name them all.

    From the publication to the opening. Raises Invalid with every mistake.
    """
    round_ = locked(session, round_id, actor, at)
    must_be_before_opening(round_)
    known = {user.id for user in queries.candidates(session)}
    pool = list(dict.fromkeys(user_ids))
    count = seats if method is Method.DRAWN else len(pool)
    wrong = _mistakes(round_, pool, known, count, due_at, after_lock(session))
    if wrong or due_at is None:
        raise Invalid(wrong)
    before = queries.panel(session, round_, fresh=True)
    if before is not None and before.state is not PanelState.DISSOLVED:
        raise Conflict("panel-there-already", code=round_.code)
    if actor.user_id is None:
        raise Forbidden
    seed = secrets.token_hex(16) if method is Method.DRAWN else ""
    made = Panel(
        round_id=round_.id, round_=round_, method=method, seed=seed, due_at=due_at, made_by_id=actor.user_id,
        made_at=at, pool=rules.drawn(pool, seed) if seed else pool,
    )  # fmt: skip
    session.add(made)
    session.flush()  # seats and the audit event name the id
    session.add_all(_seat(made, number, user, actor, at) for number, user in enumerate(made.pool[:count], 1))
    session.flush()  # seats are read back with their people
    session.refresh(made, ["seats"])
    facts = {"round": round_.code, "method": method, "seed": seed, "pool": made.pool, "seats": count, "due_at": due_at}
    record(session, Tag.PANEL_DRAWN_UP, made, actor, at, facts)
    return made


def _mistakes(
    round_: Round, pool: Sequence[int], known: set[int], count: int, due_at: datetime | None, now: datetime
) -> dict[str, Issue]:
    wrong: dict[str, Issue] = {}
    least = queries.manner(round_).fewest
    if not pool or not set(pool) <= known:
        wrong["experts"] = Issue("experts-unknown")
    if not least <= count <= min(len(pool), MOST_SEATS):
        wrong["seats"] = Issue("seats-out-of-range", facts={"least": least, "most": min(len(pool), MOST_SEATS)})
    if due_at is None or round_.box.deadline is None or due_at <= max(round_.box.deadline, now):
        wrong["due_at"] = Issue("panel-due-too-early", facts={"deadline": round_.box.deadline})
    return wrong


def _seat(panel: Panel, number: int, user_id: int, actor: Actor, at: datetime) -> Seat:
    return Seat(panel_id=panel.id, number=number, user_id=user_id, proposed_by_id=actor.user_id, proposed_at=at)


def confirm(session: Session, *, round_id: int, actor: Actor, at: datetime) -> int:
    """Confirm the proposed experts, as somebody who proposed none of them; they are told. Return how many."""
    panel = at_work(session, locked(session, round_id, actor, at))
    proposed = [seat for seat in panel.seats if seat.state is SeatState.PROPOSED]
    if not proposed:
        raise Conflict("nothing-to-confirm")
    must_be_another(actor, *(seat.proposed_by_id for seat in proposed))
    for seat in proposed:
        seat.state = SEAT_FLOW.after(seat.state, SeatAction.CONFIRM)
        seat.confirmed_by_id, seat.confirmed_at = actor.user_id, at
    facts = {"round": panel.round_.code, "experts": [seat.user.name for seat in proposed]}
    record(session, Tag.PANEL_CONFIRMED, panel, actor, at, facts)
    _tell(session, panel, "expert-invited", proposed, at)
    return len(proposed)


def _tell(session: Session, panel: Panel, code: str, seats: Sequence[Seat], at: datetime) -> None:
    facts = {"round": panel.round_.code, "title": panel.round_.title, "due": panel.due_at.isoformat()}
    url = f"/procurement/rounds/{panel.round_id}/scoring"
    notify(session, code=code, facts=facts, at=at, users=[seat.user_id for seat in seats], url=url)


def replace(
    session: Session, *, round_id: int, seat_id: int, user_id: int | None, reason: str, actor: Actor, at: datetime
) -> Seat:
    """Let another expert take a seat's place: of a drawn panel the next one drawn, of a named one whom the actor names.

    Who has submitted a sheet stays: scores are not replaced. A second person confirms the newcomer.
    """
    panel = at_work(session, locked(session, round_id, actor, at))
    seat = next((each for each in panel.seats if each.id == seat_id), None)
    if seat is None:
        raise NotFound(seat=seat_id)
    found = queries.board(session, panel, at)
    if any(key[0] == seat.id and sheet.state is SheetState.SUBMITTED for key, sheet in found.sheets.items()):
        raise Conflict("expert-has-scored", number=seat.number)
    newcomer = _newcomer(session, panel, user_id)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    seat.state = SEAT_FLOW.after(seat.state, SeatAction.REPLACE)
    seat.replaced_at, seat.reason = at, reason.strip()
    made = _seat(panel, max(each.number for each in panel.seats) + 1, newcomer, actor, at)
    session.add(made)
    session.flush()  # the audit event names the id
    session.refresh(panel, ["seats"])
    facts = {"round": panel.round_.code, "number": seat.number, "by": made.number, "reason": seat.reason}
    record(session, Tag.EXPERT_REPLACED, made, actor, at, facts)
    return made


def _newcomer(session: Session, panel: Panel, user_id: int | None) -> int:
    """Return who comes next; raises Invalid where nobody is left or the named one can't sit."""
    sat, known = {seat.user_id for seat in panel.seats}, {user.id for user in queries.candidates(session)}
    if panel.method is Method.DRAWN:
        left = [user for user in panel.pool if user not in sat and user in known]
        if not left:
            raise Conflict("pool-is-empty")
        return left[0]
    if user_id is None or user_id in sat or user_id not in known:
        raise Invalid({"user": Issue("experts-unknown")})
    return user_id


def postpone(
    session: Session, *, round_id: int, due_at: datetime | None, reason: str, actor: Actor, at: datetime
) -> Panel:
    """Give the experts more time, with a reason; they are told."""
    panel = at_work(session, locked(session, round_id, actor, at))
    now = after_lock(session)
    wrong: dict[str, Issue] = {}
    if due_at is None or due_at <= max(panel.due_at, now):
        wrong["due_at"] = Issue("panel-due-not-later", facts={"due": panel.due_at})
    if not reason.strip():
        wrong["reason"] = Issue("needed")
    if wrong or due_at is None:
        raise Invalid(wrong)
    facts = {"round": panel.round_.code, "before": panel.due_at, "due_at": due_at, "reason": reason.strip()}
    panel.due_at = due_at
    record(session, Tag.PANEL_POSTPONED, panel, actor, at, facts)
    _tell(session, panel, "expert-postponed", [one for one in panel.seats if one.state is SeatState.SERVING], at)
    return panel


def dissolve(session: Session, *, round_id: int, reason: str, actor: Actor, at: datetime) -> Panel:
    """Give a panel up with everything it scored, with a reason, as another person than the one who drew it up."""
    panel = at_work(session, locked(session, round_id, actor, at))
    must_be_another(actor, panel.made_by_id)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    panel.state = PANEL_FLOW.after(panel.state, PanelAction.DISSOLVE)
    panel.ended_at, panel.ended_by_id, panel.reason = at, actor.user_id, reason.strip()
    record(session, Tag.PANEL_DISSOLVED, panel, actor, at, {"round": panel.round_.code, "reason": panel.reason})
    return panel
