"""Turns of a draft: chosen by the company in its time, or settled by the clock; each written down exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import P, Role
from kernel.clock import after_lock
from kernel.db import Base, insert_rows
from kernel.errors import Conflict, Invalid, Issue, NotFound
from kernel.notices.services import notify
from procurement.rounds.draft import queries, rules
from procurement.rounds.draft.flow import DRAFT_FLOW, LIVE, DraftAction, DraftState, How
from procurement.rounds.draft.models import DraftLot, DraftTurn, RegionDraft
from procurement.rounds.draft.queries import Standing
from procurement.rounds.draft.rules import LotState, Turn
from procurement.rounds.models.awards import Pick
from procurement.rounds.models.rounds import Round
from procurement.rounds.services.acts import locked
from procurement.tags import Tag

MOST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Held:
    """A draft whose row is locked, settled to the instant after the lock."""

    round_: Round
    draft: RegionDraft
    now: datetime
    lots: list[LotState]


def held(session: Session, *, round_id: int, number: int, actor: Actor, at: datetime) -> Held:
    """Lock a round and its draft, read the clock, and write down what it has made true; or NotFound."""
    round_ = locked(session, round_id, actor, at)
    draft = queries.one(session, round_, number, lock=True)
    return _settled(session, round_, draft)


def held_live(session: Session, round_: Round) -> Held | None:
    """Do the same for the live draft of a round that is locked already."""
    draft = queries.live(session, round_, lock=True)
    return _settled(session, round_, draft) if draft else None


def _settled(session: Session, round_: Round, draft: RegionDraft) -> Held:
    now = after_lock(session)
    before = [len(row.turns) for row in draft.lots]
    found = queries.standing(session, draft, now)
    if draft.state in LIVE:
        write(session, round_, found, before, actor=SYSTEM)
    return Held(round_, draft, now, found.lots)


def settle_due(session: Session, *, actor: Actor, at: datetime) -> int:
    """Settle every draft in which the clock has something to change; return how many. The job's verb."""
    free = select(Round.id).where(Round.id.in_(queries.due(session, at))).order_by(Round.id)
    ids = session.scalars(free.with_for_update(skip_locked=True)).all()
    for round_id in ids:
        held_live(session, locked(session, round_id, actor, at))
    return len(ids)


def choose(
    session: Session, *, round_id: int, number: int, lot_number: int, region_code: str, note: str = "", actor: Actor,
    at: datetime,
) -> Turn:  # fmt: skip
    """Take a region in one's turn. The agency may do so for the company whose turn it is, saying who asked it to."""
    now = held(session, round_id=round_id, number=number, actor=actor, at=at)
    place, row = _lot(now.draft, lot_number)
    if now.draft.state is not DraftState.RUNNING:
        raise Conflict("draft-not-running", state=now.draft.state)
    company, how = _for_whom(now.lots[place], row, note, actor)
    pace = queries.pace(now.draft)
    lots = list(now.lots)
    lots[place] = rules.chosen(
        lots[place], region_code, company=company, at=now.now, turn=pace.turn, how=how, by=actor.user_id, note=note
    )
    before = [len(lot.turns) for lot in now.lots]
    taken = lots[place].turns[-1]
    after = rules.settle(lots, queries.wishes(session, now.draft), pace=pace, at=now.now)
    state = DraftState.FINISHED if all(lot.finished for lot in after) else DraftState.RUNNING
    write(session, now.round_, Standing(now.draft, state, after, now.now), before, actor=actor)
    return taken


def _lot(draft: RegionDraft, number: int) -> tuple[int, DraftLot]:
    found = next(((place, row) for place, row in enumerate(draft.lots) if row.lot.number == number), None)
    if found is None:
        raise NotFound(draft=draft.number, lot=number)
    return found


def _for_whom(lot: LotState, row: DraftLot, note: str, actor: Actor) -> tuple[int, How]:
    if actor.organisation_id in row.company_ids:
        return actor.organisation_id, How.CHOSE
    now = rules.position(lot)
    if not actor.may(P.ROUND_AWARD):
        raise NotFound(lot=row.lot.number)
    if not 0 < len(note.strip()) <= MOST_NOTE:
        raise Invalid({"note": Issue("draft-note-needed", facts={"most": MOST_NOTE})})
    if now is None:
        raise Conflict("no-turn-open")
    return now.company, How.AGENCY


