"""Agreed volume: ratios, waterfalls, hospital volumes and the pool (source: volume rules of the rounds).

Quantities are units of the reference specification; ratios are shares of a base.

>>> waterfall(Decimal(100000), 4, two=[Decimal("0.6")], three=[Decimal("0.6")] * 2, many=Decimal("0.5"))[-1]
Decimal('12500.000')
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import TypeVar

from kernel.errors import DomainError
from kernel.money import working
from procurement.rounds.rules.model import BidRow
from procurement.rounds.rules.ruleset import RuleSet

ONE, STEP = Decimal(1), Decimal("0.001")
K = TypeVar("K")
TABLES = {"": "volume.general", "general": "volume.general", "b": "volume.class_b", "c": "volume.class_c"}


def ratio_by_winners(rule_set: RuleSet, winners: int | None, volume_class: str = "") -> Decimal | None:
    """Return the agreed share of the base by number of winners and class (general, b, c); None without winners."""
    name = TABLES.get(volume_class.lower())
    table = rule_set.parameters.value(name) if name else None
    if not table or not winners:
        return None
    return Decimal(table[min(winners, len(table)) - 1])


def own_ratio(rule_set: RuleSet, row: BidRow, by_winners: Decimal | None) -> Decimal | None:
    """Return a winner's own share of the base: by price tier, grade, incumbency, fixed, or by number of winners."""
    get = rule_set.parameters.value
    if (tiers := get("volume.tiers")) is not None:
        return next((Decimal(r) for limit, r in tiers if row.unit_price is not None and row.unit_price <= limit), None)
    if (grades := get("volume.grades")) is not None:
        grade = grades.get(str(row.extra.get("grade") or ""))
        return None if grade is None else Decimal(grade)
    if (incumbent := get("volume.incumbent")) is not None:
        if row.extra.get("antimicrobial") and "volume.antimicrobial" in rule_set.parameters:
            return Decimal(get("volume.antimicrobial"))
        return Decimal(incumbent if row.extra.get("incumbent") else get("volume.other"))
    fixed = get("volume.fixed", get("volume.base_share"))
    return by_winners if fixed is None else Decimal(fixed)


def shares_of_waterfall(rule_set: RuleSet, winners: int) -> list[Decimal]:
    """Return each winner's share of the base by rank, empty where the rule set has no waterfall."""
    get = rule_set.parameters.value
    many = get("volume.waterfall_many")
    if many is None or not winners:
        return []
    two, three = get("volume.waterfall_two"), get("volume.waterfall_three")
    return waterfall(ONE, winners, two=two, three=three, many=Decimal(many))


def waterfall(
    base: Decimal, winners: int, *, two: Sequence[Decimal], three: Sequence[Decimal], many: Decimal
) -> list[Decimal]:
    """Divide a base by rank: each takes a part of what remains, the last the rest."""
    if winners < 1:
        return []
    parts = {1: [], 2: two, 3: three}.get(winners, [many] * (winners - 1))
    taken: list[Decimal] = []
    with working():
        rest = base
        for part in parts[: winners - 1]:
            taken.append(rest * Decimal(part))
            rest -= taken[-1]
    return [*taken, rest]


class Reassign(StrEnum):
    """How the volume that fell on losers goes to winners."""

    LOWEST_FIRST = "lowest-first"
    PRO_RATA = "pro-rata"
    TOP_UNIT = "top-unit"
    BY_HOSPITAL = "by-hospital"


class NotConserved(DomainError):
    """What was agreed and reassigned is not what the hospital reported."""

    code = "volume-not-conserved"


@dataclass(frozen=True, slots=True)
class HospitalVolume:
    """One hospital and category: `own` is what it committed; agreed + reassigned = own, `left` stays unassigned."""

    own: Decimal
    agreed: Mapping[str, Decimal]
    reassigned: Mapping[str, Decimal]


def own_volume(reported: Decimal, intent: Decimal) -> Decimal:
    """Return a hospital's own volume: what it reported × the intent share."""
    with working():
        return reported * intent


def hospital_volume(
    own: Mapping[str, Decimal],
    grades: Mapping[str, Decimal],
    *,
    winners: Sequence[str],
    how: Reassign,
    top_unit: Sequence[str] = (),
    choice: Mapping[str, Decimal] | None = None,
) -> HospitalVolume:
    """Agree own × grade with each winning product and reassign the rest, so that nothing is lost.

    `own` is by product, `winners` by price from the lowest, `grades` the share each keeps (1 where absent).
    Raises NotConserved where a hospital's own choice does not add up.
    """
    with working():
        total = sum(own.values(), Decimal(0))
        kept = {name: own.get(name, Decimal(0)) * grades.get(name, ONE) for name in winners}
        pool = total - sum(kept.values(), Decimal(0))
        given = dict(choice or {}) if how is Reassign.BY_HOSPITAL else reassign(pool, kept, how, top_unit)
        volume = HospitalVolume(total, kept, given)
    check_conserved(volume)
    return volume


def check_conserved(volume: HospitalVolume) -> None:
    """Refuse a division in which agreed + reassigned is not the hospital's own volume."""
    with working():
        divided = sum(volume.agreed.values(), Decimal(0)) + sum(volume.reassigned.values(), Decimal(0))
    stray = set(volume.reassigned) - set(volume.agreed)
    if divided != volume.own or stray or any(part < 0 for part in volume.reassigned.values()):
        raise NotConserved(own=volume.own, divided=divided, unknown=sorted(stray))


def reassign(
    pool: Decimal, kept: Mapping[K, Decimal], how: Reassign, top_unit: Collection[K], step: Decimal = STEP
) -> dict[K, Decimal]:
    """Give the pool to the lowest winner, to all in proportion, or in proportion to the top unit's winners only.

    `kept` are the winners by price from the lowest, with what they agreed. Raises NotConserved where nobody may take.
    """
    names = [name for name in kept if how is not Reassign.TOP_UNIT or name in top_unit]
    if not names:
        if pool:
            raise NotConserved(own=pool, divided=Decimal(0), unknown=[])
        return {}
    if how is Reassign.LOWEST_FIRST:
        return {names[0]: pool}
    weights = [kept[name] for name in names]
    return dict(zip(names, proportional(pool, weights, step), strict=True))


def proportional(total: Decimal, weights: Sequence[Decimal], step: Decimal = STEP) -> list[Decimal]:
    """Divide a total in proportion, in whole steps by largest remainder, so that the parts add up exactly.

    Equal weights where all are 0; what is smaller than a step goes to the first.

    >>> [str(part) for part in proportional(Decimal(10), [Decimal(1)] * 3, Decimal(1))]
    ['4', '3', '3']
    """
    with working():
        whole = sum(weights, Decimal(0))
        even = [ONE] * len(weights) if whole == 0 else list(weights)
        whole = whole or Decimal(len(weights))
        exact = [total * weight / whole for weight in even]
        parts = [value.quantize(step, rounding=ROUND_FLOOR) for value in exact]
        left = total - sum(parts, Decimal(0))
        by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
        for i in by_remainder[: int(left / step)]:
            parts[i] += step
        parts[0] += total - sum(parts, Decimal(0))
    return parts
