"""What holds for all of a run's hospitals: who they are, the year's days, who won, prices before the round, shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from kernel.errors import DomainError
from kernel.money import round_factor, to_whole, working
from kernel.parties.models import Organisation
from kernel.parties.regions import prefix
from kernel.policy import levels
from kernel.sets import among
from kernel.wholes import whole
from procurement.agreements.models import Agreement
from procurement.demand.models import Lot, LotSpecification
from procurement.retention.figuring.rules import F, P
from procurement.retention.models.inputs import PoolShare, PriorPurchase
from procurement.retention.rules import ZERO, weighted_price
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round

T = TypeVar("T")
Shares = tuple[tuple[int, int], tuple[int, int] | tuple[None, None]]


class Missing(DomainError):
    """Something that goes into every line is not known; `lots` have no price before the round, `areas` no shares."""

    code = "retention-missing"


@dataclass(frozen=True, slots=True)
class Ground:
    """The hospitals' regions by their ids, the year's days (the end is not in it), the lots that were won.

    `awards` and `lots` lead from awards and varieties to lots; `factors`, what a unit counts for, are by lot and
    specification; `prices` is P0 by lot and region, `shares` are r and s of the fiscal year and of the one before.
    All are whole numbers.
    """

    round_id: int
    call_id: int
    year: int
    regions: Mapping[int, str]
    starts: date
    ends: date
    awards: Mapping[int, int]
    lots: Mapping[int, int]
    factors: Mapping[tuple[int, int], int]
    prices: Mapping[tuple[int, str], int]
    shares: Mapping[str, Shares]


def within(area_code: str) -> ColumnElement[bool]:
    """Say whether an organisation is in an area or below it."""
    return Organisation.region_code.startswith(prefix(area_code), autoescape=True)


def nearest(found: Mapping[Any, T], code: str, *more: object) -> T | None:
    """Return what is known of a region: there, else in its city, else in its province."""
    return next((found[code, *more] for code in reversed(levels(code)) if (code, *more) in found), None)


def ground(session: Session, *, round_: Round, year: int, area_code: str) -> Ground:
    """Read it; raises Missing with all that nobody has brought in yet."""
    query = _agreements(round_.id, year, area_code)
    hospitals = query.with_only_columns(
        Agreement.hospital_id, Organisation.region_code, func.min(Agreement.starts), func.max(Agreement.ends)
    ).group_by(Agreement.hospital_id, Organisation.region_code)
    found = session.execute(hospitals.order_by(Agreement.hospital_id)).all()
    if not found:
        raise DomainError("retention-no-agreements", year=year)
    regions = {hospital: region or area_code for hospital, region, _starts, _ends in found}
    starts, ends = min(row[2] for row in found), max(row[3] for row in found)
    places = query.with_only_columns(Award.lot_id, Organisation.region_code).distinct()
    wanted = [(lot, region or area_code) for lot, region in session.execute(places)]
    prices, shares = _known(session, wanted, set(regions.values()), _fiscal(ends))
    won = select(Award.id, Lot.id, Lot.variety_id).join(Lot, Lot.id == Award.lot_id)
    awards = session.execute(won.where(Award.round_id == round_.id)).all()
    lots = {variety: lot for _award, lot, variety in awards}
    return Ground(
        round_.id, round_.call_id, year, regions, starts, ends, {award: lot for award, lot, _variety in awards}, lots,
        _factors(session, lots.values()), prices, shares,
    )  # fmt: skip


def _factors(session: Session, lots: Iterable[int]) -> dict[tuple[int, int], int]:
    one = LotSpecification
    query = select(one.lot_id, one.specification_id, whole(one.volume_factor)).where(among(one.lot_id, lots))
    return {(lot, specification): factor for lot, specification, factor in session.execute(query)}


def _agreements(round_id: int, year: int, area_code: str) -> Select[Any]:
    return (
        select(Agreement)
        .join(Award, Award.id == Agreement.award_id)
        .join(Organisation, Organisation.id == Agreement.hospital_id)
        .where(Award.round_id == round_id, Agreement.year == year, within(area_code))
    )


def _fiscal(ends: date) -> int:
    """Return the year in which an agreement year ends (`ends` is the day after it)."""
    return ends.year if (ends.month, ends.day) != (1, 1) else ends.year - 1


def _known(
    session: Session, wanted: Collection[tuple[int, str]], regions: Collection[str], fiscal: int
) -> tuple[dict[tuple[int, str], int], dict[str, Shares]]:
    """Return P0 by lot and region and the shares by region, or raise Missing with the names of what is not known."""
    before, pools = prior_prices(session, {lot for lot, _region in wanted}), _pools(session, fiscal)
    prices = {(lot, region): nearest(before, region, lot) for lot, region in wanted}
    shares = {code: (nearest(pools, code, fiscal), nearest(pools, code, fiscal - 1)) for code in regions}
    lots = {lot for (lot, _region), price in prices.items() if price is None}
    areas = sorted({f"{code[:4]}00" for code, (now, _last) in shares.items() if now is None})
    if lots or areas:
        numbers = session.scalars(select(Lot.number).where(Lot.id.in_(lots)).order_by(Lot.number)).all()
        raise Missing(lots="、".join(map(str, numbers)) or "—", areas="、".join(areas) or "—", year=fiscal)
    held = {code: (now, last or (None, None)) for code, (now, last) in shares.items() if now is not None}
    return {key: price for key, price in prices.items() if price is not None}, held


def prior_prices(session: Session, lots: Iterable[int]) -> dict[tuple[str, int], int]:
    """Return P0 by area and lot."""
    found: dict[tuple[str, int], list[tuple[Decimal, Decimal]]] = defaultdict(list)
    query = select(PriorPurchase.lot_id, PriorPurchase.area_code, PriorPurchase.price, PriorPurchase.quantity)
    for lot, area, price, quantity in session.execute(query.where(among(PriorPurchase.lot_id, lots))):
        found[area, lot].append((price, quantity))
    with working():
        return {key: to_whole(round_factor(weighted_price(rows) or ZERO), P) for key, rows in found.items()}


def _pools(session: Session, fiscal: int) -> dict[tuple[str, int], tuple[int, int]]:
    rows = session.scalars(select(PoolShare).where(PoolShare.year.in_((fiscal, fiscal - 1))))
    return {(one.area_code, one.year): (to_whole(one.r, F), to_whole(one.s, F)) for one in rows}
