"""What a board shows of a draft: seats with letters and colours, regions as tiles, whose turn it is, what comes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from procurement.rounds.draft import rules
from procurement.rounds.draft.flow import DraftState
from procurement.rounds.draft.models import DraftLot
from procurement.rounds.draft.queries import Standing
from procurement.rounds.draft.rules import LotState, Position
from procurement.rounds.flow import SupplyRole
from procurement.rounds.rules.allocation import draft_counts

LETTERS, TONES, NEXT = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10, 6
ENOUGH_FOR_A_MAP = 12
PROVINCES = frozenset(
    str(10 * group + one)
    for group, ones in ((1, 5), (2, 3), (3, 7), (4, 6), (5, 4), (6, 5))
    for one in range(0 if group == 5 else 1, ones + 1)
)
"""First two digits of the codes of the 31 provinces."""
ENDINGS = re.compile(r"(维吾尔自治区|壮族自治区|回族自治区|自治区|省|市)$")


@dataclass(slots=True)
class Seat:
    """A company that chooses: its letter and colour on the tiles, and what it has."""

    company: int
    name: str
    rank: int
    counts: int
    main: list[str] = field(default_factory=list)
    backup: list[str] = field(default_factory=list)

    @property
    def letter(self) -> str:
        """Return the letter that stands for the company, so that colour is not the only sign."""
        place = self.rank - 1
        return LETTERS[place] if place < len(LETTERS) else f"{LETTERS[place % 26]}{place // 26}"

    @property
    def tone(self) -> int:
        """Return which of the colours is its own."""
        return (self.rank - 1) % TONES + 1


@dataclass(frozen=True, slots=True)
class Tile:
    """A region: who supplies it, what comes with it, where it stands on the map."""

    code: str
    name: str
    short: str
    place: str
    volume: Decimal | None
    main: Seat | None
    backup: Seat | None
    free: bool = False
    allowed: bool = False


@dataclass(frozen=True, slots=True)
class LotSight:
    """A lot on the board. `before`: turns until the reader's company is next, None where it has none to come."""

    row: DraftLot
    state: LotState
    now: Position | None
    seats: dict[int, Seat]
    tiles: list[Tile]
    mine: bool
    chooses: bool
    before: int | None
    coming: list[tuple[SupplyRole, int, Seat]]

    @property
    def number(self) -> int:
        """Return the lot's number."""
        return self.row.lot.number

    @property
    def due(self) -> datetime | None:
        """Return when the turn under way is up."""
        return self.state.due

    @property
    def turn_of(self) -> Seat | None:
        """Return whose turn is under way."""
        return self.seats[self.now.company] if self.now and self.state.began else None

    @property
    def role(self) -> SupplyRole:
        """Return what is being chosen, or was at first."""
        return self.now.role if self.now else SupplyRole.MAIN


def seats(order: Sequence[int], names: Mapping[int, str], regions: int, first_picks: int) -> dict[int, Seat]:
    """Return the companies by rank, each with the number of main regions the formula gives."""
    counts = draft_counts(regions, len(order), first_picks)
    return {one: Seat(one, names.get(one, ""), rank, counts[rank - 1]) for rank, one in enumerate(order, 1)}


def tiles(
    regions: Mapping[str, str], found: Mapping[int, Seat], *, main: Mapping[str, int], backup: Mapping[str, int],
    volumes: Mapping[str, Decimal], now: Position | None = None,
) -> list[Tile]:  # fmt: skip
    """Return the regions as tiles, placed as on a map where they are provinces; seats learn their regions."""
    provinces = is_map(regions)
    made = []
    for code, name in regions.items():
        owner, second = found.get(main.get(code, 0)), found.get(backup.get(code, 0))
        if owner:
            owner.main.append(name)
        if second:
            second.backup.append(name)
        made.append(
            Tile(
                code, name, ENDINGS.sub("", name) if provinces else name, f"t-{code[:2]}" if provinces else "",
                volumes.get(code), owner, second, bool(now and code in now.free), bool(now and code in now.allowed),
            )
        )  # fmt: skip
    return made


def is_map(codes: Iterable[str]) -> bool:
    """Say whether regions are provinces enough to stand as on a map."""
    found = list(codes)
    known = [code[:2] for code in found if code[:2] in PROVINCES and not code[2:].strip("0")]
    return ENOUGH_FOR_A_MAP <= len(found) == len(set(known))


def taken(state: LotState, role: SupplyRole) -> dict[str, int]:
    """Return who has which region."""
    return {turn.region: turn.company for turn in state.turns if turn.region and turn.role is role}


def lot_sight(
    found: Standing, row: DraftLot, state: LotState, *, names: Mapping[int, str], regions: Mapping[str, str],
    volumes: Mapping[str, Decimal], company: int | None,
) -> LotSight:  # fmt: skip
    """Return a lot as a reader's company sees it."""
    now = rules.position(state)
    running = found.state in (DraftState.RUNNING, DraftState.PAUSED)
    chairs = seats(row.company_ids, names, len(row.region_codes), row.first_picks)
    own = {code: regions.get(code, code) for code in row.region_codes}
    shown = tiles(
        own, chairs, main=taken(state, SupplyRole.MAIN),
        backup=taken(state, SupplyRole.BACKUP), volumes=volumes, now=now,
    )  # fmt: skip
    ahead = rules.ahead(state, NEXT)
    chooses = company in row.company_ids
    before = next((n for _role, _turn, n in rules.coming(state, company)), None) if chooses and company else None
    mine = bool(found.state is DraftState.RUNNING and state.began and now and now.company == company)
    coming = [(role, turn, chairs[one]) for role, turn, one in ahead] if running or not state.turns else []
    return LotSight(row, state, now, chairs, shown, mine, chooses, before, coming)
