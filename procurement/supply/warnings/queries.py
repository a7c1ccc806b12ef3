"""What is short where: by variety and by region, with the level of warning and of response."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product, Specification, Variety
from kernel.auth.actor import Actor
from kernel.errors import UnsetParameter
from kernel.money import round_ratio
from kernel.parties.codes import BUYERS
from kernel.parties.models import Organisation, Region
from kernel.parties.regions import prefix
from kernel.sets import among
from procurement.agreements.ledger.models import VolumeAccount
from procurement.supply.rules import ORDERED, Thresholds, WarningLevel, level, median, policy, share_of, thresholds
from procurement.supply.shortages import queries as shortages
from procurement.supply.shortages.flow import ShortageState
from procurement.supply.shortages.models import Shortage


class Row(NamedTuple):
    """An open shortage as the board counts it."""

    variety_id: int
    hospital_id: int
    region_code: str
    stock: Decimal
    daily: Decimal
    state: ShortageState
    due_at: datetime
    supplies_on: date | None

    @property
    def days(self) -> Decimal:
        """Return for how many days the stock lasted when it was reported."""
        return self.stock // self.daily


@dataclass(frozen=True, slots=True)
class Line:
    """A variety or a region: who reports, of how many, what lasts how long, and who waits for an answer.

    `level` is None where nobody has set a threshold.
    """

    key: str
    name: str
    reporting: int
    concerned: int
    days: Decimal
    silent: int
    waiting: int
    level: WarningLevel | None
    supplies_on: date | None = None
    count: int = 0

    @property
    def share(self) -> Decimal:
        """Return the share of the hospitals that buy it."""
        return share_of(self.reporting, self.concerned)


@dataclass(frozen=True, slots=True)
class Response:
    """Shortages whose time to answer is over or that were answered: how many were answered in time."""

    in_time: int
    all: int

    @property
    def ratio(self) -> Decimal | None:
        """Return the share, None where none was due."""
        return round_ratio(Decimal(self.in_time) / self.all) if self.all else None


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the board shows; `unset` names the first missing threshold."""

    varieties: list[Line]
    regions: list[Line]
    response: Response
    open: int
    unset: str = ""


def board(session: Session, actor: Actor, at: datetime, region_code: str = "") -> Board:
    """Return what is short in a region (with those below it), or everywhere."""
    rows = _rows(session, actor, region_code)
    limits, unset = _limits(region_code or top(session))
    names = {row[0]: row[1] for row in session.execute(select(Region.code, Region.name))}
    varieties = _names(session, {row.variety_id for row in rows})
    concerned = _concerned(session, set(varieties), region_code)
    by_variety: dict[int, list[Row]] = defaultdict(list)
    by_region: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_variety[row.variety_id].append(row)
        by_region[row.region_code].append(row)
    worst: dict[str, WarningLevel] = {}
    lines = []
    for key, part in by_variety.items():
        hospitals = {hospital for region in concerned.get(key, {}).values() for hospital in region}
        lines.append(_line(str(key), varieties[key], part, hospitals, limits, at))
    regions = []
    for code, part in by_region.items():
        hospitals = {one for each in concerned.values() for one in each.get(code, ())}
        if limits:
            worst[code] = _worst(part, {key: each.get(code, set()) for key, each in concerned.items()}, limits)
        regions.append(_line(code, names.get(code, code), part, hospitals, None, at, worst.get(code)))
    return Board(_sorted(lines), _sorted(regions), _response(session, actor, region_code, at), len(rows), unset)


def _sorted(lines: Iterable[Line]) -> list[Line]:
    return sorted(
        lines, key=lambda one: (-ORDERED.index(one.level or WarningLevel.NONE), -one.share, one.days, one.key)
    )


def _rows(session: Session, actor: Actor, region_code: str) -> list[Row]:
    query = shortages.visible(actor).join(Shortage.product).join(Product.specification)
    query = query.where(Shortage.closed_at.is_(None), *_inside(region_code))
    columns = (
        Specification.variety_id, Shortage.hospital_id, Shortage.region_code, Shortage.stock, Shortage.daily,
        Shortage.state, Shortage.due_at, Shortage.supplies_on,
    )  # fmt: skip
    return [Row._make(row) for row in session.execute(query.with_only_columns(*columns))]


