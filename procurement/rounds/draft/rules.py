"""A region draft turn by turn, by the clock (source: region rules of the rounds; award.md, "Regions").

Rank 1 picks first, then rounds from rank 1 downward; backups in the same way, each other than the region's main
supplier. A turn that is not used in time is taken from the company's list, else by region code, at the instant it was
due; the next one begins at that instant. Nothing here depends on when somebody looks: the same record, lists and
instant give the same standing.

>>> Terms((7, 8), ("a", "b", "c")).first_picks
1
>>> [whose(turn, (7, 8), 1) for turn in (1, 2, 3, 4)]
[7, 7, 8, 7]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush

from kernel.errors import Conflict, DomainError
from procurement.rounds.draft.flow import How
from procurement.rounds.flow import SupplyRole
from procurement.rounds.rules.allocation import choose, whose


class BrokenRecord(DomainError):
    """A record of turns does not follow from its terms; `role` and `turn` say where."""

    code = "draft-record-broken"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a lot's draft goes by: companies by rank, regions in the order that settles what nobody prefers."""

    order: tuple[int, ...]
    regions: tuple[str, ...]
    first_picks: int = 1
    backup: bool = True


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that was taken: `region` is None where the company passed, `remaining` was free before it."""

    role: SupplyRole
    number: int
    company: int
    region: str | None
    how: How
    began: datetime
    due: datetime
    ended: datetime
    remaining: tuple[str, ...]
    by: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """Whose turn it is, what is free, and what of it the company may take."""

    role: SupplyRole
    number: int
    company: int
    free: tuple[str, ...]
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """A company's order of regions; `since` when it takes every turn by it."""

    order: tuple[str, ...] = ()
    since: datetime | None = None


NOTHING = Wish()


@dataclass(frozen=True, slots=True)
class LotState:
    """Where a lot's draft stands: the turns taken, and the turn under way while one is."""

    terms: Terms
    turns: tuple[Turn, ...] = ()
    began: datetime | None = None
    due: datetime | None = None
    finished: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """When a draft starts, how long a turn lasts, how many lots run at the same time."""

    starts_at: datetime | None
    turn: timedelta
    at_once: int


class Walk:
    """The turns of a lot one after another: who is next, from what; built from terms alone."""

    def __init__(self, terms: Terms) -> None:
        self.terms, self.role, self.number = terms, SupplyRole.MAIN, 1
        self.free = list(terms.regions)
        self.main: dict[str, int] = {}
        self._turn_over()

    def position(self) -> Position | None:
        """Return whose turn it is, None when the draft is over."""
        if not self.free:
            return None
        company = whose(self.number, self.terms.order, self.terms.first_picks)
        allowed = tuple(one for one in self.free if self.role is SupplyRole.MAIN or self.main[one] != company)
        return Position(self.role, self.number, company, tuple(self.free), allowed)

    def take(self, company: int, region: str | None) -> None:
        """Go on to the next turn; the company takes the region, or passes."""
        if region is not None:
            self.free.remove(region)
            if self.role is SupplyRole.MAIN:
                self.main[region] = company
        self.number += 1
        self._turn_over()

    def _turn_over(self) -> None:
        """Begin the backups once every region has its main supplier; a sole winner has none."""
        if self.role is SupplyRole.MAIN and not self.free and self.terms.backup and len(self.terms.order) > 1:
            self.role, self.number, self.free = SupplyRole.BACKUP, 1, list(self.terms.regions)


def walked(terms: Terms, turns: Iterable[Turn]) -> Walk:
    """Replay a record. Raises BrokenRecord where a turn does not follow from the terms and the turns before it."""
    walk = Walk(terms)
    for turn in turns:
        now = walk.position()
        fits = now is not None and (now.role, now.number, now.company) == (turn.role, turn.number, turn.company)
        if now is None or not fits or (turn.region not in now.allowed if now.allowed else turn.region is not None):
            raise BrokenRecord(role=turn.role.value, turn=turn.number)
        walk.take(turn.company, turn.region)
    return walk


def position(lot: LotState) -> Position | None:
    """Return whose turn it is in a lot, None when its draft is over."""
    return walked(lot.terms, lot.turns).position()


def replay(terms: Terms, turns: Iterable[Turn]) -> dict[tuple[SupplyRole, str], tuple[int, int]]:
    """Return (company, turn) by role and region as the record of a lot gives them."""
    kept = list(turns)
    walked(terms, kept)
    return {(turn.role, turn.region): (turn.company, turn.number) for turn in kept if turn.region is not None}


