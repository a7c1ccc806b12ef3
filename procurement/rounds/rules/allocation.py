"""Supply regions: how many each winner chooses, whose turn it is, who takes over (source: region rules of the rounds).

>>> draft_counts(7, 3)
[3, 2, 2]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Company = TypeVar("Company")


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


def whose(turn: int, order: Sequence[Company], first_picks: int = 1) -> Company:
    """Say whose a turn is, counted from 1: rank 1 picks first, then rounds from rank 1 downward.

    >>> [whose(turn, "abc") for turn in range(1, 7)]
    ['a', 'a', 'b', 'c', 'a', 'b']
    """
    return order[0] if turn <= first_picks else order[(turn - first_picks - 1) % len(order)]


def choose(preference: Sequence[str], allowed: Sequence[str]) -> str | None:
    """Return the first preferred region of those allowed, the first allowed one where the list names none."""
    wanted = (region for region in preference if region in allowed)
    return next(wanted, allowed[0] if allowed else None)


def take_over(*, main: Company, backup: Company | None, by_rank: Sequence[Company]) -> list[Company]:
    """Return who takes over a region's remaining volume when its main supplier fails, in order, each at its own price.

    The backup first, then the other winners by rank.
    """
    others = [company for company in by_rank if company not in (main, backup)]
    return others if backup is None else [backup, *others]
