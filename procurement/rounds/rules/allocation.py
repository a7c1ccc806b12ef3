"""Supply regions: how many each winner chooses, and a draft by preference (source: region rules of the rounds).

>>> draft_counts(7, 3)
[3, 2, 2]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, cycle, repeat


@dataclass(frozen=True, slots=True)
class Pick:
    """One turn of a draft: `turn` counts from 1."""

    turn: int
    company: str
    region: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Main and backup suppliers by region, with the turns that led there."""

    main: Mapping[str, str]
    backup: Mapping[str, str]
    turns: tuple[Pick, ...]
    backup_turns: tuple[Pick, ...]


def draft_counts(regions: int, winners: int, first_picks: int = 1) -> list[int]:
    """Return how many of P regions each of n winners gets by rank.

    Rank 1 picks `first_picks` first; then rounds from rank 1 downward, one region each:
    nᵢ = ⌊(P−1)/n⌋ + [i ≤ (P−1) mod n] + [i = 1] for one first pick.
    """
    if winners < 1:
        return []
    first = min(first_picks, regions)
    each, extra = divmod(regions - first, winners)
    return [each + (i < extra) + (first if i == 0 else 0) for i in range(winners)]


def region_counts(
    slots: Sequence[Sequence[int]], choosing: int | None, regions: int, first_picks: int
) -> dict[int, int | None]:
    """Return each choosing winner's number of regions; None where a shared rank or an open tie leaves it open.

    `slots` are the choosing winners by rank, those sharing a rank together; `choosing` is how many there will be.
    """
    if choosing is None:
        return {i: None for slot in slots for i in slot}
    counts = draft_counts(regions, choosing, first_picks)
    found: dict[int, int | None] = {}
    start = 0
    for slot in slots:
        options = set(counts[start : start + len(slot)])
        found |= dict.fromkeys(slot, options.pop() if len(options) == 1 else None)
        start += len(slot)
    return found


def turns(winners: Sequence[str], first_picks: int = 1) -> Iterator[str]:
    """Say whose turn it is, without end: rank 1 first, then rounds from rank 1 downward."""
    return chain(repeat(winners[0], first_picks), cycle(winners)) if winners else iter(())


def choose(preference: Sequence[str], free: Sequence[str], barred: Mapping[str, str], company: str) -> str | None:
    """Return the first preferred free region, the first free one where the list is used up; never one's own again."""
    allowed = [region for region in free if barred.get(region) != company]
    wanted = (region for region in preference if region in allowed)
    return next(wanted, allowed[0] if allowed else None)


def draft(
    winners: Sequence[str],
    regions: Sequence[str],
    preferences: Mapping[str, Sequence[str]],
    *,
    first_picks: int = 1,
    backup: bool = True,
) -> Draft:
    """Run the whole draft by preference lists: winners by rank, regions in the order that settles what nobody prefers.

    Backups are drafted in the same way, each different from the region's main supplier; a sole winner has none.
    """
    main_turns = _run(winners, regions, preferences, first_picks, {})
    main = {pick.region: pick.company for pick in main_turns}
    backed = backup and len(winners) > 1
    backup_turns = _run(winners, regions, preferences, first_picks, main) if backed else ()
    return Draft(main, {pick.region: pick.company for pick in backup_turns}, main_turns, backup_turns)


def _run(
    winners: Sequence[str],
    regions: Sequence[str],
    preferences: Mapping[str, Sequence[str]],
    first_picks: int,
    barred: Mapping[str, str],
) -> tuple[Pick, ...]:
    """Pick in turn until no region is free; who may take none of those left passes."""
    picks: list[Pick] = []
    free = list(regions)
    for turn, company in enumerate(turns(winners, first_picks), 1):
        region = choose(preferences.get(company, ()), free, barred, company)
        if region is not None:
            free.remove(region)
            picks.append(Pick(turn, company, region))
        if not free:
            break
    return tuple(picks)


def take_over(*, main: str, backup: str | None, by_rank: Sequence[str]) -> list[str]:
    """Return who takes over a region's remaining volume when its main supplier fails, in order, each at its own price.

    The backup first, then the other winners by rank.
    """
    others = [company for company in by_rank if company not in (main, backup)]
    return others if backup is None else [backup, *others]
