"""One variety's bids under a plan: settle who wins at given prices.

`settle` is the only place that knows the course of an award: shortlist → tests → revivals → elimination. It works on
whole steps of 0.0001 yuan and is asked again for every price the explanation tries.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from procurement.rounds.rules.eligibility import bidders, entry_of
from procurement.rounds.rules.limits import limits_of, outlier_line
from procurement.rounds.rules.model import BidRow, By
from procurement.rounds.rules.plan import Plan
from procurement.rounds.rules.ranking import Order, Prices, keys_of, rank, shortlist
from procurement.rounds.rules.revivals import reference, shortlisted, unlisted
from procurement.rounds.rules.standing import REVIVALS, Standing


class Contest:
    """The declared bids of one variety (or unit of it), ready to be settled at any prices.

    `rivals` are the ratios highest ÷ lowest of the round's other varieties, where the rule set eliminates across them.
    `held` are the bids that an acceptance of a certain price revives, found at the bids as they were opened and taken
    as given for every price that the explanation tries.
    """

    def __init__(self, rows: Sequence[BidRow], plan: Plan, draw: Sequence[str]) -> None:
        self.rows = tuple(rows)
        self.plan = plan
        declared = sorted((row for row in rows if row.declared), key=lambda row: (row.company, row.spec))
        self.entries = [entry_of(row, plan) for row in declared]
        self.keys = keys_of(self.entries, plan, draw)
        self.n = bidders(declared, plan)
        self.k = plan.places(self.n)
        self.units = self._units()
        self.alone = all(len(unit) == 1 for unit in self.units)
        self.bids = [entry.tick for entry in self.entries]
        self.prices = [entry.price(entry.tick) for entry in self.entries]
        self.demand_mean = self._demand_mean()
        self.rivals: list[Fraction] | None = None
        self.held: frozenset[int] | None = None
        self.limits: dict[tuple[int, ...], tuple[Fraction, Fraction | None, int]] = {}

    def _units(self) -> list[list[int]]:
        """The bids that stand for each bidder: one each where products compete."""
        if self.plan.by_product:
            return [[i] for i in range(len(self.entries))]
        units: dict[str, list[int]] = {}
        for i, entry in enumerate(self.entries):
            units.setdefault(entry.bidder, []).append(i)
        return list(units.values())

    def _demand_mean(self) -> Fraction | None:
        """Mean of the demand reported by brand, over every brand of the variety that demand was reported for."""
        reported: dict[str, Decimal] = {}
        for row in self.rows:
            if row.brand_demand is not None:  # lines of one company that disagree: the larger, in any order of lines
                reported[row.company] = max(row.brand_demand, reported.get(row.company, row.brand_demand))
        return Fraction(sum(reported.values(), Decimal(0))) / len(reported) if reported else None

    def representatives(self, prices: Prices) -> list[int]:
        """Return the valid bid that stands for each bidder: its lowest."""
        if self.alone:
            return [i for i, price in enumerate(prices) if price is not None]
        found = []
        for unit in self.units:
            valid = [(price, i) for i in unit if (price := prices[i]) is not None]
            if valid:
                found.append(min(valid)[1])
        return found

    def at(self, i: int, tick: int) -> Standing:
        """Settle with another price of one bid."""
        bids, prices = list(self.bids), list(self.prices)
        bids[i] = tick
        prices[i] = self.entries[i].price(tick)
        return self.settle(bids, prices)

    def settle(self, bids: list[int | None] | None = None, prices: list[int | None] | None = None) -> Standing:
        """Decide the contest at the given own prices and comparable prices, its own by default."""
        if bids is None:
            self.held = None
        bids, prices = self.bids if bids is None else bids, self.prices if prices is None else prices
        plan = self.plan
        order = rank(self.entries, prices, self.representatives(prices), self.keys)
        listed = shortlist(order, self.k, includes_ties=plan.includes_ties)
        standing = Standing(prices, bids, order, listed, self.k)
        if not order.slots:
            return standing
        if plan.outlier is not None:
            self._set_outliers_aside(standing, plan.outlier)
        if plan.anchor is not None:
            self._draw_limit(standing)
        self._test(standing)
        self._revive(standing)
        if bids is self.bids:
            self.held = frozenset(i for i, by in standing.won.items() if by in REVIVALS)
        if plan.eliminates:
            self._eliminate(standing, plan.eliminates)
        return standing

    def _shortlisted_prices(self, standing: Standing) -> list[int]:
        """Comparable prices over S; an open tie fills its places at one price, whoever is drawn."""
        listed = standing.shortlist
        taken = [*listed.members, *listed.open[: listed.places]]
        return [price for i in taken if (price := standing.prices[i]) is not None]

    def _set_outliers_aside(self, standing: Standing, deviations: Fraction) -> None:
        prices = self._shortlisted_prices(standing)
        sample = self.plan.anchor is not None and self.plan.anchor.sample
        line = standing.outlier_line = outlier_line(prices, deviations, sample=sample)
        slots = standing.order.slots
        standing.outliers = [i for slot in slots for i in slot if (standing.prices[i] or 0) < line]
        if standing.outliers:
            rest = Order([slot for slot in slots if slot[0] not in standing.outliers])
            standing.shortlist = shortlist(rest, self.k, includes_ties=self.plan.includes_ties)
            standing.won |= dict.fromkeys(standing.outliers, By.OUTLIER)

    def _draw_limit(self, standing: Standing) -> None:
        prices = self._shortlisted_prices(standing)
        if self.plan.anchor is None or not prices:
            return
        key = (min(prices),) if self.plan.anchor.kind == "lowest" else tuple(prices)
        if key not in self.limits:
            self.limits[key] = limits_of(key, self.plan.anchor, self.plan.multiplier)
        standing.anchor, standing.limit, standing.ceiling = self.limits[key]

    def meets_lines(self, standing: Standing, i: int) -> bool:
        """Say whether a bid meets the absolute lines and conditions, which no exemption lifts."""
        entry = self.entries[i]
        return not entry.barred and (standing.bids[i] or 0) <= entry.lines

    def passes(self, standing: Standing, i: int) -> bool:
        """Say whether a shortlisted bid wins by a test of its own."""
        if not self.meets_lines(standing, i):
            return False
        entry, price, bid = self.entries[i], standing.prices[i] or 0, standing.bids[i] or 0
        if not self.plan.has_tests:
            return True
        return price <= standing.ceiling or price <= entry.free_price or bid <= entry.free_bid

    def stands_anyway(self, standing: Standing, i: int) -> bool:
        """Say whether a bid wins without a place in the shortlist."""
        bid = standing.bids[i] or 0
        return bid <= self.entries[i].free_anyway and self.meets_lines(standing, i)

    def _test(self, standing: Standing) -> None:
        for i in standing.shortlist.members:
            if self.passes(standing, i):
                standing.won[i] = By.RANK
        if self.plan.cut is not None and self.plan.cut_reaches_all:
            for slot in standing.order.slots:
                standing.won |= {i: By.CUT for i in slot if i not in standing.won and self.stands_anyway(standing, i)}
            standing.shortlist.open = [i for i in standing.shortlist.open if i not in standing.won]

    def _revive(self, standing: Standing) -> None:
        rules = self.plan.revivals
        if rules.shortlisted and standing.won:
            shortlisted(self, standing)
        if rules.unlisted and standing.won:
            unlisted(self, standing)
        if rules.reference and standing.ceiling >= 0:
            reference(self, standing)

    def ratio(self, standing: Standing) -> Fraction:
        """Return r = highest ÷ lowest comparable price among the proposed winners, 1 where nobody won."""
        prices = [price for i in standing.won if (price := standing.prices[i]) is not None]
        valid = [price for price in standing.prices if price is not None]
        return Fraction(max(prices), min(valid)) if prices else Fraction(1)

    def _eliminate(self, standing: Standing, largest: int) -> None:
        """Take out the highest winner where few enough varieties of the round have a larger ratio; never a sole one."""
        if self.rivals is None:
            return
        own = self.ratio(standing)
        if own <= 1 or sum(rival > own for rival in self.rivals) >= largest:
            return
        highest = max(standing.prices[i] or 0 for i in standing.won)
        standing.eliminated = [i for i in standing.won if standing.prices[i] == highest]
        for i in standing.eliminated:
            del standing.won[i]
