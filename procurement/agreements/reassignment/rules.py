"""A hospital's volumes of a lot in whole units (source: award.md §7, hospital volume).

own = reported × intent, half-up over hospital and lot, divided among what was reported by largest remainder;
agreed = own × the winner's share, half-up; the pool is the rest. Over a hospital and lot, agreed + reassigned = own.

>>> reported = {"甲": Decimal(70), "乙": Decimal(27)}
>>> found = divided(reported, Decimal("0.9"), {"甲": Decimal("0.8")})
>>> {name: (str(line.own), str(line.agreed)) for name, line in found.items()}, str(pool(found.values()))
({'甲': ('63', '50'), '乙': ('24', '0')}, '37')
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from kernel.errors import Issue
from kernel.money import NotANumber, parse_decimal, working
from procurement.rounds.rules.supply import UNIT, whole_units
from procurement.rounds.rules.volumes import (
    HospitalVolume,
    Reassign,
    check_conserved,
    own_volume,
    proportional,
    reassign,
)

K = TypeVar("K")
ZERO = Decimal(0)
LARGEST = Decimal("1e12")
RULES = (Reassign.LOWEST_FIRST, Reassign.PRO_RATA, Reassign.TOP_UNIT)
"""What may stand in for a hospital that does not choose."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a hospital reported of one product, what of it is its own volume, and what it agrees with a winner."""

    reported: Decimal
    own: Decimal
    agreed: Decimal


def divided(reported: Mapping[K, Decimal], intent: Decimal, shares: Mapping[K, Decimal]) -> dict[K, Line]:
    """Bring a hospital's report of a lot to whole units; `shares` are the winners' by product, losers have none."""
    names = list(reported)
    with working():
        total = whole_units(own_volume(sum(reported.values(), ZERO), intent))
        own = proportional(total, [reported[name] for name in names], UNIT) if total else [ZERO] * len(names)
        return {
            name: Line(reported[name], part, whole_units(part * shares.get(name, ZERO)))
            for name, part in zip(names, own, strict=True)
        }


def pool(lines: Iterable[Line]) -> Decimal:
    """Return what fell on losers and on the part that winners don't agree: own less agreed."""
    with working():
        return sum((line.own - line.agreed for line in lines), ZERO)


def given(
    lines: Mapping[K, Line], winners: Iterable[K], *, how: Reassign, top_unit: Collection[K] = ()
) -> dict[K, Decimal]:
    """Divide a hospital's pool by a rule, whole units; `winners` by price from the lowest."""
    kept = {name: lines[name].agreed if name in lines else ZERO for name in winners}
    return reassign(pool(lines.values()), kept, how, top_unit, UNIT)


def must_be_conserved(lines: Mapping[K, Line], parts: Mapping[K, Decimal], winners: Collection[K]) -> None:
    """Refuse a division in which agreed + reassigned is not the hospital's own volume. Raises NotConserved."""
    own = sum((line.own for line in lines.values()), ZERO)
    agreed = {str(name): lines[name].agreed if name in lines else ZERO for name in winners}
    check_conserved(HospitalVolume(own, agreed, {str(name): part for name, part in parts.items()}))


def read_units(typed: str) -> tuple[Decimal | None, Issue | None]:
    """Read how many units a hospital gives a winner: a whole number from 0 on, nothing where the cell is blank.

    >>> read_units(" 12 ")[0], read_units("")[0], read_units("1.5")[1].code, read_units("-1")[1].code
    (Decimal('12'), None, 'reassign-not-whole', 'reassign-not-whole')
    """
    text = typed.strip()
    if not text:
        return None, None
    try:
        value = parse_decimal(text)
    except NotANumber:
        return None, Issue("reassign-not-whole", value=text[:40])
    if value < 0 or value != value.to_integral_value() or value >= LARGEST:
        return None, Issue("reassign-not-whole", value=text[:40])
    return value.quantize(UNIT), None
