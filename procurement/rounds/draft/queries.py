"""Drafts as the clock has them: what is stored, settled to an instant without writing anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.parties.models import Organisation
from procurement.demand.models import Lot
from procurement.rounds.draft import rules
from procurement.rounds.draft.flow import LIVE, DraftState, settled
from procurement.rounds.draft.models import DraftLot, RegionDraft
from procurement.rounds.draft.rules import LotState, Pace, Terms, Turn, Wish
from procurement.rounds.models.awards import Preference
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds


@dataclass(frozen=True, slots=True)
class Standing:
    """A draft at an instant: its state, its lots in order, and the instant its clock shows (it stops in a pause)."""

    draft: RegionDraft
    state: DraftState
    lots: list[LotState]
    clock: datetime

    @property
    def mark(self) -> str:
        """Name what a reader sees: another mark, another sight."""
        new = sum(len(lot.turns) - len(row.turns) for row, lot in self.rows())
        return f"{self.draft.number}.{self.draft.version}.{new}.{self.state.value}"

    def rows(self) -> list[tuple[DraftLot, LotState]]:
        """Return each lot's row with where it stands."""
        return list(zip(self.draft.lots, self.lots, strict=True))


def _whole() -> Select[RegionDraft]:
    lots = selectinload(RegionDraft.lots)
    parts = (lots.selectinload(DraftLot.turns), lots.selectinload(DraftLot.lot).selectinload(Lot.variety))
    return select(RegionDraft).options(*parts, selectinload(RegionDraft.pauses))


def of_round(session: Session, round_: Round) -> Sequence[RegionDraft]:
    """Return a round's drafts, newest first."""
    query = select(RegionDraft).where(RegionDraft.round_id == round_.id).order_by(RegionDraft.number.desc())
    return session.scalars(query).all()


def live(session: Session, round_: Round, *, lock: bool = False) -> RegionDraft | None:
    """Return the draft that is planned, running or paused; a round has one at most."""
    query = _whole().where(RegionDraft.round_id == round_.id, RegionDraft.state.in_(LIVE))
    return session.scalars(_locking(query) if lock else query).one_or_none()


def one(session: Session, round_: Round, number: int, *, lock: bool = False) -> RegionDraft:
    """Return a draft of a round with its lots and turns, or NotFound."""
    query = _whole().where(RegionDraft.round_id == round_.id, RegionDraft.number == number)
    found = session.scalars(_locking(query) if lock else query).one_or_none()
    if found is None:
        raise NotFound(round=round_.id, draft=number)
    return found


def _locking(query: Select[RegionDraft]) -> Select[RegionDraft]:
    return query.with_for_update(of=RegionDraft).execution_options(populate_existing=True)


def must_be_seen(round_: Round, actor: Actor) -> None:
    """Refuse, as NotFound, whoever may not see the round's results."""
    if not rounds.shows_results(round_, actor):
        raise NotFound(round=round_.id)


def seen(session: Session, round_: Round, number: int, actor: Actor) -> RegionDraft:
    """Return a draft to whoever may see the round's results, or NotFound."""
    must_be_seen(round_, actor)
    return one(session, round_, number)


def idle_mark(session: Session, round_: Round, number: int, at: datetime) -> str | None:
    """Return a draft's mark by its row alone where the clock has changed nothing since it was written, else None."""
    columns = (RegionDraft.version, RegionDraft.state, RegionDraft.due_at)
    query = select(*columns).where(RegionDraft.round_id == round_.id, RegionDraft.number == number)
    row = session.execute(query).one_or_none()
    if row is None or (row.due_at is not None and row.due_at <= at):
        return None
    return f"{number}.{row.version}.0.{row.state.value}"


def next_number(session: Session, round_: Round) -> int:
    """Return the number of a round's next draft."""
    return (session.scalar(select(func.max(RegionDraft.number)).where(RegionDraft.round_id == round_.id)) or 0) + 1


def due(session: Session, at: datetime) -> Sequence[int]:
    """Return the rounds in whose draft the clock has something to change, in the order in which rows are locked."""
    query = select(RegionDraft.round_id).where(RegionDraft.state.in_(LIVE), RegionDraft.due_at <= at)
    return session.scalars(query.order_by(RegionDraft.round_id)).all()


