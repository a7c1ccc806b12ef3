"""Revivals (复活): who may still win by accepting a price, and which one (source: batches 10 to 12).

Shortlisted: accept the highest winning price; where one bid alone passed, the multiple of the anchor.
Not shortlisted: its brand's reported demand reaches the mean, its bid is not the highest, it accepts the highest
winning price. Reference preparation: comes down into the allowed band, without volume.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from kernel.money import round_price
from procurement.rounds.rules.eligibility import Entry, yuan
from procurement.rounds.rules.limits import as_price
from procurement.rounds.rules.model import By
from procurement.rounds.rules.plan import Plan
from procurement.rounds.rules.standing import REVIVALS, Standing


class Contested(Protocol):
    """What a revival asks of the contest it belongs to; `held` are the bids revived at the prices as opened."""

    plan: Plan
    entries: list[Entry]
    demand_mean: Fraction | None
    held: frozenset[int] | None

    def meets_lines(self, standing: Standing, i: int, /) -> bool:
        """Say whether a bid meets the absolute lines and conditions."""
        ...

    def passes(self, standing: Standing, i: int, /) -> bool:
        """Say whether a shortlisted bid wins by a test of its own."""
        ...


def price_of_revival(contest: Contested, standing: Standing) -> None:
    """Find the price a shortlisted bid has to accept, from the bids that passed by themselves."""
    direct = [i for i, by in standing.won.items() if by is not By.OUTLIER]
    if not direct:
        return
    highest, passed = _highest(standing, direct), len(direct)
    certain, possible = _open_passes(contest, standing)
    if certain:  # tied bids at the last place are the highest of the shortlist
        highest = max(highest, standing.prices[standing.shortlist.open[0]] or 0)
        passed += certain
    elif possible:
        standing.revived.open = True
        return
    standing.revived.shortlisted = Fraction(highest)
    if passed == 1 and standing.anchor is not None:
        standing.revived.shortlisted = contest.plan.revivals.sole_multiplier * standing.anchor


def _open_passes(contest: Contested, standing: Standing) -> tuple[int, int]:
    """How many of an open tie pass by a test of their own at least, and at most, whoever is drawn."""
    tied, places = standing.shortlist.open, standing.shortlist.places
    passing = sum(contest.passes(standing, i) for i in tied)
    return max(0, places - (len(tied) - passing)), min(places, passing)


def _highest(standing: Standing, among: Iterable[int]) -> int:
    return max(standing.prices[i] or 0 for i in among)


def shortlisted(contest: Contested, standing: Standing) -> None:
    """Let shortlisted bids that failed win by the price to accept."""
    price_of_revival(contest, standing)
    for i in standing.shortlist.members:
        if i not in standing.won and revives(contest, standing, i, By.REVIVAL_SHORTLISTED):
            standing.won[i] = By.REVIVAL_SHORTLISTED


def unlisted(contest: Contested, standing: Standing) -> None:
    """Let bids outside the shortlist win that meet every condition."""
    listed = {*standing.shortlist.members, *standing.shortlist.open, *standing.won}
    revived = any(by is By.REVIVAL_SHORTLISTED for by in standing.won.values())
    direct = [i for i, by in standing.won.items() if by is not By.REVIVAL_SHORTLISTED]
    highest = Fraction(_highest(standing, direct))
    if revived and standing.revived.shortlisted is not None:
        highest = max(highest, standing.revived.shortlisted)
    certain, possible = _open_passes(contest, standing)
    if certain:
        highest = max(highest, Fraction(standing.prices[standing.shortlist.open[0]] or 0))
    standing.revived.open = standing.revived.open or certain != possible
    standing.revived.unlisted = None if standing.revived.open else highest
    _revive_outside(contest, standing, listed, By.REVIVAL_UNLISTED)


def reference(contest: Contested, standing: Standing) -> None:
    """Let reference preparations outside the shortlist win that come down into the band."""
    listed = {*standing.shortlist.members, *standing.shortlist.open, *standing.won}
    _revive_outside(contest, standing, listed, By.REFERENCE)


def _revive_outside(contest: Contested, standing: Standing, listed: set[int], by: By) -> None:
    for slot in standing.order.slots:
        for i in slot:
            if i not in listed and revives(contest, standing, i, by):
                standing.won[i] = by


def reaches_demand(contest: Contested, _standing: Standing, i: int) -> bool:
    """Say whether the demand reported for the bid's brand reaches the share of the mean that the rule asks for."""
    own, least = contest.entries[i].row.brand_demand, least_demand(contest)
    return own is not None and least is not None and Fraction(own) >= least


