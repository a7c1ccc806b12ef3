"""Evaluate a round: bids and a rule set in, decisions with their working out. Pure, and the same in any order of bids.

>>> from procurement.rounds.rules.ruleset import load_rule_set
>>> prices = {"甲": "1.00", "乙": "1.80", "丙": "1.9"}
>>> rows = [BidRow("品种", name, Decimal(price), Decimal(10)) for name, price in prices.items()]
>>> result = evaluate(rows, load_rule_set("batch-2"))
>>> [(d.company, d.rank, d.decided_by) for d in result.varieties[0].of(Status.WON)]
[('甲', 1, 'multiplier'), ('乙', 2, 'multiplier')]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from procurement.rounds.rules.contest import Contest
from procurement.rounds.rules.decisions import decisions, ties
from procurement.rounds.rules.eligibility import with_groups, with_systems
from procurement.rounds.rules.explain import Reader
from procurement.rounds.rules.limits import shown
from procurement.rounds.rules.model import BidRow, Result, Status, VarietyResult
from procurement.rounds.rules.outcome import Outcome, outcome_of
from procurement.rounds.rules.plan import Plan, period_of, plan_of
from procurement.rounds.rules.ruleset import RuleSet
from procurement.rounds.rules.standing import Standing
from procurement.rounds.rules.units import unit_of

Draws = Mapping[str, Sequence[str]]


def evaluate(
    bids: Sequence[BidRow], rule_set: RuleSet, *, draws: Draws | None = None, regions: int | None = None
) -> Result:
    """Decide every variety. `draws` holds recorded draws, companies in their order by variety.

    Raises UnsetParameter where the rule set lacks a number these bids need.
    """
    plan = plan_of(rule_set)
    rows = with_systems(bids) if plan.sums_components else list(bids)
    known = draws or {}
    contests = {
        key: Contest(with_groups(found), plan, known.get(key[0], ())) for key, found in _by_unit(rows, plan).items()
    }
    settled = {key: contest.settle() for key, contest in contests.items()}
    if plan.eliminates:
        _settle_across(contests, settled)
    return Result(
        rule_set.id,
        tuple(_variety(*key, contest, settled[key], regions) for key, contest in contests.items()),
    )


def _by_unit(rows: Sequence[BidRow], plan: Plan) -> dict[tuple[str, str], list[BidRow]]:
    """Part the bids by variety, and within it by quality level or bidding unit where the rule set does."""
    varieties: dict[str, list[BidRow]] = {}
    for row in rows:
        varieties.setdefault(row.variety, []).append(row)
    if plan.units_share is None and not plan.group_column:
        return {(variety, ""): found for variety, found in varieties.items()}
    parted: dict[tuple[str, str], list[BidRow]] = {}
    for variety, found in varieties.items():
        units = unit_of(found, plan.rule_set) if plan.units_share is not None else {}
        for row in found:
            level = str(row.extra.get(plan.group_column) or "") if plan.group_column else ""
            unit = " ".join(part for part in (level, units.get(row.company, "")) if part)
            parted.setdefault((variety, unit), []).append(row)
    return dict(sorted(parted.items(), key=lambda item: (list(varieties).index(item[0][0]), item[0][1])))


def _settle_across(contests: Mapping[tuple[str, str], Contest], settled: dict[tuple[str, str], Standing]) -> None:
    """Settle again with the other varieties' ratios in view."""
    ratios: dict[tuple[str, str], Fraction] = {key: contests[key].ratio(settled[key]) for key in contests}
    for key, contest in contests.items():
        contest.rivals = [ratio for other, ratio in ratios.items() if other != key]
        settled[key] = contest.settle()


def _variety(variety: str, unit: str, contest: Contest, standing: Standing, regions: int | None) -> VarietyResult:
    reader = Reader(contest, standing)
    outcome: Outcome = outcome_of(contest, standing, regions)
    decided = decisions(reader, outcome)
    return VarietyResult(
        variety=variety,
        unit=unit,
        n=contest.n,
        k=standing.k,
        anchor=None if standing.anchor is None else shown(standing.anchor),
        limit=None if standing.limit is None else shown(standing.limit),
        decisions=decided,
        unresolved_ties=ties(reader),
        winners_counted=outcome.counted,
        ratio=_common_ratio(outcome, [d.ratio for d in decided if d.status is Status.WON]),
        period=None if outcome.counted == 0 else period_of(contest.plan.rule_set, outcome.counted),
    )


def _common_ratio(outcome: Outcome, own: Sequence[Decimal | None]) -> Decimal | None:
    """The ratio by number of winners; else the one that every winner carries."""
    if outcome.by_winners is not None:
        return outcome.by_winners
    return own[0] if len(set(own)) == 1 else None
