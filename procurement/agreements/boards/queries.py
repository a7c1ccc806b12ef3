"""Progress by region, hospital, variety and supplier: maintained sums for the agency, one's own accounts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, Numeric, case, cast, func, null, select, true, type_coerce
from sqlalchemy.orm import Session

from catalogue.drugs.models import Specification, Variety
from kernel.auth.actor import Actor
from kernel.errors import Forbidden
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation, Region
from kernel.sets import among
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
GROUPS: dict[Scope, Any] = {
    Scope.HOSPITAL: VolumeAccount.hospital_id, Scope.REGION: Organisation.region_code,
    Scope.COMPANY: VolumeAccount.company_id, Scope.VARIETY: Specification.variety_id,
}  # fmt: skip
"""What an account is added up by, in the order of a cell's fields."""
_BOUGHT = VolumeSummary.within + VolumeSummary.beyond
SORTS: dict[str, ColumnElement[Any] | Any] = {
    "agreed": VolumeSummary.agreed, "bought": _BOUGHT, "other": VolumeSummary.other,
    "done": func.coalesce(cast(_BOUGHT, Float) / func.nullif(VolumeSummary.agreed, 0), 0),
}  # fmt: skip
DRAWN = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the board."""

    subject: str
    name: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class Board:
    """A page of the rows, all rows together, the largest by what is agreed; as of when the sums are (None: now)."""

    rows: list[Row]
    count: int
    number: int
    total: Sums
    largest: list[Row]
    at: datetime | None
    years: list[int]


def cells(session: Session, *scopes: Scope, where: ColumnElement[bool] | None = None) -> Iterator[Cell]:
    """Add accounts up by those scopes (by all where none is named) and days; one row a group comes out.

    What a cell is not added up by says nothing in it.
    """
    one, sqlite = VolumeAccount, session.get_bind().dialect.name == "sqlite"
    plain: Any = BigInteger() if sqlite else Numeric()

    def priced(quantity: Any) -> ColumnElement[Any]:
        return func.coalesce(func.sum(type_coerce(Agreement.price, plain) * type_coerce(quantity, plain)), 0)

    def worth(book: Book) -> ColumnElement[Decimal]:
        return func.sum(case((one.book == book, type_coerce(one.worth, plain)), else_=0))

    kept = [column for scope, column in GROUPS.items() if not scopes or scope in scopes]
    shown = [column if column in kept else null() for column in GROUPS.values()]
    group = (*kept, Agreement.starts, Agreement.ends, one.year)
    within = case((one.book == Book.AGREED, 1), else_=0)
    query = (
        select(*shown, *group[len(kept) :], func.sum(within), priced(one.allocated - one.released), worth(Book.AGREED),
               worth(Book.BEYOND), worth(Book.OPEN), priced(one.received - one.returned),
               priced(one.paid - one.refunded))
        .select_from(one)
        .join(Organisation, Organisation.id == one.hospital_id)
        .join(Specification, Specification.id == one.specification_id)
        .outerjoin(Agreement, Agreement.id == one.agreement_id)
        .where(true() if where is None else where)
        .group_by(*group)
    )  # fmt: skip
    yield from (_cell(row, UNITS[sqlite]) for row in session.execute(query))


def _cell(row: Any, units: tuple[Decimal, Decimal]) -> Cell:
    hospital, region, company, variety, starts, ends, year, count, *sums = row
    figures = [
        (Decimal(value) * units[0 if place in (0, 4, 5) else 1]).quantize(CENT, rounding=ROUND_HALF_UP)
        for place, value in enumerate(sums)
    ]
    days, first = ((starts, ends), starts.year) if starts is not None else (None, year)
    return Cell(hospital or 0, region or "", company or 0, variety or 0, first, days, count, *figures)


def board(
    session: Session, actor: Actor, *, scope: Scope, year: int, day: date, sort: str = "", number: int = 1,
    size: int | None = None,
) -> Board:  # fmt: skip
    """Return a page (or all) of the board of those who run the platform, or of one's own agreements.

    Those that are behind most stand first, unless a figure to sort by is named.
    """
    if actor.runs_platform:
        return _of_all(session, scope, year, sort, number, size)
    found = list(cells(session, scope, where=_own(actor)))
    sums = rolled((one for one in found if one.year == year), KEYS[scope], day)
    rows = sorted((Row(subject, "", one) for subject, one in sums.items()), key=lambda row: row.subject)
    rows.sort(key=lambda row: _rank(row.sums, sort), reverse=sort.startswith("-"))
    number, start = _place(number, size, len(rows))
    largest = sorted((row for row in rows if row.sums.agreed), key=lambda row: -row.sums.agreed)[:DRAWN]
    shown = _named(session, scope, rows[start : start + (size or len(rows))])
    years = sorted({one.year for one in found}, reverse=True)
    return Board(shown, len(rows), number, total(rows), _named(session, scope, largest), None, years)


def _rank(sums: Sums, sort: str) -> Decimal:
    name = sort.lstrip("-")
    return getattr(sums, name) or Decimal(0) if name in SORTS else sums.bought - sums.expected


def _place(number: int, size: int | None, count: int) -> tuple[int, int]:
    """Return the number of the page that there is, and where it begins."""
    if size is None:
        return 1, 0
    number = min(max(1, number), max(1, -(-count // size)))
    return number, (number - 1) * size


def _own(actor: Actor) -> ColumnElement[bool]:
    if actor.buys:
        return VolumeAccount.hospital_id == actor.organisation_id
    if actor.organisation_kind is OrganisationKind.COMPANY:
        return VolumeAccount.company_id == actor.organisation_id
    raise Forbidden


def _of_all(session: Session, scope: Scope, year: int, sort: str, number: int, size: int | None) -> Board:
    one = VolumeSummary
    columns = [getattr(one, name) for name in Sums.__slots__]
    here = (one.scope == scope, one.year == year)
    sums = (func.coalesce(func.sum(column, type_=column.type), 0) for column in columns)
    count, at, *figures = session.execute(select(func.count(), func.max(one.at), *sums).where(*here)).one()
    number, start = _place(number, size, count)
    rank = SORTS.get(sort.lstrip("-"), one.within + one.beyond - one.expected)
    order = rank.desc() if sort.startswith("-") else rank.asc()
    query = select(one.subject, *columns).where(*here)
    rows: Any = session.execute(query.order_by(order, one.subject).limit(size).offset(start))
    most: Any = session.execute(query.where(one.agreed > 0).order_by(one.agreed.desc(), one.subject).limit(DRAWN))
    shown, largest = (
        _named(session, scope, [Row(subject, "", Sums(*values)) for subject, *values in found])
        for found in (rows, most)
    )
    years = list(session.scalars(select(one.year).distinct().order_by(one.year.desc())))
    return Board(shown, count, number, Sums(*figures), largest, at, years)


def _named(session: Session, scope: Scope, rows: Sequence[Row]) -> list[Row]:
    names = _names(session, scope, [row.subject for row in rows])
    return [replace(row, name=names.get(row.subject, row.subject)) for row in rows]


def _names(session: Session, scope: Scope, subjects: Collection[str]) -> dict[str, str]:
    if scope is Scope.REGION:
        return dict(session.execute(select(Region.code, Region.name).where(Region.code.in_(subjects))).all())
    ids = [int(one) for one in subjects]
    if scope is Scope.VARIETY:
        query = select(Variety).where(among(Variety.id, ids))
        return {str(one.id): one.name for one in session.scalars(query).unique()}
    name = case((Organisation.short_name == "", Organisation.name), else_=Organisation.short_name)
    found = session.execute(select(Organisation.id, name).where(among(Organisation.id, ids)))
    return {str(key): shown for key, shown in found}


def total(rows: Collection[Row]) -> Sums:
    """Add a board's rows up."""
    made = Sums()
    for row in rows:
        for name in Sums.__slots__:
            setattr(made, name, getattr(made, name) + getattr(row.sums, name))
    return made
