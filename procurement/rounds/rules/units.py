"""Bidding units A and B of consumables by intended volume (source: joints 2021).

>>> volumes = {"甲": Decimal(80), "乙": Decimal(11), "丙": Decimal(9)}
>>> split_units(volumes, {"甲", "乙"}, share=Decimal("0.85"), minimum=1)
{'甲': 'A', '乙': 'A', '丙': 'B'}
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kernel.errors import UnsetParameter
from kernel.money import working
from procurement.rounds.rules.model import BidRow
from procurement.rounds.rules.ruleset import RuleSet


def covered(volumes: Mapping[str, Decimal], share: Decimal, *, crossing_counts: bool = True) -> list[str]:
    """Return the companies, by volume from the largest, that cover the first `share` of the total.

    The company that crosses the line counts as covered, unless the rule set says otherwise.
    """
    total = sum(volumes.values(), Decimal(0))
    found: list[str] = []
    reached = Decimal(0)
    with working():
        for company in by_volume(volumes):
            if reached >= share * total:
                break
            reached += volumes[company]
            if reached <= share * total or crossing_counts:
                found.append(company)
    return found


def by_volume(volumes: Mapping[str, Decimal]) -> list[str]:
    """Order companies by volume from the largest, equal ones by name."""
    return sorted(volumes, key=lambda company: (-volumes[company], company))


@dataclass(frozen=True, slots=True)
class Placed:
    """A company's place in the split: its part of the total, the total up to it, and why it stands in its unit."""

    company: str
    volume: Decimal
    share: Decimal
    cumulative: Decimal
    covered: bool
    committed: bool
    unit: str

    @property
    def topped_up(self) -> bool:
        """Say whether it came into A only to reach the least number of companies."""
        return self.unit == "A" and not self.covered


def placed(
    volumes: Mapping[str, Decimal], committed: Collection[str], *, share: Decimal, minimum: int, crossing_counts: bool
) -> list[Placed]:
    """Explain the split, by volume from the largest.

    >>> volumes = {"甲": Decimal(80), "乙": Decimal(20)}
    >>> found = placed(volumes, {"乙"}, share=Decimal("0.8"), minimum=1, crossing_counts=True)
    >>> [(one.company, str(one.cumulative), one.covered, one.unit, one.topped_up) for one in found]
    [('甲', '0.8', True, 'B', False), ('乙', '1', False, 'A', True)]
    """
    units = split_units(volumes, committed, share=share, minimum=minimum, crossing_counts=crossing_counts)
    top, total = covered(volumes, share, crossing_counts=crossing_counts), sum(volumes.values(), Decimal(0))
    found, reached = [], Decimal(0)
    with working():
        for company in by_volume(volumes):
            reached += volumes[company]
            parts = (volumes[company] / total, reached / total) if total else (Decimal(0), Decimal(0))
            found.append(
                Placed(company, volumes[company], *parts, company in top, company in committed, units[company])
            )
    return found


def split_units(
    volumes: Mapping[str, Decimal],
    committed: Collection[str],
    *,
    share: Decimal,
    minimum: int,
    crossing_counts: bool = True,
) -> dict[str, str]:
    """Put each company into unit A or B.

    A: the covered companies that commit to what is asked for, topped up with the next committed ones by volume.
    """
    top = [company for company in covered(volumes, share, crossing_counts=crossing_counts) if company in committed]
    next_ones = [company for company in by_volume(volumes) if company in committed and company not in top]
    top += next_ones[: max(0, minimum - len(top))]
    return {company: "A" if company in top else "B" for company in by_volume(volumes)}


def unit_of(rows: Sequence[BidRow], rule_set: RuleSet) -> dict[str, str]:
    """Split one category's bidders by its bid lines; an absent intended volume counts 0."""
    return {one.company: one.unit for one in explained(rows, rule_set)}


def explained(rows: Sequence[BidRow], rule_set: RuleSet) -> list[Placed]:
    """Split one category's bidders by its bid lines, with the working. Raises UnsetParameter."""
    get = rule_set.parameters.value
    minimum = get("units.minimum")
    if minimum is None:
        raise UnsetParameter("units.minimum", rule_set=rule_set.id)
    volumes: dict[str, Decimal] = {}
    for row in rows:
        volume = row.extra.get("intended_volume")
        volumes[row.company] = volumes.get(row.company, Decimal(0)) + (volume if isinstance(volume, Decimal) else 0)
    commitments = get("units.commitments", [])
    return placed(
        volumes,
        {row.company for row in rows if all(row.extra.get(name) is True for name in commitments)},
        share=get("units.share"),
        minimum=minimum,
        crossing_counts=get("units.crossing_counts", True),
    )