def standing(session: Session, draft: RegionDraft, at: datetime) -> Standing:
    """Settle a draft to an instant, in memory alone: what a reader sees is what will be written down."""
    state, clock, lots = settled(draft.state, draft.starts_at, at), at, [_state(row) for row in draft.lots]
    if state is DraftState.PAUSED:
        clock = draft.pauses[-1].paused_at
    if state is DraftState.RUNNING:
        lots = rules.settle(lots, wishes(session, draft), pace=pace(draft), at=at)
        state = DraftState.FINISHED if all(lot.finished for lot in lots) else state
    return Standing(draft, state, lots, clock)


def pace(draft: RegionDraft) -> Pace:
    """Return how fast a draft goes."""
    return Pace(draft.starts_at, timedelta(seconds=draft.seconds), draft.at_once)


def _state(row: DraftLot) -> LotState:
    terms = Terms(tuple(row.company_ids), tuple(row.region_codes), row.first_picks, row.backup)
    turns = tuple(
        Turn(
            one.role, one.turn, one.company_id, one.region_code, one.how, one.began_at, one.due_at, one.ended_at,
            tuple(one.remaining), one.by_id, one.note,
        )
        for one in row.turns
    )  # fmt: skip
    return LotState(terms, turns, row.began_at, row.due_at, row.finished_at)


def wishes(session: Session, draft: RegionDraft) -> list[Mapping[int, Wish]]:
    """Return, lot by lot, each company's order of regions, and whether it leaves its turns to it."""
    ids = [row.lot_id for row in draft.lots]
    query = select(Preference).where(Preference.round_id == draft.round_id, Preference.lot_id.in_(ids))
    lists = {(one.lot_id, one.company_id): one for one in session.scalars(query)}
    since = draft.starts_at if draft.by_list else None
    return [
        {company: _wish(lists.get((row.lot_id, company)), since) for company in row.company_ids} for row in draft.lots
    ]


def _wish(given: Preference | None, since: datetime | None) -> Wish:
    if given is None:
        return Wish((), since)
    return Wish(tuple(given.region_codes), since or given.represents_since)


def company_names(session: Session, draft: RegionDraft) -> dict[int, str]:
    """Return the names of the companies that choose."""
    ids = {company for row in draft.lots for company in row.company_ids}
    found = session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {one.id: one.shown_name for one in found}


def named(session: Session, draft_id: int, actor: Actor) -> tuple[Round, RegionDraft] | None:
    """Return a draft by its id with its round, None where the actor may not see it."""
    draft = session.get(RegionDraft, draft_id)
    round_ = rounds.find(session, draft.round_id, actor) if draft else None
    return (round_, draft) if draft and round_ and rounds.shows_results(round_, actor) else None


def live_of_company(session: Session, company_id: int) -> list[tuple[Round, RegionDraft]]:
    """Return the drafts that are planned, running or paused and in which a company chooses."""
    query = _whole().where(RegionDraft.state.in_(LIVE)).order_by(RegionDraft.id)
    mine = [one for one in session.scalars(query) if any(company_id in row.company_ids for row in one.lots)]
    found = {one.id: one for one in session.scalars(select(Round).where(Round.id.in_([x.round_id for x in mine])))}
    return [(found[one.round_id], one) for one in mine]


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    """Return the first of some instants."""
    return min((one for one in moments if one is not None), default=None)


def next_due(found: Standing) -> datetime | None:
    """Return when the clock next changes something: the start, or the end of a turn."""
    if found.state is DraftState.PLANNED:
        return found.draft.starts_at
    return earliest(map(attrgetter("due"), found.lots)) if found.state is DraftState.RUNNING else None


def live_by_round(session: Session, ids: Sequence[int]) -> Sequence[RegionDraft]:
    """Return the drafts of rounds that are planned, running or paused."""
    query = select(RegionDraft).where(RegionDraft.round_id.in_(ids), RegionDraft.state.in_(LIVE))
    return session.scalars(query.order_by(RegionDraft.id)).all()
