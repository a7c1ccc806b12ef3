"""What a plan does: volumes of its lines, and what it adds in every hospital and department, in two statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Numeric, String, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from kernel.parties.codes import OrganisationKind, Ownership
from kernel.parties.models import Organisation, Region
from kernel.policy import Parameters, levels
from kernel.rulebooks.rules import held
from kernel.sets import among
from pricing.adjustments import rules
from pricing.adjustments.models import AdjustmentPlan, PlanLine
from pricing.adjustments.rules import Line, Part
from pricing.items.flow import PriceGrade
from pricing.items.models import ItemPrice, ItemVolume, ServiceItem
from pricing.items.queries.prices import holds_on
from pricing.items.rules.prices import grade_of

PLACES = {True: 7, False: 0}
"""Decimals of a price times a quantity as SQLite counts them, in whole numbers; PostgreSQL's have their point."""


@dataclass(frozen=True, slots=True)
class Place:
    """A public hospital whose prices a plan changes."""

    id: int
    name: str
    grade: PriceGrade


@dataclass(frozen=True, slots=True)
class Effect:
    """What a plan adds a year: by line, by hospital grade, by hospital and by department; the parts are the whole."""

    lines: tuple[Line, ...]
    whole: Part
    by_grade: dict[PriceGrade, Part]
    by_hospital: list[tuple[Place, Part]]
    by_department: list[tuple[str, Part]]


def places(session: Session, region_code: str) -> dict[int, Place]:
    """Return the public hospitals whose prices are those of a region: none nearer to them has a price table."""
    query = select(Organisation.id, Organisation.name, Organisation.grade, Organisation.region_code).where(
        Organisation.kind == OrganisationKind.HOSPITAL, Organisation.region_code.is_not(None),
        or_(Organisation.ownership.is_(None), Organisation.ownership != Ownership.PRIVATE),
    )  # fmt: skip
    priced = {*session.scalars(select(ItemPrice.region_code).distinct()), region_code}
    return {
        row.id: Place(row.id, row.name, grade_of(row.grade))
        for row in session.execute(query)
        if next(code for code in (*reversed(levels(row.region_code)), region_code) if code in priced) == region_code
        and region_code in levels(row.region_code)
    }


def base_revenue(session: Session, region_code: str, year: int) -> Decimal:
    """Return the service revenue of a region's public hospitals in a year, yuan."""
    found = places(session, region_code)
    query = select(func.coalesce(func.sum(ItemVolume.revenue), 0)).where(ItemVolume.year == year)
    return Decimal(session.scalar(query.where(among(ItemVolume.hospital_id, found))) or 0)


def _grade(found: Iterable[Place]) -> Any:
    """Say in SQL which grade's prices the hospital of a volume charges."""
    ids: dict[PriceGrade, list[int]] = defaultdict(list)
    for one in found:
        ids[one.grade].append(one.id)
    return case(*((among(ItemVolume.hospital_id, ids[grade]), grade.value) for grade in PriceGrade))


def volumes(session: Session, plan: AdjustmentPlan, found: Mapping[int, Place]) -> dict[int, Decimal]:
    """Return the base year's volumes by line."""
    query = _of_lines(plan, found, PlanLine.id, total=func.sum(ItemVolume.quantity)).group_by(PlanLine.id)
    return {row[0]: row[1] for row in session.execute(query)}


def _of_lines(plan: AdjustmentPlan, found: Mapping[int, Place], *shown: Any, total: Any) -> Any:
    grade = _grade(found.values())
    return (
        select(*shown, total)
        .select_from(PlanLine)
        .join(ItemVolume, ItemVolume.item_id == PlanLine.item_id)
        .where(PlanLine.plan_id == plan.id, ItemVolume.year == plan.volume_year)
        .where(type_coerce(PlanLine.grade, String()) == grade)
    )


