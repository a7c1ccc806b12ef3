"""Which listed drugs are stocked in which district, and where none is: pure counting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Stocked:
    """A designated pharmacy of a district has a drug on its shelf."""

    district: str
    pharmacy_id: int
    drug: str


@dataclass(frozen=True, slots=True)
class DistrictCoverage:
    """A district: its designated pharmacies, how many of them stock each drug, and the drugs that none stocks."""

    district: str
    pharmacies: int
    listed: int
    by_drug: Mapping[str, int]
    gaps: tuple[str, ...]

    @property
    def stocked(self) -> int:
        """Return how many listed drugs can be had."""
        return self.listed - len(self.gaps)

    @property
    def share(self) -> Decimal | None:
        """Return stocked over listed, None where nothing is listed."""
        return Decimal(self.stocked) / self.listed if self.listed else None


def coverage(
    districts: Sequence[str], pharmacies: Mapping[int, str], drugs: Sequence[str], stocked: Iterable[Stocked]
) -> tuple[DistrictCoverage, ...]:
    """Count per district. `pharmacies` maps designated pharmacies to their districts, `drugs` are those on sale.

    >>> found = coverage(["a", "b"], {1: "a"}, ["x", "y"], [Stocked("a", 1, "x"), Stocked("a", 1, "old")])
    >>> [(row.district, row.stocked, row.gaps) for row in found]
    [('a', 1, ('y',)), ('b', 0, ('x', 'y'))]
    """
    shelves: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for each in stocked:
        if pharmacies.get(each.pharmacy_id) == each.district:
            shelves[each.district][each.drug].add(each.pharmacy_id)
    rows = []
    for district in districts:
        by_drug = {drug: len(shelves[district][drug]) for drug in drugs if shelves[district][drug]}
        gaps = tuple(drug for drug in drugs if drug not in by_drug)
        placed = sum(1 for place in pharmacies.values() if place == district)
        rows.append(DistrictCoverage(district, placed, len(drugs), by_drug, gaps))
    return tuple(rows)


def district_of(code: str, region: str, parents: Mapping[str, str | None]) -> str | None:
    """Return the part of a region in which a place lies: the region below it on the way up, or the region itself.

    >>> parents = {"98": None, "9801": "98", "980102": "9801"}
    >>> district_of("980102", "98", parents), district_of("98", "98", parents), district_of("98", "9801", parents)
    ('9801', '98', None)
    """
    step: str | None = code
    below = code
    for _ in range(len(parents) + 1):
        if step == region:
            return below
        if step is None:
            return None
        below, step = step, parents.get(step)
    return None
