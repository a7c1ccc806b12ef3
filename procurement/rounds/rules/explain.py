"""Why a bid won or lost: every test with its own value, threshold, outcome and source."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from kernel.working import Step
from procurement.rounds.rules.contest import Contest
from procurement.rounds.rules.eligibility import fault, price_lines, without_statement, yuan
from procurement.rounds.rules.limits import shown
from procurement.rounds.rules.model import By, Reason, Status
from procurement.rounds.rules.ranking import price_score
from procurement.rounds.rules.revivals import highest_bid, reaches_demand, to_accept
from procurement.rounds.rules.standing import Standing

AT_MOST, BELOW, AT_LEAST = "<=", "<", ">="


class Reader:
    """Reads one settled contest for people."""

    def __init__(self, contest: Contest, standing: Standing) -> None:
        self.contest = contest
        self.standing = standing
        self.plan = contest.plan
        self.ranks = standing.order.ranks()
        self.source = contest.plan.rule_set.source
        self.stands_for = {contest.entries[i].bidder: i for slot in standing.order.slots for i in slot}
        self.listed = set(standing.shortlist.members)

    def price(self, i: int) -> Decimal | None:
        """Return the comparable price of a valid bid."""
        price = self.standing.prices[i]
        return None if price is None else yuan(price)

    def crosses(self, i: int) -> bool:
        """Say whether the bid shares its price with others on both sides of the last place."""
        k, own = self.standing.k, (self.contest.entries[i].score, self.standing.prices[i])
        ranked = [j for slot in self.standing.order.slots for j in slot]
        same = [n for n, j in enumerate(ranked) if (self.contest.entries[j].score, self.standing.prices[j]) == own]
        return k is not None and bool(same) and same[0] < k <= same[-1]

    def steps(self, i: int) -> tuple[Step, ...]:
        """Return every step of one bid, in the order of the rules."""
        return tuple(self._steps(i))

    def _steps(self, i: int) -> Iterator[Step]:
        valid = self._validity(i)
        yield valid
        if not valid.passed:
            return
        related = self._related(i)
        if related:
            yield related
            return
        if self.standing.outlier_line is not None:
            outlier = i in self.standing.outliers
            limit, source = shown(self.standing.outlier_line), self.source("outlier.deviations")
            yield Step("outlier", self.price(i), AT_LEAST, limit, not outlier, source)
            if outlier:
                return
        yield from self._score(i)
        yield self.place(i)
        yield from self.tests(i)
        yield from self.lines(i)
        yield from self._revivals(i)
        if i in self.standing.eliminated:
            yield Step(
                "elimination",
                shown(self.contest.ratio(self.standing)),
                passed=False,
                source=self.source("elimination.enabled"),
            )
        yield from self._statement(i)

    def _statement(self, i: int) -> Iterator[Step]:
        if self.plan.statement and self.standing.anchor is not None:
            below = (self.standing.prices[i] or 0) < self.standing.anchor
            limit, source = shown(self.standing.anchor), self.source("statement.below_anchor")
            yield Step("statement", self.price(i), AT_LEAST, limit, not below, source)
        yield from self.lacking(i)

    def lacking(self, i: int) -> Iterator[Step]:
        """Yield the statement of reasons that is missing or refused, where the bid loses by that."""
        lacking = without_statement(self.contest.entries[i].row, self.plan)
        if lacking:
            facts = (("statement", lacking),)
            yield Step("statement-missing", passed=False, source=self.source("statement.missing"), facts=facts)

    def _validity(self, i: int) -> Step:
        row = self.contest.entries[i].row
        wrong = fault(row.unit_price, row.cap)
        facts = (("fault", wrong.value),) if wrong else ()
        return Step("valid-bid", row.unit_price, AT_MOST, row.cap, wrong is None, "cap", facts)

    def _related(self, i: int) -> Step | None:
        if self.plan.by_product:
            return None
        first = self.stands_for.get(self.contest.entries[i].bidder, i)
        if self.contest.entries[first].row.company == self.contest.entries[i].row.company:
            return None
        facts = (("stands_for_group", self.contest.entries[first].row.company),)
        return Step("related-bidder", self.price(i), AT_MOST, self.price(first), False, "group", facts)

    def _score(self, i: int) -> Iterator[Step]:
        """Yield the composite score with its parts: name, weight, score."""
        plan, row, own = self.plan, self.contest.entries[i].row, self.standing.prices[i]
        if not plan.weights or own is None:
            return
        parts, total = [], Fraction(0)
        for name, weight in plan.weights.items():
            value = row.extra.get(f"score_{name}")
            part = Fraction(value) if isinstance(value, Decimal) else Fraction(0)
            if name == "price" and plan.price_weight is not None:
                part = price_score(self.standing.order.lowest, own)
            parts.append((name, weight, shown(part * 10_000)))
            total += Fraction(weight) * part
        yield Step("score", shown(total * 10_000), source=self.source("score.weights"), facts=(("parts", parts),))

    def place(self, i: int) -> Step:
        """Return the step of a bid's place against K."""
        k, rank = self.standing.k, self.ranks.get(i)
        source = self.source("shortlist.table") or self.source("shortlist.fixed")
        facts: tuple[tuple[str, object], ...] = (("n", self.contest.n),)
        if i in self.standing.order.skipped:
            maximum, source = Decimal(self.plan.company_maximum or 0), self.source("bidder.per_company_maximum")
            return Step("per-company-maximum", None, AT_MOST, maximum, False, source)
        if i in self.standing.shortlist.open:
            tied = [self.contest.entries[j].row.company for j in self.standing.shortlist.open]
            facts += (("tied", tied), ("places", self.standing.shortlist.places))
        if i in self.standing.order.keys:
            facts += (("parted_by", self.standing.order.keys[i]),)
        passed = None if i in self.standing.shortlist.open else i in self.listed
        limit = None if k is None else Decimal(k)
        return Step("shortlist", Decimal(rank or 0), AT_MOST if k is not None else "", limit, passed, source, facts)

    def tests(self, i: int) -> Iterator[Step]:
        """Yield the winning tests: any of them is enough."""
        plan, row, price = self.plan, self.contest.entries[i].row, self.standing.prices[i] or 0
        if self.standing.limit is not None and self.standing.anchor is not None and plan.multiplier is not None:
            facts = (("anchor", shown(self.standing.anchor)), ("multiplier", shown(plan.multiplier * 10_000)))
            limit, source = shown(self.standing.limit), self.source("limit.multiplier")
            yield Step(By.MULTIPLIER.value, yuan(price), AT_MOST, limit, price <= self.standing.ceiling, source, facts)
        if plan.cut is not None:
            limit, source = row.cap * (1 - plan.cut), self.source("cut.minimum")
            bid = row.unit_price or Decimal(0)
            yield Step(By.CUT.value, bid, AT_MOST, limit, bid <= limit, source, (("cap", row.cap), ("cut", plan.cut)))
        low = plan.low_price(row.form)
        if low is not None:
            own = (row.unit_price or Decimal(0)) if plan.low_price_by_unit else yuan(price)
            name = f"low_price.{row.form.value}"
            source = self.source(name) or self.source("low_price.any")
            yield Step(By.LOW_PRICE.value, own, AT_MOST, low, own <= low, source, (("form", row.form.value),))
        if plan.below is not None:
            own, source = yuan(price), self.source("price_line.below")
            yield Step(By.PRICE_LINE.value, own, BELOW, plan.below, own < plan.below, source)
        line = row.extra.get(plan.line_column) if plan.line_column else None
        if isinstance(line, Decimal):
            yield Step(
                plan.line_column.replace("_", "-"), yuan(price), AT_MOST, line, yuan(price) <= line, plan.line_column
            )

    def lines(self, i: int) -> Iterator[Step]:
        """Yield the absolute lines and conditions: each of them has to hold."""
        row = self.contest.entries[i].row
        for name, line in price_lines(row, self.plan):
            own, source = row.unit_price or Decimal(0), self.source(name) or name
            yield Step("line", own, AT_MOST, line, own <= line, source, (("line", name),))
        for name, limit in self.plan.lines.highest.items():
            value = row.extra.get(name)
            known = value if isinstance(value, Decimal) else None
            met = known is not None and known <= limit
            yield Step("condition", known, AT_MOST, limit, met, self.source("line.highest"), (("column", name),))

    def _revivals(self, i: int) -> Iterator[Step]:
        if i in self.standing.won and self.standing.won[i] in (By.RANK, By.CUT):
            return
        rules, row = self.plan.revivals, self.contest.entries[i].row
        won, offer = i in self.standing.won, ("offer", row.revival_offer)
        if i in self.listed:
            if rules.shortlisted:
                limit = to_accept(self.standing, i, By.REVIVAL_SHORTLISTED)
                source = self.source("revival.shortlisted")
                yield Step(By.REVIVAL_SHORTLISTED.value, self.price(i), AT_MOST, limit, won, source, (offer,))
        elif rules.unlisted and i not in self.standing.shortlist.open:
            yield self._unlisted(i)
        elif rules.reference and row.is_reference and self.standing.limit is not None:
            limit, source = to_accept(self.standing, i, By.REFERENCE), self.source("revival.reference")
            yield Step(By.REFERENCE.value, self.price(i), AT_MOST, limit, won, source, (offer,))

    def _unlisted(self, i: int) -> Step:
        row, mean = self.contest.entries[i].row, self.contest.demand_mean
        threshold = None if mean is None else shown(mean * 10_000)
        facts = (
            ("demand_reached", reaches_demand(self.contest, self.standing, i)),
            ("not_highest", (self.standing.prices[i] or 0) < highest_bid(self.standing)),
            ("offer", row.revival_offer),
            ("price_to_accept", to_accept(self.standing, i, By.REVIVAL_UNLISTED)),
        )
        won, source = i in self.standing.won, self.source("revival.unlisted")
        return Step(By.REVIVAL_UNLISTED.value, row.brand_demand, AT_LEAST, threshold, won, source, facts)

    def decided_by(self, i: int) -> str:
        """Name the revival, tie key or test that decided an award."""
        by = self.standing.won[i]
        if by is not By.RANK:
            return by.value
        key = self.standing.order.keys.get(i)
        if key and self.crosses(i):
            return key
        passed = next((step.code for step in self.tests(i) if step.passed), None)
        if passed:
            return passed
        lines = bool(price_lines(self.contest.entries[i].row, self.plan) or self.plan.lines.highest)
        return By.LINE.value if lines and self.standing.k is None else By.RANK.value

    def reason(self, i: int) -> Reason:
        """Name why a bid lost."""
        row, standing = self.contest.entries[i].row, self.standing
        wrong = fault(row.unit_price, row.cap)
        if wrong:
            return wrong
        if self._related(i):
            return Reason.RELATED_BIDDER
        if i in standing.order.skipped:
            return Reason.COMPANY_MAXIMUM
        if i in standing.eliminated:
            return Reason.ELIMINATED
        if i not in self.listed:
            return Reason.NOT_SHORTLISTED
        if self.contest.entries[i].barred:
            stated = without_statement(self.contest.entries[i].row, self.plan)
            return Reason.STATEMENT if stated else Reason.CONDITION
        return Reason.ABOVE_LIMIT if self.contest.meets_lines(standing, i) else Reason.ABOVE_LINE

    def margin(self, i: int) -> Decimal | None:
        """Return how far a bid is below its limit (negative: above it): the multiple, else the line, else the cap."""
        row, price = self.contest.entries[i].row, self.standing.prices[i]
        if row.unit_price is None:
            return None
        if price is None:
            return row.cap - row.unit_price
        if self.standing.limit is not None:
            return shown(self.standing.limit - price)
        lines = [line for _, line in price_lines(row, self.plan)]
        return min([row.cap, *lines]) - row.unit_price

    def status(self, i: int) -> Status:
        """Return what became of the bid."""
        return self.standing.status(i)