def _inside(region_code: str) -> list[ColumnElement[bool]]:
    if not region_code:
        return []
    return [Shortage.region_code.startswith(prefix(region_code), autoescape=True)]


def top(session: Session) -> str:
    """Return the region that the others belong to; provinces of which only prices are known have none below."""
    below = select(Region.parent_code).where(Region.parent_code.is_not(None))
    query = select(Region.code).where(Region.parent_code.is_(None)).order_by(Region.code.not_in(below), Region.code)
    return session.scalars(query.limit(1)).first() or ""


def _limits(region_code: str) -> tuple[Thresholds | None, str]:
    try:
        return thresholds(policy(region_code)), ""
    except UnsetParameter as missing:
        return None, missing.parameter


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    return {one.id: one.name for one in session.scalars(select(Variety).where(Variety.id.in_(ids))).unique()}


def _concerned(session: Session, ids: set[int], region_code: str) -> dict[int, dict[str, set[int]]]:
    """Return, by variety and region, the hospitals that have an agreement on it or bought it; one row a variety."""
    held = (
        select(Specification.variety_id, VolumeAccount.hospital_id)
        .join(VolumeAccount, VolumeAccount.specification_id == Specification.id)
        .where(among(Specification.variety_id, ids))
        .distinct()
        .subquery()
    )
    listed = func.aggregate_strings(cast(held.c.hospital_id, String), ",")
    stem = prefix(region_code)
    within = Organisation.kind.in_(BUYERS), Organisation.region_code.startswith(stem, autoescape=True)
    regions = dict(session.execute(select(Organisation.id, Organisation.region_code).where(*within)).all())
    found: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for variety, hospitals in session.execute(select(held.c.variety_id, listed).group_by(held.c.variety_id)):
        for hospital in map(int, hospitals.split(",")):
            if hospital in regions:
                found[variety][regions[hospital] or ""].add(hospital)
    return found


def _line(
    key: str, name: str, rows: Sequence[Row], hospitals: set[int], limits: Thresholds | None, at: datetime,
    known: WarningLevel | None = None,
) -> Line:  # fmt: skip
    reporting = {row.hospital_id for row in rows}
    concerned = len(hospitals | reporting)
    days = median([row.days for row in rows])
    found = level(share_of(len(reporting), concerned), days, limits) if limits else known
    silent = sum(1 for row in rows if row.state is ShortageState.SILENT or _late(row, at))
    waiting = sum(1 for row in rows if row.state is ShortageState.REPORTED and not _late(row, at))
    promised = [row.supplies_on for row in rows if row.supplies_on is not None]
    return Line(
        key, name, len(reporting), concerned, days, silent, waiting, found, min(promised, default=None), len(rows)
    )


def _late(row: Row, at: datetime) -> bool:
    return row.state is ShortageState.REPORTED and row.due_at <= at


def _worst(rows: Sequence[Row], concerned: Mapping[int, set[int]], limits: Thresholds) -> WarningLevel:
    """Return a region's worst level over its varieties."""
    by_variety: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_variety[row.variety_id].append(row)
    found = [WarningLevel.NONE]
    for key, part in by_variety.items():
        reporting = {row.hospital_id for row in part}
        share = share_of(len(reporting), len(concerned.get(key, set()) | reporting))
        found.append(level(share, median([row.days for row in part]), limits))
    return max(found, key=ORDERED.index)


def _response(session: Session, actor: Actor, region_code: str, at: datetime) -> Response:
    query = shortages.visible(actor).where(*_inside(region_code))
    over = query.where((Shortage.due_at <= at) | Shortage.first_answered_at.is_not(None))
    over = over.where(
        Shortage.closed_at.is_(None) | Shortage.first_answered_at.is_not(None) | (Shortage.closed_at >= Shortage.due_at)
    )
    in_time = over.where(Shortage.first_answered_at < Shortage.due_at)
    count = [
        session.scalar(each.with_only_columns(func.count(Shortage.id)).order_by(None)) or 0 for each in (in_time, over)
    ]
    return Response(count[0], count[1])
