"""Statements as the actor may see them: a hospital its sellers, a seller its hospitals, who runs the platform all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Forbidden, NotFound
from kernel.identity import record_id
from kernel.parties.codes import BUYERS, SUPPLIERS
from kernel.parties.models import Organisation
from kernel.periods import Period
from procurement.orders.figures.flow import Level
from procurement.orders.figures.models import TradeMonth
from procurement.orders.figures.rules import period
from procurement.settlement.models.invoices import Invoice
from procurement.settlement.rules import ZERO
from procurement.settlement.statements.flow import Side
from procurement.settlement.statements.models import SettlementEntry, SettlementMonth
from procurement.settlement.statements.rules import COLUMNS, balances, keys, owed, signed

MOST = 500
"""So many movements stand on a page; the workbook has all."""
NAMES = ("ordered", "received", *COLUMNS)
TRADED = {"ordered": TradeMonth.amount, "received": TradeMonth.bought}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page shows: a period as it is written and as days, whose statement or all of a side, and with whom."""

    text: str
    span: Period
    listed: Side
    of: Organisation | None = None
    party: int | None = None

    @property
    def level(self) -> Side:
        """Return which rows of the months are summed."""
        return Side.PAIR if self.of else self.listed


@dataclass(frozen=True, slots=True)
class Line:
    """A party of a statement: what was owed before the period, what happened in it, what is owed after it. In yuan."""

    party: Organisation
    opening: Decimal
    sums: Mapping[str, Decimal]

    @property
    def closing(self) -> Decimal:
        """Return what is owed at the end of the period."""
        return self.opening + owed(self.sums)


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry, by how much it changed what is owed, and what was owed after it."""

    entry: SettlementEntry
    change: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """The account of a hospital and a seller over a period; `paid` holds what each payment was for."""

    hospital: Organisation
    seller: Organisation
    line: Line
    movements: Sequence[Movement]
    total: int
    paid: Mapping[int, Sequence[Invoice]] = field(default_factory=dict)


def period_asked(parts: Mapping[str, str], at: datetime) -> tuple[str, Period]:
    """Read the period of an address; the present month where none is written."""
    text = parts.get("period", "") or f"{today(at):%Y-%m}"
    return text, period(text)


def asked(session: Session, parts: Mapping[str, str], actor: Actor, at: datetime) -> Asked:
    """Read the parts of an address. Who runs the platform sees both sides, or one organisation's statement."""
    text, span = period_asked(parts, at)
    own = None if actor.runs_platform else actor.organisation_id
    if own is None and not actor.runs_platform:
        raise Forbidden
    wanted = own or record_id(parts.get("of", ""))
    if wanted is None:
        return Asked(text, span, Side.SELLER if parts.get("side") == Side.SELLER else Side.HOSPITAL)
    of = session.get(Organisation, wanted)
    if of is None or of.kind not in {*BUYERS, *SUPPLIERS}:
        raise NotFound(organisation=wanted)
    return Asked(text, span, Side.SELLER if of.kind in BUYERS else Side.HOSPITAL, of)


def lines(session: Session, asked: Asked, text: str = "") -> list[Line]:
    """Return what the statement lists, who is owed most or owes most first; `text` is a part of a name."""
    opening, sums = _settled(session, asked), _traded(session, asked)
    ids = sorted(opening.keys() | sums.keys())
    query = select(Organisation).where(Organisation.id.in_(ids))
    if text:
        query = query.where(Organisation.name.contains(text, autoescape=True))
    empty: dict[str, Decimal] = dict.fromkeys(NAMES, ZERO)
    found = [
        Line(party, opening.get(party.id, (ZERO, empty))[0],
             empty | opening.get(party.id, (ZERO, empty))[1] | sums.get(party.id, {}))
        for party in session.scalars(query)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.closing, -one.sums["received"], one.party.id))


def total(rows: Sequence[Line]) -> tuple[Decimal, dict[str, Decimal], Decimal]:
    """Add lines up: opening, sums, closing."""
    sums = {name: sum((one.sums[name] for one in rows), ZERO) for name in NAMES}
    opening = sum((one.opening for one in rows), ZERO)
    return opening, sums, opening + owed(sums)