def begun(lot: LotState, at: datetime, turn: timedelta) -> LotState:
    """Begin a lot's first turn."""
    return replace(lot, began=at, due=at + turn)


def chosen(
    lot: LotState, region: str, *, company: int, at: datetime, turn: timedelta, how: How = How.CHOSE,
    by: int | None = None, note: str = "",
) -> LotState:  # fmt: skip
    """Let the company whose turn it is take a region. Raises Conflict where it may not."""
    now = position(lot)
    if now is None or lot.began is None or lot.due is None:
        raise Conflict("no-turn-open")
    if now.company != company:
        raise Conflict("not-your-turn")
    if region not in lot.terms.regions:
        raise Conflict("no-such-region", region=region)
    if region not in now.free:
        raise Conflict("region-taken", region=region)
    if region not in now.allowed:
        raise Conflict("region-is-own-main", region=region)
    taken = Turn(now.role, now.number, company, region, how, lot.began, lot.due, at, now.free, by, note)
    return _after(lot, [taken], turn)


def _after(lot: LotState, taken: Sequence[Turn], turn: timedelta) -> LotState:
    """Return the lot after some turns: the next one begins when the last of them ended."""
    if not taken:
        return lot
    turns, ended = (*lot.turns, *taken), taken[-1].ended
    over = walked(lot.terms, turns).position() is None
    if over:
        return replace(lot, turns=turns, began=None, due=None, finished=ended)
    return replace(lot, turns=turns, began=ended, due=ended + turn)


def settle_lot(lot: LotState, wishes: Mapping[int, Wish], *, turn: timedelta, at: datetime) -> LotState:
    """Take every turn that nobody has to wait for: forced ones, those of companies that leave all to their list,
    and those whose time is up, one after another, each at its own instant."""
    walk, taken = walked(lot.terms, lot.turns), list[Turn]()
    began, due = lot.began, lot.due
    while began is not None and due is not None and (now := walk.position()) is not None:
        found = _unasked(now, wishes.get(now.company, NOTHING), began, due, at)
        if found is None:
            break
        region, how, ended = found
        taken.append(Turn(now.role, now.number, now.company, region, how, began, due, ended, now.free))
        walk.take(now.company, region)
        began, due = ended, ended + turn
    return _after(lot, taken, turn)


def _unasked(
    now: Position, wish: Wish, began: datetime, due: datetime, at: datetime
) -> tuple[str | None, How, datetime] | None:
    """Say what becomes of a turn without its company: region, how, when; None while it may still choose."""
    if not now.allowed:
        return None, How.PASSED, began
    if len(now.allowed) == 1:
        return now.allowed[0], How.ONLY, began
    region = choose(wish.order, now.allowed)
    listed = region in wish.order
    if wish.since is not None and wish.since <= at and wish.since < due:
        return region, How.LIST if listed else How.CODE, max(began, wish.since)
    if at >= due:
        return region, How.LATE_LIST if listed else How.LATE_CODE, due
    return None


def settle(
    lots: Sequence[LotState], wishes: Sequence[Mapping[int, Wish]], *, pace: Pace, at: datetime
) -> list[LotState]:
    """Settle the lots of a draft: so many run at the same time, in order; where one ends the next begins."""
    places = [pace.starts_at] * pace.at_once if pace.starts_at is not None else []
    done: list[LotState] = []
    for lot, own in zip(lots, wishes, strict=True):
        place = heappop(places) if places else None
        waits = lot.began is None and lot.finished is None
        now = begun(lot, place, pace.turn) if waits and place is not None and place <= at else lot
        done.append(settle_lot(now, own, turn=pace.turn, at=at))
        if (finished := done[-1].finished) is not None:
            heappush(places, finished)
    return done


def ahead(lot: LotState, most: int) -> list[tuple[SupplyRole, int, int]]:
    """Return the next turns as (role, turn, company), the one under way first; passes are not foreseen."""
    walk, found = walked(lot.terms, lot.turns), list[tuple[SupplyRole, int, int]]()
    while len(found) < most and (now := walk.position()) is not None:
        found.append((now.role, now.number, now.company))
        walk.take(now.company, (now.allowed or now.free)[0])
    return found


def coming(lot: LotState, company: int) -> list[tuple[SupplyRole, int, int]]:
    """Return a company's turns still to come as (role, turn, how many turns are before it)."""
    turns = ahead(lot, 2 * len(lot.terms.regions) + len(lot.terms.order))
    return [(role, turn, before) for before, (role, turn, whose_) in enumerate(turns) if whose_ == company]
