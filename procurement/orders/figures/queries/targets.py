"""What was reached of a year's targets, in a region and in each below it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Specification, Variety
from catalogue.drugs.rules.codes import VarietyKind
from kernel.auth.actor import Actor
from kernel.parties.models import Organisation, Region
from kernel.parties.regions import prefix
from kernel.sets import among
from procurement.agreements.models import Agreement
from procurement.orders.figures.flow import FigureCode, TargetCode
from procurement.orders.figures.queries import sums
from procurement.orders.figures.queries.sums import Asked
from procurement.orders.figures.rules import Offline, Target, Waiting, figures, period, targets, terms
from procurement.orders.rules import ZERO

SHARES = {
    TargetCode.ONLINE_DRUGS: FigureCode.ONLINE_DRUGS, TargetCode.ONLINE_CONSUMABLES: FigureCode.ONLINE_CONSUMABLES,
    TargetCode.PAYMENT: FigureCode.PAYMENT,
}  # fmt: skip


def boards(session: Session, actor: Actor, year: int, region: str = "") -> dict[str, tuple[Target, ...]]:
    """Return the targets of a year of all regions together ('') and of each that has hospitals with orders or
    agreements; or under '' those of one region with all below it.
    """
    asked = Asked(str(year), period(str(year)), None, region)
    bought, beside = _bought(session, year, region), sums.offline(session, actor, asked)
    offline = Offline(
        sum((one.drugs for one in beside.values()), ZERO), sum((one.consumables for one in beside.values()), ZERO)
    )
    held = sums.totals(session, actor, asked)
    found = {"": _targets(held, offline, bought.get("", {}), region, year)}
    if region:
        return found
    each, offlines = sums.by_region(session, actor, asked), _by_region(session, beside)
    return found | {
        code: _targets(each.get(code, {}), offlines.get(code, Offline()), bought.get(code, {}), code, year)
        for code in sorted(each.keys() | (bought.keys() - {""}))
    }


def _targets(
    held: dict[str, Decimal], offline: Offline, bought: dict[VarietyKind, int], region: str, year: int
) -> tuple[Target, ...]:
    values = {one.code: one.value for one in figures(held, Waiting(), offline, without_short=False)}
    reached = {code: values[share] for code, share in SHARES.items()}
    reached[TargetCode.GENERIC_NAMES] = Decimal(bought.get(VarietyKind.DRUG, 0))
    reached[TargetCode.CATEGORIES] = Decimal(bought.get(VarietyKind.CONSUMABLE, 0))
    return targets(reached, terms(region, year))


def _bought(session: Session, year: int, region: str = "") -> dict[str, dict[VarietyKind, int]]:
    """Count the generic names of drugs and the categories of consumables with agreements in a year, by region.

    '' are all of the regions together. The agreements are read once, as what each region has agreed on.
    """
    query = (
        select(Organisation.region_code, Agreement.specification_id)
        .join(Organisation, Organisation.id == Agreement.hospital_id)
        .where(Agreement.starts < date(year + 1, 1, 1), Agreement.ends > date(year, 1, 1))
        .distinct()
    )
    if region:
        query = query.where(Organisation.region_code.startswith(prefix(region), autoescape=True))
    held = session.execute(query).all()
    drugs = _whats(session, {specification for _code, specification in held})
    names: dict[str, dict[VarietyKind, set[str]]] = {}
    for code, specification in held:
        kind, name = drugs[specification]
        for place in ("", code) if code else ("",):
            names.setdefault(place, {}).setdefault(kind, set()).add(name)
    return {place: {kind: len(one) for kind, one in found.items()} for place, found in names.items()}


def _whats(session: Session, ids: Collection[int]) -> dict[int, tuple[VarietyKind, str]]:
    """Return what specifications count as: their generic name, or the category of a consumable where it is known."""
    query = select(Specification.id, Variety.kind, Variety.category, Variety.generic_name_id)
    query = query.join(Variety, Variety.id == Specification.variety_id).where(among(Specification.id, ids))
    return {
        key: (kind, category if kind is VarietyKind.CONSUMABLE and category else str(generic))
        for key, kind, category, generic in session.execute(query)
    }


def _by_region(session: Session, held: Mapping[int, Offline]) -> dict[str, Offline]:
    query = select(Organisation.id, Organisation.region_code).where(among(Organisation.id, held))
    codes = dict(session.execute(query).all())
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
