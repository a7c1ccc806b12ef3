"""Progress by region, hospital, variety and supplier: maintained sums for the agency, one's own accounts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Numeric, case, func, select, true, type_coerce
from sqlalchemy.orm import Session

from catalogue.drugs.models import Specification, Variety
from kernel.auth.actor import Actor
from kernel.errors import Forbidden
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation, Region
from procurement.agreements.boards.flow import Scope
from procurement.agreements.boards.models import VolumeSummary
from procurement.agreements.boards.rules import Cell, Sums, rolled
from procurement.agreements.ledger.flow import Book
from procurement.agreements.ledger.models import VolumeAccount
from procurement.agreements.models import Agreement

CENT = Decimal("0.01")
UNITS = {True: (Decimal("1e-7"), Decimal("1e-2")), False: (Decimal(1), Decimal(1))}
"""What priced sums and worths count in: scaled integers on SQLite."""
KEYS: dict[Scope, Callable[[Cell], str]] = {
    Scope.REGION: lambda one: one.region_code, Scope.HOSPITAL: lambda one: str(one.hospital_id),
    Scope.VARIETY: lambda one: str(one.variety_id), Scope.COMPANY: lambda one: str(one.company_id),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the board."""

    subject: str
    name: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class Board:
    """Rows by what is behind most, and as of when their sums are; None: as they stand now."""

    rows: list[Row]
    at: datetime | None
    years: list[int]


def cells(session: Session, where: ColumnElement[bool] | None = None) -> Iterator[Cell]:
    """Add accounts up by hospital, company, variety and days; the database adds, one row a group comes out."""
    one, sqlite = VolumeAccount, session.get_bind().dialect.name == "sqlite"
    plain: Any = BigInteger() if sqlite else Numeric()

    def priced(quantity: Any) -> ColumnElement[Any]:
        return func.coalesce(func.sum(type_coerce(Agreement.price, plain) * type_coerce(quantity, plain)), 0)

    def worth(book: Book) -> ColumnElement[Decimal]:
        return func.sum(case((one.book == book, type_coerce(one.worth, plain)), else_=0))

    group = (one.hospital_id, Organisation.region_code, one.company_id, Specification.variety_id, Agreement.starts,
             Agreement.ends, one.year)  # fmt: skip
    within = case((one.book == Book.AGREED, 1), else_=0)
    query = (
        select(*group, func.sum(within), priced(one.allocated - one.released), worth(Book.AGREED), worth(Book.BEYOND),
               worth(Book.OPEN), priced(one.received - one.returned), priced(one.paid - one.refunded))
        .select_from(one)
        .join(Organisation, Organisation.id == one.hospital_id)
        .join(Specification, Specification.id == one.specification_id)
        .outerjoin(Agreement, Agreement.id == one.agreement_id)
        .where(true() if where is None else where)
        .group_by(*group)
    )  # fmt: skip
    units = UNITS[sqlite]
    for hospital, region, company, variety, starts, ends, year, count, *sums in session.execute(query):
        figures = [
            (Decimal(value) * units[0 if place in (0, 4, 5) else 1]).quantize(CENT, rounding=ROUND_HALF_UP)
            for place, value in enumerate(sums)
        ]
        days, first = ((starts, ends), starts.year) if starts is not None else (None, year)
        yield Cell(hospital, region or "", company, variety, first, days, count, *figures)


def board(session: Session, actor: Actor, *, scope: Scope, year: int, day: date) -> Board:
    """Return the board of those who run the platform, or of a hospital's or company's own agreements."""
    if actor.runs_platform:
        return _of_all(session, scope, year)
    found = list(cells(session, _own(actor)))
    years = sorted({one.year for one in found}, reverse=True)
    sums = rolled((one for one in found if one.year == year), KEYS[scope], day)
    return Board(_named(session, scope, sums), None, years)


def _own(actor: Actor) -> ColumnElement[bool]:
    if actor.organisation_kind in (OrganisationKind.HOSPITAL, OrganisationKind.PHARMACY):
        return VolumeAccount.hospital_id == actor.organisation_id
    if actor.organisation_kind is OrganisationKind.COMPANY:
        return VolumeAccount.company_id == actor.organisation_id
    raise Forbidden


def _of_all(session: Session, scope: Scope, year: int) -> Board:
    one = VolumeSummary
    columns = (one.agreements, one.agreed, one.expected, one.within, one.beyond, one.other, one.received, one.paid)
    query = select(one.subject, *columns).where(one.scope == scope, one.year == year)
    found: Any = session.execute(query)
    sums = {subject: Sums(*figures) for subject, *figures in found}
    years = list(session.scalars(select(one.year).distinct().order_by(one.year.desc())))
    return Board(_named(session, scope, sums), session.scalar(select(func.max(one.at))), years)


def _named(session: Session, scope: Scope, sums: Mapping[str, Sums]) -> list[Row]:
    """Name the rows, those that are behind most first."""
    names = _names(session, scope, sums)
    rows = [Row(subject, names.get(subject, subject), one) for subject, one in sums.items()]
    return sorted(rows, key=lambda row: (row.sums.bought - row.sums.expected, row.name))


def _names(session: Session, scope: Scope, subjects: Collection[str]) -> dict[str, str]:
    if scope is Scope.REGION:
        return dict(session.execute(select(Region.code, Region.name).where(Region.code.in_(subjects))).all())
    ids = [int(one) for one in subjects]
    if scope is Scope.VARIETY:
        query = select(Variety).where(Variety.id.in_(ids))
        return {str(one.id): one.name for one in session.scalars(query).unique()}
    name = case((Organisation.short_name == "", Organisation.name), else_=Organisation.short_name)
    found = session.execute(select(Organisation.id, name).where(Organisation.id.in_(ids)))
    return {str(key): shown for key, shown in found}


def total(rows: Collection[Row]) -> Sums:
    """Add a board's rows up."""
    made = Sums()
    for row in rows:
        for name in Sums.__slots__:
            setattr(made, name, getattr(made, name) + getattr(row.sums, name))
    return made
