"""What follows from an award: who counts, ratios, shares, numbers of regions; None where a tie leaves it open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from procurement.rounds.rules.allocation import region_counts
from procurement.rounds.rules.contest import Contest
from procurement.rounds.rules.model import By
from procurement.rounds.rules.revivals import revives
from procurement.rounds.rules.standing import Standing
from procurement.rounds.rules.volumes import own_ratio, ratio_by_winners, shares_of_waterfall

NO_VOLUME = Decimal(0)


@dataclass(slots=True)
class Outcome:
    """Figures by bid index. `counted` winners decide ratio and period."""

    counted: int | None
    by_winners: Decimal | None
    carries: dict[int, bool] = field(default_factory=dict)
    chooses: dict[int, bool] = field(default_factory=dict)
    ratios: dict[int, Decimal | None] = field(default_factory=dict)
    shares: dict[int, Decimal | None] = field(default_factory=dict)
    regions: dict[int, int | None] = field(default_factory=dict)


def outcome_of(contest: Contest, standing: Standing, regions: int | None) -> Outcome:
    """Work out what the winners get."""
    plan = contest.plan
    carries = {i: _carries(contest, by) for i, by in standing.won.items()}
    chooses = {i: _chooses(contest, by) for i, by in standing.won.items()}
    counting = {"all": lambda _by: True, "choosing": lambda by: _chooses(contest, by)}.get(
        plan.counted, lambda by: _carries(contest, by)
    )
    counted = _how_many(contest, standing, counting)
    volume_class = next((str(e.row.extra["class"]) for e in contest.entries if e.row.extra.get("class")), "")
    outcome = Outcome(counted, ratio_by_winners(plan.rule_set, counted, volume_class), carries, chooses)
    for i in standing.won:
        outcome.ratios[i] = _ratio(contest, standing, outcome, i)
    outcome.shares = _shares(contest, standing, counted)
    if regions is not None and plan.draft:
        slots = [[i for i in slot if chooses.get(i)] for slot in standing.order.slots]
        choosing = _how_many(contest, standing, lambda by: _chooses(contest, by))
        outcome.regions = region_counts([slot for slot in slots if slot], choosing, regions, plan.first_picks)
        outcome.regions |= {i: 0 for i, chosen in chooses.items() if not chosen}
    return outcome


def _carries(contest: Contest, by: By) -> bool:
    rules = contest.plan.revivals
    if by is By.OUTLIER:
        return contest.plan.outlier_ratio > 0
    if by is By.REVIVAL_UNLISTED:
        return rules.unlisted_volume != "none"
    return by is not By.REFERENCE or rules.reference_volume != "none"


def _chooses(contest: Contest, by: By) -> bool:
    if by is By.REVIVAL_UNLISTED:
        return contest.plan.revivals.unlisted_chooses
    return by not in (By.OUTLIER, By.REFERENCE)


def _how_many(contest: Contest, standing: Standing, counts: Callable[[By], bool]) -> int | None:
    """Count winners, with those an open tie will add; None where that depends on who is drawn."""
    sure = sum(counts(by) for by in standing.won.values())
    tied, places = standing.shortlist.open, standing.shortlist.places
    if not tied:
        return sure
    drawn = [_wins_if_drawn(contest, standing, i, counts) for i in tied]
    passed_over = [_wins_if_not(contest, i, standing, counts) for i in tied]
    base = sum(passed_over)
    gains = [inside - outside for inside, outside in zip(drawn, passed_over, strict=True)]
    fewest, most = sum(sorted(gains)[:places]), sum(sorted(gains)[len(gains) - places :])
    return sure + base + fewest if fewest == most else None


def _wins_if_drawn(contest: Contest, standing: Standing, i: int, counts: Callable[[By], bool]) -> int:
    if contest.passes(standing, i):
        return int(counts(By.RANK))
    if not contest.plan.revivals.shortlisted or not standing.won:
        return 0
    return int(revives(contest, standing, i, By.REVIVAL_SHORTLISTED) and counts(By.REVIVAL_SHORTLISTED))


def _wins_if_not(contest: Contest, i: int, standing: Standing, counts: Callable[[By], bool]) -> int:
    rules = contest.plan.revivals
    if rules.unlisted and standing.won and revives(contest, standing, i, By.REVIVAL_UNLISTED):
        return int(counts(By.REVIVAL_UNLISTED))
    return int(rules.reference and revives(contest, standing, i, By.REFERENCE) and counts(By.REFERENCE))


def _ratio(contest: Contest, standing: Standing, outcome: Outcome, i: int) -> Decimal | None:
    by = standing.won[i]
    if by is By.OUTLIER:
        return contest.plan.outlier_ratio
    if not outcome.carries[i]:
        return NO_VOLUME
    return own_ratio(contest.plan.rule_set, contest.entries[i].row, outcome.by_winners)


def _shares(contest: Contest, standing: Standing, counted: int | None) -> dict[int, Decimal | None]:
    """Shares of a waterfall by rank; those who share a rank have none until a draw."""
    if counted is None:
        return {}
    shares = shares_of_waterfall(contest.plan.rule_set, counted)
    if not shares:
        return {}
    found: dict[int, Decimal | None] = {}
    for slot in standing.order.slots:
        winners = [i for i in slot if i in standing.won]
        place = len(found)
        found |= {i: shares[place] if len(winners) == 1 else None for i in winners}
    return found
