"""Regions, hospitals and companies of a whole invented province, beside those of the small demo."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from catalogue.drugs.services.companies import OrganisationDraft
from importers.demo import names
from importers.demo.parties import credit_code, read

PROVINCE = "980000"
COMPANIES_FROM, HOSPITALS_FROM = 10_000, 60_000
"""Where the numbers in credit codes begin; those of the small demo stay below."""
Regions = dict[str, tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Places:
    """A province's regions by code, as (name, code of the region above)."""

    regions: Mapping[str, tuple[str, str | None]]

    @property
    def cities(self) -> list[str]:
        """Codes of the cities."""
        return [code for code, (_name, above) in self.regions.items() if above == PROVINCE]

    def districts(self, city: str) -> list[tuple[str, str]]:
        """Codes and names of a city's districts."""
        return [(code, name) for code, (name, above) in self.regions.items() if above == city]


def places(count: int, *, seed: int) -> Places:
    """Return so many cities with their districts; the first are those of the small demo."""
    chance = random.Random(seed)  # noqa: S311 - invented names, and the same at every build
    known = {row["code"]: row["name"] for row in read("province.toml")["region"]}
    fresh, regions = iter(names.CITIES), Regions({PROVINCE: (known[PROVINCE], None)})
    for number in range(1, count + 1):
        city = f"98{number:02}00"
        regions[city] = (known.get(city) or next(fresh), PROVINCE)
        for place, name in enumerate(names.districts(chance, chance.randint(6, 12)), start=1):
            regions[f"98{number:02}{place:02}"] = (name, city)
    return Places(regions)


def companies(where: Places, taken: Sequence[str], count: int, *, seed: int) -> list[OrganisationDraft]:
    """Return so many companies, spread over the cities."""
    chance, cities = random.Random(seed), where.cities  # noqa: S311 - as above
    return [
        OrganisationDraft(
            name=name, code=credit_code(COMPANIES_FROM + number, region=(city := chance.choice(cities))),
            region_code=city, legal_person=names.person(chance),
        )
        for number, name in enumerate(names.makers(chance, count, taken))
    ]  # fmt: skip


def hospitals(where: Places, taken: Sequence[str], count: int, *, seed: int) -> list[OrganisationDraft]:
    """Return so many hospitals: the first cities have most, and every city its share of large and small ones."""
    chance, cities = random.Random(seed), where.cities  # noqa: S311 - as above
    found, known = list[OrganisationDraft](), set(taken)
    for city, share in zip(cities, shares(count, [1 / (at + 6) for at in range(len(cities))]), strict=True):
        named = names.hospitals(chance, where.regions[city][0], where.districts(city))
        for name, grade, district in islice(_fresh(named, known), share):
            code = credit_code(HOSPITALS_FROM + len(found), kind="12", region=district or city)
            found.append(OrganisationDraft(name=name, code=code, region_code=district or city, grade=grade))
    return found


def _fresh(named: Iterable[tuple[str, str, str]], known: set[str]) -> Iterator[tuple[str, str, str]]:
    """Leave out names that stand already or came before."""
    for each in named:
        if each[0] not in known:
            known.add(each[0])
            yield each


def shares(count: int, weights: Sequence[float]) -> list[int]:
    """Divide a number by weights without losing any.

    >>> shares(10, [1, 1, 1])
    [3, 4, 3]
    """
    total, ends, upto = sum(weights), [0], 0.0
    for weight in weights:
        upto += weight
        ends.append(round(count * upto / total))
    return [after - before for before, after in pairwise(ends)]