def _settled(session: Session, asked: Asked) -> dict[int, tuple[Decimal, dict[str, Decimal]]]:
    """Return by party what was owed before the period and the sums of the period."""
    one, span = SettlementMonth, asked.span
    party = one.hospital_id if asked.listed is Side.HOSPITAL else one.seller_id
    columns: list[Any] = [party]
    for inside in (False, True):
        within = one.month >= span.start if inside else one.month < span.start
        columns += [_sum(case((within, column), else_=ZERO), column) for column in _columns()]
    query = select(*columns).where(one.side == asked.level, one.month < span.end).group_by(party)
    if asked.of:
        query = query.where((one.seller_id if asked.listed is Side.HOSPITAL else one.hospital_id) == asked.of.id)
    if asked.party:
        query = query.where(party == asked.party)
    return {
        row[0]: (owed(_named(row[1 : 1 + len(COLUMNS)])), _named(row[1 + len(COLUMNS) :]))
        for row in session.execute(query)
    }


def _traded(session: Session, asked: Asked) -> dict[int, dict[str, Decimal]]:
    """Return by party what was ordered, and what arrived and was kept, in the months of the period."""
    one, span = TradeMonth, asked.span
    party = one.hospital_id if asked.listed is Side.HOSPITAL else one.deliverer_id
    levels = {Side.HOSPITAL: Level.HOSPITAL, Side.SELLER: Level.DELIVERER, Side.PAIR: Level.SUPPLY}
    query = select(party, *(_sum(column, column) for column in TRADED.values())).group_by(party)
    query = query.where(one.level == levels[asked.level], one.month >= span.start, one.month < span.end)
    if asked.of:
        query = query.where((one.deliverer_id if asked.listed is Side.HOSPITAL else one.hospital_id) == asked.of.id)
    if asked.party:
        query = query.where(party == asked.party)
    return {row[0]: dict(zip(TRADED, row[1:], strict=True)) for row in session.execute(query)}


def _columns() -> list[Any]:
    return [getattr(SettlementMonth, name) for name in COLUMNS]


def _sum(value: Any, column: Any) -> ColumnElement[Any]:
    return func.sum(value, type_=column.type)


def _named(values: Sequence[Decimal | None]) -> dict[str, Decimal]:
    return {name: value or ZERO for name, value in zip(COLUMNS, values, strict=True)}


def statement(
    session: Session, hospital_id: int, seller_id: int, parts: Mapping[str, str], actor: Actor, at: datetime,
    *, most: int | None = MOST,
) -> Statement:  # fmt: skip
    """Return the account of a hospital and a seller, or NotFound where it is not the actor's or there is none."""
    text, span = period_asked(parts, at)
    if not actor.runs_platform and actor.organisation_id not in (hospital_id, seller_id):
        raise NotFound(hospital=hospital_id, seller=seller_id)
    hospital, seller = session.get(Organisation, hospital_id), session.get(Organisation, seller_id)
    if hospital is None or seller is None or not _dealt(session, hospital_id, seller_id):
        raise NotFound(hospital=hospital_id, seller=seller_id)
    found = lines(session, Asked(text, span, Side.SELLER, hospital, seller_id))
    line = found[0] if found else Line(seller, ZERO, dict.fromkeys(NAMES, ZERO))
    query = _entries(hospital_id, seller_id, span)
    count = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    entries = session.scalars(query.limit(most)).unique().all()
    changes = [signed(one.kind, one.amount) for one in entries]
    moved = zip(entries, changes, balances(line.opening, changes), strict=True)
    return Statement(
        hospital, seller, line, [Movement(*one) for one in moved], count,
        _paid(session, [one.payment_id for one in entries if one.payment_id]),
    )  # fmt: skip


def _entries(hospital_id: int, seller_id: int, span: Period) -> Select[SettlementEntry]:
    one = SettlementEntry
    return (
        select(one)
        .where(
            one.hospital_id == hospital_id, one.seller_id == seller_id, one.day >= span.start, one.day < span.end,
        )
        .options(joinedload(one.invoice), joinedload(one.payment))
        .order_by(one.day, one.id)
    )  # fmt: skip


def _dealt(session: Session, hospital_id: int, seller_id: int) -> bool:
    """Say whether the two ever dealt with each other."""
    pair = keys(hospital_id, seller_id)[2]
    settled = select(SettlementMonth.id).where(SettlementMonth.key == pair).exists()
    same = (TradeMonth.hospital_id == hospital_id) & (TradeMonth.deliverer_id == seller_id)
    traded = select(TradeMonth.id).where(TradeMonth.level == Level.SUPPLY, same).exists()
    return bool(session.scalar(select(settled | traded)))


def _paid(session: Session, payments: Sequence[int]) -> dict[int, list[Invoice]]:
    """Return what payments were for: their invoices, then the credit notes netted."""
    found: dict[int, list[Invoice]] = {}
    query = select(Invoice).where(Invoice.payment_id.in_(payments))
    for one in session.scalars(query.order_by(Invoice.kind.desc(), Invoice.issued_on, Invoice.id)):
        found.setdefault(one.payment_id or 0, []).append(one)
    return found
