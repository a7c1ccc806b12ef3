"""Find lots with their specifications, who makes them, and what a hospital used of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalogue.drugs.models import Product, Specification
from catalogue.drugs.rules.codes import Part
from kernel.errors import NotFound
from kernel.parties.models import Organisation
from procurement.demand.models import Call, Lot, LotSpecification, PastUse
from procurement.demand.rules import Place

_WHOLE = (
    joinedload(Lot.variety),
    selectinload(Lot.specifications).joinedload(LotSpecification.specification),
)


def lots(session: Session, call_id: int) -> Sequence[Lot]:
    """Return a collection's lots by number, each with its variety and specifications."""
    query = select(Lot).where(Lot.call_id == call_id).order_by(Lot.number).options(*_WHOLE)
    return session.scalars(query).unique().all()


def reportable(lot: Lot) -> list[LotSpecification]:
    """Return what demand is asked for in a lot: of a component system the set alone, never a service."""
    rows = [row for row in lot.specifications if row.specification.part is not Part.SERVICE]
    system = any(row.specification.part is Part.COMPONENT for row in rows)
    return [row for row in rows if row.is_reference] if system else rows


def one_lot(session: Session, call_id: int, lot_id: int) -> Lot:
    """Return a lot of a collection, or NotFound."""
    query = select(Lot).where(Lot.call_id == call_id, Lot.id == lot_id).options(*_WHOLE)
    found = session.scalars(query).unique().one_or_none()
    if found is None:
        raise NotFound(lot=lot_id)
    return found


def makers(session: Session, call_id: int) -> dict[int, list[Organisation]]:
    """Return, per specification of a collection's lots, the companies with an active product of it, by name."""
    query = (
        select(Product.specification_id, Organisation)
        .join(Organisation, Organisation.id == Product.company_id)
        .where(Product.active, Product.specification_id.in_(_specification_ids(call_id)))
        .group_by(Product.specification_id, Organisation.id)
        .order_by(Organisation.name)
    )
    found: dict[int, list[Organisation]] = defaultdict(list)
    for specification_id, company in session.execute(query):
        found[specification_id].append(company)
    return found


def past_use(
    session: Session, *, call_id: int, years: Collection[int], hospital_ids: Collection[int] | None = None
) -> dict[tuple[int, int, int], Decimal]:
    """Return quantities by (hospital, specification, year) of a collection's specifications."""
    query = select(PastUse.hospital_id, PastUse.specification_id, PastUse.year, PastUse.quantity).where(
        PastUse.specification_id.in_(_specification_ids(call_id)), PastUse.year.in_(years)
    )
    if hospital_ids is not None:
        query = query.where(PastUse.hospital_id.in_(hospital_ids))
    return {
        (hospital, specification, year): quantity for hospital, specification, year, quantity in session.execute(query)
    }


def packs(session: Session, call_id: int) -> dict[int, tuple[int, ...]]:
    """Return the pack sizes of the active products of a collection's specifications."""
    query = (
        select(Product.specification_id, Product.pack)
        .where(Product.active, Product.specification_id.in_(_specification_ids(call_id)))
        .distinct()
        .order_by(Product.specification_id, Product.pack)
    )
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for specification_id, pack in session.execute(query):
        found[specification_id] += (pack,)
    return found


def places(session: Session, *, call: Call, hospital_id: int) -> list[Place]:
    """Return what a hospital may report, in lot order, with makers of the variety and its own last two years."""
    found, sold = lots(session, call.id), packs(session, call.id)
    by_specification = makers(session, call.id)
    used = past_use(session, call_id=call.id, years=(call.year - 1, call.year - 2), hospital_ids=(hospital_id,))
    return [
        _place(row, companies, sold.get(row.specification_id, ()), used, hospital_id, call.year)
        for lot in found
        for companies in (_companies(lot, by_specification),)
        for row in reportable(lot)
    ]


def _companies(lot: Lot, by_specification: dict[int, list[Organisation]]) -> frozenset[int]:
    return frozenset(
        company.id for row in lot.specifications for company in by_specification.get(row.specification_id, ())
    )


def _place(
    row: LotSpecification, companies: frozenset[int], sold: tuple[int, ...],
    used: dict[tuple[int, int, int], Decimal], hospital_id: int, year: int,
) -> Place:  # fmt: skip
    return Place(
        lot_id=row.lot_id, lot_number=row.lot.number, lot_name=row.lot.variety.name,
        specification_id=row.specification_id, text=row.specification.asked_text, unit=row.specification.asked_unit,
        volume_factor=row.volume_factor, companies=companies,
        by_brand=row.lot.variety.is_consumable and bool(companies),
        last_year=used.get((hospital_id, row.specification_id, year - 1)),
        year_before=used.get((hospital_id, row.specification_id, year - 2)), packs=sold,
    )  # fmt: skip


def specification_by_key(session: Session, variety_ids: Collection[int]) -> dict[int, list[Specification]]:
    """Return the specifications of varieties, by variety."""
    query = select(Specification).where(Specification.variety_id.in_(variety_ids)).order_by(Specification.id)
    found: dict[int, list[Specification]] = defaultdict(list)
    for specification in session.scalars(query):
        found[specification.variety_id].append(specification)
    return found


def _specification_ids(call_id: int):  # type: ignore[no-untyped-def]  # SQLAlchemy's scalar select has no short name
    return (
        select(LotSpecification.specification_id)
        .join(Lot, Lot.id == LotSpecification.lot_id)
        .where(Lot.call_id == call_id)
    )
