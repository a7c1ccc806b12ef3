"""What was reached of a year's targets, in a region and in each below it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import String, cast, distinct, func, select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Specification, Variety
from catalogue.drugs.rules.codes import VarietyKind
from kernel.auth.actor import Actor
from kernel.parties.models import Organisation, Region
from procurement.agreements.models import Agreement
from procurement.orders.figures.flow import FigureCode, TargetCode
from procurement.orders.figures.queries import sums
from procurement.orders.figures.queries.sums import Asked, prefix
from procurement.orders.figures.rules import Offline, Target, Waiting, figures, period, targets, terms
from procurement.orders.rules import ZERO

SHARES = {
    TargetCode.ONLINE_DRUGS: FigureCode.ONLINE_DRUGS, TargetCode.ONLINE_CONSUMABLES: FigureCode.ONLINE_CONSUMABLES,
    TargetCode.PAYMENT: FigureCode.PAYMENT,
}  # fmt: skip


def board(session: Session, actor: Actor, year: int, region: str) -> tuple[Target, ...]:
    """Return a region's targets of a year, or those of all regions together."""
    asked = Asked(str(year), period(str(year)), None, region)
    beside = sums.offline(session, actor, asked).values()
    offline = Offline(sum((one.drugs for one in beside), ZERO), sum((one.consumables for one in beside), ZERO))
    return _targets(
        sums.totals(session, actor, asked), offline, _bought(session, year, region).get("", {}), region, year
    )


def by_region(session: Session, actor: Actor, year: int) -> dict[str, tuple[Target, ...]]:
    """Return the targets of each region that has hospitals with orders or agreements."""
    asked = Asked(str(year), period(str(year)))
    found, bought = sums.by_region(session, actor, asked), _bought(session, year, "", split=True)
    beside = _offline_by_region(session, actor, asked)
    return {
        code: _targets(found.get(code, {}), beside.get(code, Offline()), bought.get(code, {}), code, year)
        for code in sorted(found.keys() | bought.keys())
    }


def _targets(
    held: dict[str, Decimal], offline: Offline, bought: dict[VarietyKind, int], region: str, year: int
) -> tuple[Target, ...]:
    values = {one.code: one.value for one in figures(held, Waiting(), offline, without_short=False)}
    reached = {code: values[share] for code, share in SHARES.items()}
    reached[TargetCode.GENERIC_NAMES] = Decimal(bought.get(VarietyKind.DRUG, 0))
    reached[TargetCode.CATEGORIES] = Decimal(bought.get(VarietyKind.CONSUMABLE, 0))
    return targets(reached, terms(region, year))


def _bought(session: Session, year: int, region: str, *, split: bool = False) -> dict[str, dict[VarietyKind, int]]:
    """Count the generic names of drugs and the categories of consumables with agreements in a year, by region or ''."""
    what = func.coalesce(func.nullif(Variety.category, ""), cast(Variety.generic_name_id, String))
    place = [Organisation.region_code] if split else []
    query = (
        select(*place, Variety.kind, func.count(distinct(what)))
        .select_from(Agreement)
        .join(Organisation, Organisation.id == Agreement.hospital_id)
        .join(Specification, Specification.id == Agreement.specification_id)
        .join(Variety, Variety.id == Specification.variety_id)
        .where(Agreement.starts < date(year + 1, 1, 1), Agreement.ends > date(year, 1, 1))
        .group_by(*place, Variety.kind)
    )
    if region:
        query = query.where(Organisation.region_code.startswith(prefix(region), autoescape=True))
    found: dict[str, dict[VarietyKind, int]] = {}
    for *code, kind, count in session.execute(query):
        found.setdefault((code[0] or "") if code else "", {})[kind] = count
    return found


def _offline_by_region(session: Session, actor: Actor, asked: Asked) -> dict[str, Offline]:
    held = sums.offline(session, actor, asked)
    codes = dict(
        session.execute(select(Organisation.id, Organisation.region_code).where(Organisation.id.in_(held))).all()
    )
    found: dict[str, Offline] = {}
    for hospital, one in held.items():
        before = found.get(codes[hospital] or "", Offline())
        found[codes[hospital] or ""] = Offline(before.drugs + one.drugs, before.consumables + one.consumables)
    return found


def regions(session: Session) -> list[tuple[str, str]]:
    """Return the regions that have hospitals, and those above them, by code and name."""
    return [(code, name) for code, name in session.execute(select(Region.code, Region.name).order_by(Region.code))]


def year_of(text: str, at: datetime) -> int:
    """Read a year; the present one where none is written."""
    return period(text).start.year if text else at.year