def least_demand(contest: Contested) -> Fraction | None:
    """Return the demand a brand has to reach: the rule's share of the mean over brands."""
    mean = contest.demand_mean
    return None if mean is None else Fraction(contest.plan.revivals.demand_share) * mean


def is_not_highest(contest: Contested, standing: Standing, i: int) -> bool:
    """Say whether the bid is below the highest, where the rule asks for that."""
    return not contest.plan.revivals.not_highest or (standing.prices[i] or 0) < highest_bid(standing)


def highest_bid(standing: Standing) -> int:
    """Return the highest bid; a second bid of a bidder's own group or company lifts nobody."""
    return _highest(standing, (i for slot in standing.order.slots for i in slot))


def is_reference(contest: Contested, _standing: Standing, i: int) -> bool:
    """Say whether the bid is a reference preparation's."""
    return contest.entries[i].row.is_reference


def meets_lines(contest: Contested, standing: Standing, i: int) -> bool:
    """Say whether the bid meets the absolute lines and conditions, which hold for revivals too."""
    return contest.meets_lines(standing, i)


CONDITIONS: Mapping[By, tuple[Callable[[Contested, Standing, int], bool], ...]] = {
    By.REVIVAL_SHORTLISTED: (meets_lines,),
    By.REVIVAL_UNLISTED: (reaches_demand, is_not_highest, meets_lines),
    By.REFERENCE: (is_reference, meets_lines),
}


def revives(contest: Contested, standing: Standing, i: int, by: By) -> bool:
    """Say whether a bid wins by a revival: its bidder consents, and it meets every condition."""
    if not contest.entries[i].row.revival_offer or not consents(contest, standing, i, by):
        return False
    return all(holds(contest, standing, i) for holds in CONDITIONS[by])


def consents(contest: Contested, standing: Standing, i: int, by: By) -> bool:
    """Say whether a bidder takes the revival at its price. What holds at the bids as opened holds for prices tried."""
    row = contest.entries[i].row
    if not row.accepted_as and row.accepted_price is None:
        return row.revival_offer
    if contest.held is not None:
        return i in contest.held
    price = to_accept(standing, i, by)
    return row.revival_offer and row.accepted_as in ("", by.value) and row.accepted_price in (None, price)


def kind_of(contest: Contested, standing: Standing, i: int) -> By | None:
    """Say which revival is the one for a bid by its place; None where it won by itself or its place is open.

    Where the rule set has revivals for others only, it is the one that the bid's place would have.
    """
    rules, by = contest.plan.revivals, standing.won.get(i)
    if by is not None or i in standing.shortlist.open or i in standing.eliminated:
        return by if by in REVIVALS else None
    if i in standing.shortlist.members:
        return By.REVIVAL_SHORTLISTED
    open_to_all = rules.unlisted and all(holds(contest, standing, i) for holds in CONDITIONS[By.REVIVAL_UNLISTED])
    if rules.reference and not open_to_all and (not rules.unlisted or contest.entries[i].row.is_reference):
        return By.REFERENCE
    return By.REVIVAL_UNLISTED


def to_accept(standing: Standing, i: int, by: By) -> Decimal | None:
    """Return the comparable price a bid wins at by a revival: what it accepts, or its own bid where that is lower."""
    price = _price(standing, by)
    return None if price is None else round_price(as_price(min(Fraction(standing.prices[i] or 0), price)))


def _price(standing: Standing, by: By) -> Fraction | None:
    if by is By.REVIVAL_SHORTLISTED:
        return standing.revived.shortlisted
    if by is By.REVIVAL_UNLISTED:
        return standing.revived.unlisted
    return Fraction(standing.ceiling) if standing.ceiling >= 0 else None  # the highest whole step within the band


def accepted(standing: Standing, i: int) -> Decimal | None:
    """Return the comparable price at which a bid won: its own, or the one it accepted where that is lower."""
    by = standing.won[i]
    return to_accept(standing, i, by) if by in REVIVALS else yuan(standing.prices[i] or 0)