def write(session: Session, round_: Round, found: Standing, before: Sequence[int], *, actor: Actor) -> None:
    """Write down the turns that are new since `before`, lot by lot, and what follows from them."""
    draft, changed = found.draft, found.state is not found.draft.state
    rows, picks = list[dict[str, Any]](), list[dict[str, Any]]()
    for (row, lot), count in zip(found.rows(), before, strict=True):
        rows += [_turn(row, turn) for turn in lot.turns[count:]]
        if lot.finished and row.finished_at is None:
            picks += _picks(round_, row, lot)
        changed |= (row.began_at, row.finished_at) != (lot.began, lot.finished) or len(lot.turns) > count
        row.began_at, row.due_at, row.finished_at = lot.began, lot.due, lot.finished
    if not changed:
        return
    _insert(session, DraftTurn, rows)
    _insert(session, Pick, picks)
    for row in draft.lots:
        session.expire(row, ["turns"])
    started = draft.state is DraftState.PLANNED
    if started:
        draft.state = DRAFT_FLOW.after(draft.state, DraftAction.START)
        record(session, Tag.DRAFT_STARTED, draft, SYSTEM, found.clock, {"since": draft.starts_at})
    _tell(session, found, before, actor)
    draft.due_at, draft.version = queries.next_due(found), draft.version + 1
    if found.state is DraftState.FINISHED:
        _finish(session, round_, found)
    session.flush()  # a turn that somebody else wrote meanwhile is refused here


def _turn(row: DraftLot, turn: Turn) -> dict[str, Any]:
    return {
        "draft_lot_id": row.id, "role": turn.role, "turn": turn.number, "company_id": turn.company,
        "region_code": turn.region, "how": turn.how, "began_at": turn.began, "due_at": turn.due,
        "ended_at": turn.ended, "remaining": list(turn.remaining), "by_id": turn.by, "note": turn.note,
    }  # fmt: skip


def _picks(round_: Round, row: DraftLot, lot: LotState) -> list[dict[str, Any]]:
    """Return who serves which region, as the record of a finished lot gives it."""
    return [
        {"round_id": round_.id, "lot_id": row.lot_id, "region_code": region, "company_id": company, "role": role,
         "turn": turn}
        for (role, region), (company, turn) in rules.replay(lot.terms, lot.turns).items()
    ]  # fmt: skip


def _insert(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.flush()
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        insert_rows(session, model.__table__, columns=columns)


def _tell(session: Session, found: Standing, before: Sequence[int], actor: Actor) -> None:
    """Put every new turn into the chain: a company's own under its name, the clock's under the system's."""
    for (row, lot), count in zip(found.rows(), before, strict=True):
        for turn in lot.turns[count:]:
            facts = {
                "lot": row.lot.number, "supply_role": turn.role, "turn": turn.number, "company": turn.company,
                "region": turn.region, "turn_how": turn.how, "due": turn.due,
            }  # fmt: skip
            own = turn.by is not None
            tag = Tag.REGION_CHOSEN if own else Tag.DRAFT_TURN_SETTLED
            record(session, tag, found.draft, actor if own else SYSTEM, turn.ended, facts)


def _finish(session: Session, round_: Round, found: Standing) -> None:
    draft = found.draft
    draft.state = DRAFT_FLOW.after(draft.state, DraftAction.FINISH)
    draft.finished_at = max((lot.finished for lot in found.lots if lot.finished), default=found.clock)
    turns = sum(len(lot.turns) for lot in found.lots)
    record(session, Tag.ROUND_DRAFTED, round_, SYSTEM, found.clock, {"draft": draft.number, "turns": turns})
    if not draft.by_list:
        tell_companies(session, round_, draft, "draft-finished", found.clock)


def tell_companies(session: Session, round_: Round, draft: RegionDraft, code: str, at: datetime, **facts: Any) -> None:
    """Put a notice about a draft in the box of everybody who chooses in it."""
    told = sorted({company for row in draft.lots for company in row.company_ids})
    url = f"/procurement/rounds/{round_.id}/draft/{draft.number}"
    facts |= {"round": round_.code, "title": round_.title}
    notify(session, code=code, facts=facts, at=at, url=url, organisations=told, roles=(Role.MANUFACTURER,))