def cells(
    session: Session, plan: AdjustmentPlan, found: Mapping[int, Place]
) -> list[tuple[int, str, Decimal]]:  # fmt: skip
    """Return what a plan adds by hospital and department, exactly."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    plain: Any = BigInteger() if sqlite else Numeric()
    delta = type_coerce(PlanLine.new_price, plain) - type_coerce(PlanLine.old_price, plain)
    total = func.sum(delta * type_coerce(ItemVolume.quantity, plain))
    columns = (ItemVolume.hospital_id, ItemVolume.department)
    query = _of_lines(plan, found, *columns, total=total).group_by(*columns)
    shift = -PLACES[sqlite]
    return [(row[0], row[1], Decimal(row[2]).scaleb(shift)) for row in session.execute(query)]


def effect(session: Session, plan: AdjustmentPlan, lines: Sequence[PlanLine]) -> Effect:
    """Return what a plan adds in the base year's volumes."""
    found, shares = places(session, plan.region_code), fund_shares(held(plan.values))
    by_hospital: dict[int, Decimal] = defaultdict(Decimal)
    of_department: dict[str, list[Part]] = defaultdict(list)
    for hospital_id, department, amount in cells(session, plan, found):
        by_hospital[hospital_id] += amount
        of_department[department].append(rules.part(amount, shares[found[hospital_id].grade]))
    hospitals = [(found[key], rules.part(amount, shares[found[key].grade])) for key, amount in by_hospital.items()]
    by_department = {name: rules.whole(parts) for name, parts in of_department.items()}
    grades = {grade: rules.whole(one for place, one in hospitals if place.grade is grade) for grade in PriceGrade}
    return Effect(
        lines_of(session, plan, lines, found), rules.whole(grades.values()), grades,
        sorted(hospitals, key=lambda one: (-one[1].amount, one[0].name)),
        sorted(by_department.items(), key=lambda one: (-one[1].amount, one[0])),
    )  # fmt: skip


def lines_of(
    session: Session, plan: AdjustmentPlan, lines: Sequence[PlanLine], found: Mapping[int, Place]
) -> tuple[Line, ...]:  # fmt: skip
    """Return a plan's lines with their volumes."""
    known = volumes(session, plan, found)
    return tuple(
        Line(one.item_id, one.item.code, one.grade, one.old_price, one.new_price, one.technical,
             known.get(one.id, rules.ZERO))
        for one in lines
    )  # fmt: skip


def fund_shares(parameters: Parameters) -> dict[PriceGrade, Decimal | None]:
    """Return what of the cost the fund pays by grade; None where nobody has said it."""
    found = {grade: parameters[f"fund.{grade.value}"] for grade in PriceGrade}
    return {grade: Decimal(one.value) if one.is_set else None for grade, one in found.items()}


def neighbours(
    session: Session, region_code: str, item_ids: Iterable[int], day: date
) -> dict[tuple[int, PriceGrade], Decimal]:
    """Return the highest price that other regions beside this one have on a day, by item and grade."""
    parent = select(Region.parent_code).where(Region.code == region_code).scalar_subquery()
    beside = select(Region.code).where(Region.code != region_code, Region.parent_code.is_not_distinct_from(parent))
    query = select(ItemPrice.item_id, ItemPrice.grade, func.max(ItemPrice.price)).where(
        ItemPrice.hospital_id.is_(None), holds_on(day), among(ItemPrice.item_id, set(item_ids)),
        ItemPrice.region_code.in_(beside),
    )  # fmt: skip
    return {(row[0], row[1]): row[2] for row in session.execute(query.group_by(ItemPrice.item_id, ItemPrice.grade))}


def later(session: Session, plan: AdjustmentPlan) -> list[tuple[int, Decimal, Decimal]]:
    """Return years with the quantity and revenue of a plan's items, from the base year on: what monitoring looks at."""
    items = select(PlanLine.item_id).join(ServiceItem, ServiceItem.id == PlanLine.item_id)
    query = select(ItemVolume.year, func.sum(ItemVolume.quantity), func.sum(ItemVolume.revenue)).where(
        ItemVolume.item_id.in_(items.where(PlanLine.plan_id == plan.id)), ItemVolume.year >= plan.volume_year,
        among(ItemVolume.hospital_id, places(session, plan.region_code)),
    )  # fmt: skip
    return [
        (row[0], row[1], row[2]) for row in session.execute(query.group_by(ItemVolume.year).order_by(ItemVolume.year))
    ]
