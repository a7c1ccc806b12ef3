"""Gather what coverage is counted from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from catalogue.dual_channel.models.drugs import ListedDrug
from catalogue.dual_channel.queries import drugs, places, regions, stock
from catalogue.dual_channel.rules.coverage import DistrictCoverage, Stocked, coverage, district_of
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation, Region


@dataclass(frozen=True, slots=True)
class Covered:
    """A region's coverage on a day: its districts, the drugs on sale by key, how old a report may be (None: any)."""

    region: Region
    districts: Mapping[str, str]
    drugs: Mapping[str, ListedDrug]
    rows: tuple[DistrictCoverage, ...]
    most_days: int | None
    silent: int
    """Designated pharmacies whose last report is too old, or that never reported."""

    @property
    def gaps(self) -> list[tuple[ListedDrug, list[str]]]:
        """Return the drugs that some district lacks, with those districts, the widest gap first."""
        lacking = {key: [row.district for row in self.rows if key in row.gaps] for key in self.drugs}
        found = [(self.drugs[key], where) for key, where in lacking.items() if where]
        return sorted(found, key=lambda pair: (-len(pair[1]), pair[0].entry.name))


def covered(session: Session, region: Region, day: date) -> Covered:
    """Count which drugs on sale are stocked in which district of a region."""
    parents, area = regions.parents(session), regions.below(session, region.code)
    names = {each.code: each.name for each in regions.districts(session, region.code)}
    selling = drugs.on_sale(session, regions.upward(session, region.code), day)
    placed = {
        each.id: district_of(each.region_code or "", region.code, parents) or region.code
        for each in places.designated(session, area, OrganisationKind.PHARMACY)
    }
    names |= dict.fromkeys(set(placed.values()) - set(names), region.name)  # a pharmacy of the whole region
    parameter = regions.parameters(session, region.code)["stock.most_days"]
    most_days = int(parameter.value) if parameter.is_set else None
    oldest = day - timedelta(days=most_days) if most_days is not None else None
    lines = [line for line in stock.shelves(session, placed) if oldest is None or line.day >= oldest]
    stocked = [Stocked(placed[line.pharmacy_id], line.pharmacy_id, line.drug_key) for line in lines if line.in_stock]
    heard = {line.pharmacy_id for line in lines}
    rows = coverage(sorted(names), placed, list(selling), stocked)
    return Covered(region, names, selling, rows, most_days, len(set(placed) - heard))


def near(session: Session, organisation: Organisation, day: date) -> tuple[Region, tuple[ListedDrug, ...]] | None:
    """Return an organisation's own district and the drugs on sale that nobody stocks there; None where it has none."""
    if organisation.region_code is None:
        return None
    district = regions.one(session, organisation.region_code)
    found = covered(session, district, day)
    lacking = set(found.drugs)
    for row in found.rows:
        lacking &= set(row.gaps)
    return district, tuple(drug for key, drug in found.drugs.items() if key in lacking)
