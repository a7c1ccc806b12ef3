"""How far the measures of a rating reach: which products, where, and whether the company may act at all.

Source: credit.md, "Measures": serious suspends the products involved in the province; extremely serious all products
of the company in the province and, since 2025, the products involved in every province.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pricing.credit.ratings.flow import MeasureKind
from procurement.supply.effects.flow import Place


@dataclass(frozen=True, slots=True)
class Reach:
    """Ids of the products that may not be traded in the province, and of those that may not be anywhere.

    `closed`: the company may not act in the province at all, be it as a maker or as a deliverer.
    """

    here: frozenset[int] = frozenset()
    everywhere: frozenset[int] = frozenset()
    closed: bool = False

    @property
    def products(self) -> frozenset[int]:
        """Return every product it reaches."""
        return self.here | self.everywhere

    def place(self, product_id: int) -> Place:
        """Say where a product would be suspended."""
        return Place.EVERYWHERE if product_id in self.everywhere else Place.PROVINCE


def reach(measures: Collection[MeasureKind], *, involved: Collection[int], own: Collection[int]) -> Reach:
    """Return what measures suspend. `own` are the products that the company itself makes.

    >>> warned = reach([MeasureKind.WARNING], involved=[1], own=[1, 2])
    >>> extreme = reach([MeasureKind.ALL_HERE, MeasureKind.PRODUCTS_EVERYWHERE], involved=[1], own=[1, 2])
    >>> sorted(warned.products), sorted(extreme.here), sorted(extreme.everywhere), extreme.closed
    ([], [1, 2], [1], True)
    """
    closed = MeasureKind.ALL_HERE in measures
    here = frozenset(own) if closed else frozenset()
    if MeasureKind.PRODUCTS_HERE in measures:
        here |= frozenset(involved)
    return Reach(here, frozenset(involved) if MeasureKind.PRODUCTS_EVERYWHERE in measures else frozenset(), closed)
