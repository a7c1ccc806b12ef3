"""Revivals (复活): who may still win by accepting a price, and which one (source: batches 10 to 12).

Shortlisted: accept the highest winning price; where one bid alone passed, the multiple of the anchor.
Not shortlisted: its brand's reported demand reaches the mean, its bid is not the highest, it accepts the highest
winning price. Reference preparation: comes down into the allowed band, without volume.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from procurement.rounds.rules.model import By

if TYPE_CHECKING:
    from procurement.rounds.rules.contest import Contest, Standing


@dataclass(slots=True)
class Revived:
    """Prices to accept, in steps of 0.0001 yuan: None where there is none, or where an open tie decides it."""

    shortlisted: Fraction | None = None
    unlisted: Fraction | None = None
    open: bool = False


def price_of_revival(contest: Contest, standing: Standing) -> None:
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


def _open_passes(contest: Contest, standing: Standing) -> tuple[int, int]:
    """How many of an open tie pass by a test of their own at least, and at most, whoever is drawn."""
    tied, places = standing.shortlist.open, standing.shortlist.places
    passing = sum(contest.passes(standing, i) for i in tied)
    return max(0, places - (len(tied) - passing)), min(places, passing)


def _highest(standing: Standing, among: Iterable[int]) -> int:
    return max(standing.prices[i] or 0 for i in among)


def unlisted(contest: Contest, standing: Standing) -> None:
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
    for slot in standing.order.slots:
        for i in slot:
            if i not in listed and may_revive_unlisted(contest, standing, i):
                standing.won[i] = By.REVIVAL_UNLISTED


def reaches_demand(contest: Contest, i: int) -> bool:
    """Say whether the demand reported for the bid's brand reaches the share of the mean that the rule asks for."""
    own, mean = contest.entries[i].row.brand_demand, contest.demand_mean
    if own is None or mean is None:
        return False
    return Fraction(own) >= Fraction(contest.plan.revivals.demand_share) * mean


def is_highest(standing: Standing, i: int) -> bool:
    """Say whether no other bidder's bid is higher; a second bid of one's own group or company does not lift it."""
    return (standing.prices[i] or 0) >= _highest(standing, (other for slot in standing.order.slots for other in slot))


def may_revive_unlisted(contest: Contest, standing: Standing, i: int) -> bool:
    """Say whether a bid outside the shortlist meets every condition of its revival."""
    if not contest.entries[i].row.revival_offer or not reaches_demand(contest, i):
        return False
    return contest.meets_lines(standing, i) and not (contest.plan.revivals.not_highest and is_highest(standing, i))


def reference(contest: Contest, standing: Standing) -> None:
    """Let reference preparations outside the shortlist win that come down into the band."""
    listed = {*standing.shortlist.members, *standing.shortlist.open, *standing.won}
    for slot in standing.order.slots:
        for i in slot:
            row = contest.entries[i].row
            if i not in listed and row.is_reference and row.revival_offer and contest.meets_lines(standing, i):
                standing.won[i] = By.REFERENCE


def accepted(standing: Standing, i: int) -> Fraction | None:
    """Return the comparable price at which a bid won: its own, or the one it accepted where that is lower."""
    own = Fraction(standing.prices[i] or 0)
    by = standing.won[i]
    if by is By.REVIVAL_SHORTLISTED:
        price = standing.revived.shortlisted
    elif by is By.REVIVAL_UNLISTED:
        price = standing.revived.unlisted
    elif by is By.REFERENCE:
        price = standing.limit
    else:
        return own
    return None if price is None else min(own, price)
