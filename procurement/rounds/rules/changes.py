"""The smallest change of a bid's own price that would have altered its outcome.

The outcome is constant between a few prices that can be named: where the bid enters or leaves the shortlist, ties,
meets a limit, a line, the cap. They are tried outward from the bid; between two that differ the turning point is
found by halving. Every answer is a settled contest: the change flips the outcome, one step less does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from procurement.rounds.rules.contest import Contest
from procurement.rounds.rules.eligibility import PER_YUAN, Entry, yuan
from procurement.rounds.rules.model import Change, Status
from procurement.rounds.rules.standing import Standing

StatusOf = Callable[[int], Status]
SAMPLES = 24


def smallest_change(contest: Contest, standing: Standing, index: int, members: Sequence[int]) -> Change | None:
    """Return the nearest own price that alters the outcome of the bidder's `members`, None where no price does.

    At the same distance the lower price is named.
    """
    entry = contest.entries[index]
    price = entry.row.unit_price
    if price is None:
        return None
    known: dict[int, Status] = {}

    def status(tick: int) -> Status:
        if tick not in known:
            known[tick] = best_status(contest.at(index, tick), members)
        return known[tick]

    own = best_status(standing, members)
    exact = price * PER_YUAN
    start = int(exact.to_integral_value("ROUND_FLOOR"))
    beside = set() if start == exact else {start, start + 1}
    marks = sorted(_marks(contest, index) | {tick for tick in beside if 0 < tick <= entry.highest + 1})
    below = [tick for tick in reversed(marks) if tick < exact]
    above = [tick for tick in marks if tick > exact]
    down = _turn(status, own, start if start == exact else start + 1, below)
    up = _turn(status, own, start, above)
    found = [(abs(tick - exact), tick) for tick in (down, up) if tick is not None]
    if not found:
        return None
    tick = min(found)[1]
    return Change(yuan(tick), yuan(tick) - price, status(tick))


def best_status(standing: Standing, members: Iterable[int]) -> Status:
    """Return the outcome of a company by its bids: won before open before lost."""
    found = {standing.status(i) for i in members}
    return next(status for status in (Status.WON, Status.OPEN, Status.LOST) if status in found)


def _turn(status: StatusOf, own: Status, start: int, marks: Sequence[int]) -> int | None:
    """Return the first price away from `start` with another outcome, None where the marks show none."""
    last = start
    for mark in marks:
        if status(mark) is not own:
            return _halve(status, own, last, mark)
        last = mark
    return None


def _halve(status: StatusOf, own: Status, same: int, other: int) -> int:
    """Close in on the turning point between a price with the own outcome and one with another."""
    while abs(other - same) > 1:
        middle = (same + other) // 2
        if status(middle) is own:
            same = middle
        else:
            other = middle
    return other


def _marks(contest: Contest, index: int) -> set[int]:
    """Return own prices around every place where the outcome may turn, within 0 and just above the cap."""
    entry = contest.entries[index]
    marks = {1, entry.highest, entry.highest + 1}
    for edge in (entry.free_bid, entry.free_anyway, entry.lines):
        marks |= {edge, edge + 1}
    prices = _prices_that_matter(contest, index)
    if entry.free_price:
        prices |= {entry.free_price}
    for price in prices:
        marks |= _around(entry, price)
    if contest.plan.outlier is not None or contest.plan.price_weight is not None:
        marks |= set(range(1, entry.highest, max(1, entry.highest // SAMPLES)))
    return {mark for mark in marks if 0 < mark <= entry.highest + 1}


def _around(entry: Entry, price: int) -> set[int]:
    """Own prices just below, at and just above a comparable price."""
    low, high = entry.lowest_tick(price), entry.lowest_tick(price + 1)
    return {low - 1, low, high - 1, high}


def _prices_that_matter(contest: Contest, index: int) -> set[int]:
    """Comparable prices of others at which a bid's own place can change."""
    prices = list(contest.prices)
    prices[index] = None
    others = sorted((p, i) for i in contest.representatives(prices) if (p := prices[i]) is not None)
    if not others:
        return set()
    if not contest.plan.simple or not contest.alone:
        return {price for price in prices if price is not None}
    lowest = others[0][0]
    found = {lowest, others[-1][0]}
    if contest.k is not None and len(others) >= contest.k > 0:
        found.add(others[contest.k - 1][0])
    if contest.plan.multiplier is not None:
        limit = contest.plan.multiplier * lowest
        found.add(limit.numerator // limit.denominator)
    return found
