"""Order of the bids, ties and the shortlist (source: N→K tables and tie rules of the rounds).

Lowest comparable price first (highest score first where the rule set scores). Equal bids go through the tie keys,
a recorded draw being the last; what no key parts shares its rank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from procurement.rounds.rules.eligibility import Entry
from procurement.rounds.rules.plan import DRAW, Plan

Prices = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Keys:
    """What orders bids: a score first, then the price, then tie keys; `maximum` places a bidder may take.

    `price_weight` is the weight of a price score that follows from the bids, None where there is none.
    """

    scored: bool
    maximum: int | None
    ties: tuple[str, ...]
    draw: tuple[str, ...]
    price_weight: Decimal | None = None


def keys_of(entries: Sequence[Entry], plan: Plan, draw: Sequence[str]) -> Keys:
    """Keep the tie keys that can part anybody: columns some bid has a value in, a draw that was recorded."""
    usable = [
        key
        for key in plan.tie_keys
        if (draw if key == DRAW else any(entry.row.extra.get(key.split()[0]) is not None for entry in entries))
    ]
    return Keys(bool(plan.weights), plan.company_maximum, tuple(usable), tuple(draw), plan.price_weight)


@dataclass(slots=True)
class Order:
    """Ranked bids by index: `slots` hold those that share a rank; `keys` says which tie key parted a bid.

    `lowest` is the lowest valid price, which a computed price score is measured by.
    """

    slots: list[list[int]]
    keys: dict[int, str] = field(default_factory=dict)
    skipped: list[int] = field(default_factory=list)
    lowest: int = 0

    def ranks(self) -> dict[int, int]:
        """Return each bid's rank: 1, 2, 2, 4."""
        found: dict[int, int] = {}
        for slot in self.slots:
            rank = len(found) + 1
            found |= dict.fromkeys(slot, rank)
        return found


@dataclass(slots=True)
class Shortlist:
    """Who stands within K. `open` are the tied bids across the last place, `places` what is left for them."""

    members: list[int]
    open: list[int]
    places: int


def price_score(lowest: int, own: int) -> Fraction:
    """Return the price score by the lowest valid price: 100 × lowest ÷ own, not rounded (财政部令第87号第五十五条).

    >>> price_score(9000, 9000), price_score(9000, 12000)
    (Fraction(100, 1), Fraction(75, 1))
    """
    return Fraction(100 * lowest, own)


def rank(entries: Sequence[Entry], prices: Prices, valid: Iterable[int], keys: Keys) -> Order:
    """Order the valid bids; those beyond a company's maximum take no place."""

    valid = list(valid)
    lowest = min((price for i in valid if (price := prices[i]) is not None), default=0)

    def scored(i: int) -> tuple[Fraction | Decimal, int | None]:
        own = entries[i].score
        if keys.price_weight is None:
            return -own, prices[i]
        return -(Fraction(own) + Fraction(keys.price_weight) * price_score(lowest, prices[i] or lowest)), prices[i]

    key: Callable[[int], Any] = scored if keys.scored else prices.__getitem__
    ordered = sorted(valid, key=key)
    skipped: list[int] = []
    if keys.maximum:
        ordered, skipped = _within_maximum(entries, ordered, key, keys.maximum)
    slots: list[list[int]] = []
    last: object = None
    tied = False
    for i in ordered:
        own = key(i)
        if slots and own == last:
            slots[-1].append(i)
            tied = True
        else:
            slots.append([i])
            last = own
    order = Order(slots, skipped=skipped, lowest=lowest)
    if tied:
        order.slots = [part for slot in slots for part in _untie(entries, slot, keys, order.keys)]
    return order


def shortlist(order: Order, k: int | None, *, includes_ties: bool) -> Shortlist:
    """Take the first K; a tie across place K either comes in whole or stays open."""
    if k is None:
        return Shortlist([i for slot in order.slots for i in slot], [], 0)
    members: list[int] = []
    for slot in order.slots:
        left = k - len(members)
        if left <= 0:
            break
        if len(slot) > left and not includes_ties:
            return Shortlist(members, slot, left)
        members += slot
    return Shortlist(members, [], 0)


def _within_maximum(
    entries: Sequence[Entry], ordered: list[int], key: Callable[[int], Any], maximum: int
) -> tuple[list[int], list[int]]:
    """Part the bids into those within and beyond a bidder's maximum; its own equal bids go by specification."""
    kept: list[int] = []
    skipped: list[int] = []
    taken: dict[str, int] = {}
    for i in sorted(ordered, key=lambda i: (key(i), entries[i].row.company, entries[i].row.spec)):
        bidder = entries[i].bidder
        taken[bidder] = taken.get(bidder, 0) + 1
        (kept if taken[bidder] <= maximum else skipped).append(i)
    return kept, skipped


def _untie(entries: Sequence[Entry], tied: list[int], keys: Keys, parted: dict[int, str]) -> list[list[int]]:
    """Part bids of one price by the keys in turn; a key that some of them lack parts nobody."""
    if len(tied) == 1:
        return [tied]
    for name in keys.ties:
        parts = _by_draw(entries, tied, keys.draw) if name == DRAW else _by_column(entries, tied, name)
        if len(parts) > 1:
            parted |= dict.fromkeys(tied, name.split()[0])
            return [slot for part in parts for slot in _untie(entries, part, keys, parted)]
    if len({entries[i].bidder for i in tied}) == 1:  # one bidder's own products: no draw can part them
        return [[i] for i in sorted(tied, key=lambda i: (entries[i].row.spec, entries[i].row.company))]
    return [sorted(tied, key=lambda i: (entries[i].row.company, entries[i].row.spec))]


def _by_draw(entries: Sequence[Entry], tied: list[int], draw: Sequence[str]) -> list[list[int]]:
    companies = {entries[i].row.company for i in tied}
    if not companies <= set(draw):
        return [tied]
    return [[i for i in tied if entries[i].row.company == name] for name in draw if name in companies]


def _by_column(entries: Sequence[Entry], tied: list[int], key: str) -> list[list[int]]:
    column, direction = key.split()
    values = {i: _sortable(entries[i].row.extra.get(column)) for i in tied}
    if any(value is None for value in values.values()):
        return [tied]
    distinct = sorted({value for value in values.values() if value is not None}, reverse=direction == "desc")
    return [[i for i in tied if values[i] == value] for value in distinct]


def _sortable(value: object) -> Decimal | None:
    """Dates and flags as numbers, so that a column sorts whatever its kind."""
    if isinstance(value, bool):
        return Decimal(int(value))
    if isinstance(value, date):
        return Decimal(value.toordinal())
    return value if isinstance(value, Decimal) else None
