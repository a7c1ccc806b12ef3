"""Drawing experts (source: composite scores, award.md §8; ADR 0021). Their scores and the mean: kernel.scores.

Who is drawn follows from the pool and the seed alone, so that anybody can draw again and
compare.

>>> drawn([7, 8, 9], "seed") == drawn([9, 7, 8], "seed")
True
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping


def drawn(pool: Iterable[int], seed: str) -> list[int]:
    """Return the pool in the order drawn: by the SHA-256 of seed and id."""
    return sorted(set(pool), key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).hexdigest())


def kept_from(conflicts: Iterable[int], bidders: Mapping[int, Iterable[int]], reach: str = "lot") -> set[int]:
    """Return the lots that an expert does not score: where a company of a declared conflict bids, or all of them.

    >>> kept_from([5], {1: [5, 6], 2: [6]}), kept_from([5], {1: [5, 6], 2: [6]}, "round"), kept_from([], {1: [5]})
    ({1}, {1, 2}, set())
    """
    found = set(conflicts)
    if found and reach == "round":
        return set(bidders)
    return {lot for lot, companies in bidders.items() if found & set(companies)}
