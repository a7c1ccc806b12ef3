"""Agreed first-year volumes by region, winner and specification (source: 首年约定采购量, 供应地区 rules).

Base × ratio, each region's figure rounded half-up to whole units (tablets, vials). A need of a specification the
supplier does not make is brought to the one it makes by linear content. What was reported for the brand of a winner
that keeps only its own brand's demand goes to it; where demand is matched by brand (`supply.match`), to every winner.
Everything else of a region is its main supplier's, demand for losers' brands included. Without a draft
the base is shared out by rank (waterfall), or each winner keeps its own brand's demand and the rest is divided equally.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kernel.errors import DomainError
from kernel.money import working
from procurement.rounds.rules.volumes import proportional

UNIT = Decimal(1)
STEP = Decimal("0.001")


class BaseNotConserved(DomainError):
    """The bases of the winners do not add up to the base of the lot; `own` and `divided` are in reference units."""

    code = "base-not-conserved"


@dataclass(frozen=True, slots=True)
class Need:
    """A part of the locked base, in units of its specification; `company` is None where any brand will do."""

    region: str
    specification: int
    company: int | None
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Supplier:
    """A winner: its ratio, its share of the base (waterfall), what it makes; it won with `specification`.

    `own_brand_only`: it gets its own brand's demand and no other; `keeps_brand`: it gets that besides what it gets.
    """

    company: int
    specification: int
    makes: frozenset[int]
    ratio: Decimal
    share: Decimal | None = None
    own_brand_only: bool = False
    keeps_brand: bool = False

    @property
    def has_its_brand(self) -> bool:
        """Say whether what was reported for its brand is its own, whoever supplies the region."""
        return self.own_brand_only or self.keeps_brand


@dataclass(frozen=True, slots=True)
class Volume:
    """What a winner agrees to supply in a region, in units of `specification`."""

    company: int
    region: str
    specification: int
    base: Decimal
    agreed: Decimal


def whole_units(quantity: Decimal) -> Decimal:
    """Round a quantity half-up to whole units.

    >>> whole_units(Decimal("10.5"))
    Decimal('11')
    """
    with working():
        return quantity.quantize(UNIT, rounding=ROUND_HALF_UP)


def volumes(
    needs: Sequence[Need],
    suppliers: Sequence[Supplier],
    *,
    main: Mapping[str, int],
    factors: Mapping[int, Decimal],
) -> list[Volume]:
    """Divide a lot's base among its winners; `main` names each region's supplier, empty where there is no draft.

    Raises BaseNotConserved where a region has needs and nobody supplies it.
    """
    by_company = {supplier.company: supplier for supplier in suppliers}
    bases: dict[tuple[int, str, int], Decimal] = {}
    with working():
        for need in needs:
            for company, made, quantity in taken(need, suppliers, main=main):
                part = quantity * factors[need.specification] / factors[made]
                place = (company, need.region, made)
                bases[place] = bases.get(place, Decimal(0)) + part
        _conserved(needs, bases, factors)
        return [
            Volume(company, region, made, base.quantize(STEP, rounding=ROUND_HALF_UP),
                   whole_units(base * by_company[company].ratio))
            for (company, region, made), base in sorted(bases.items())
        ]  # fmt: skip


def taken(need: Need, suppliers: Sequence[Supplier], *, main: Mapping[str, int]) -> list[tuple[int, int, Decimal]]:
    """Say who takes a need: company, the specification it delivers, how much of the need (in the need's units)."""
    by_company = {supplier.company: supplier for supplier in suppliers}
    return [
        (company, _made(by_company[company], need.specification), quantity)
        for company, quantity in _takers(need, suppliers, by_company, main)
    ]


def _takers(
    need: Need, suppliers: Sequence[Supplier], by_company: Mapping[int, Supplier], main: Mapping[str, int]
) -> list[tuple[int, Decimal]]:
    brand = by_company.get(need.company) if need.company is not None else None
    if brand is not None and brand.has_its_brand:
        return [(brand.company, need.quantity)]
    if need.region in main:
        return [(main[need.region], need.quantity)]
    open_to = [supplier for supplier in suppliers if not supplier.own_brand_only]
    if any(supplier.share is not None for supplier in open_to):
        parts = proportional(need.quantity, [supplier.share or Decimal(0) for supplier in open_to])
    elif brand is not None:
        return [(brand.company, need.quantity)]
    else:
        parts = proportional(need.quantity, [Decimal(1)] * len(open_to)) if open_to else []
    return [(supplier.company, part) for supplier, part in zip(open_to, parts, strict=True) if part]


def of_region(needs: Sequence[Need], suppliers: Sequence[Supplier]) -> dict[str, list[Need]]:
    """Return what follows a region's main supplier, by region: all that is no winner's own brand's demand."""
    bound = {supplier.company for supplier in suppliers if supplier.has_its_brand}
    found: dict[str, list[Need]] = {}
    for need in needs:
        if need.company not in bound:
            found.setdefault(need.region, []).append(need)
    return found


def _made(supplier: Supplier, wanted: int) -> int:
    return wanted if wanted in supplier.makes else supplier.specification


def _conserved(
    needs: Sequence[Need], bases: Mapping[tuple[int, str, int], Decimal], factors: Mapping[int, Decimal]
) -> None:
    """Refuse a division that loses or adds anything, in units of the reference specification."""
    own = sum((need.quantity * factors[need.specification] for need in needs), Decimal(0))
    divided = sum((base * factors[made] for (_, _, made), base in bases.items()), Decimal(0))
    if abs(own - divided) > STEP:
        raise BaseNotConserved(own=own.quantize(STEP), divided=divided.quantize(STEP))


def by_weight(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Divide whole units in proportion, so that the parts add up exactly; nothing where there is no weight.

    >>> [str(part) for part in by_weight(Decimal(10), [Decimal(1), Decimal(2)])]
    ['3', '7']
    """
    return proportional(total, weights, UNIT) if weights else []
