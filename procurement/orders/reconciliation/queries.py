"""Hold the volume ledger against itself, against agreements and against orders: what differs comes out, nothing else.

The database does the comparing; the rows that agree never leave it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, literal, or_, select
from sqlalchemy.orm import Session

from kernel.columns import Amount, Quantity
from kernel.periods import midnight
from procurement.agreements.ledger.flow import Book, Move, Stage, stages
from procurement.agreements.ledger.models import COLUMNS, VolumeAccount, VolumeEntry
from procurement.agreements.ledger.services import WORTH
from procurement.agreements.models import Agreement
from procurement.orders.flow import ReturnState
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.shipments import Return, ReturnLine, ShipmentLine

MOST = 1000
NOTHING = literal(Decimal(0), Quantity())
NO_YUAN = literal(Decimal(0), Amount())


@dataclass(frozen=True, slots=True)
class Difference:
    """What should be the same and is not: the check, the row it is about, both figures by name."""

    check: str
    subject: int
    figures: dict[str, tuple[Decimal, Decimal]]


@dataclass(slots=True)
class Reconciled:
    """The ledger on the evening of a day: what stands at each stage by book, and what does not agree."""

    day: date
    entries: int
    accounts: int
    balances: dict[Book, dict[Stage, Decimal]]
    differences: list[Difference] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Say whether everything is the same."""
        return not self.differences


_further: list[Callable[[Session], Iterator[Difference]]] = []


def further(check: Callable[[Session], Iterator[Difference]]) -> Callable[[Session], Iterator[Difference]]:
    """Register a check of an area that stands on orders: what it finds is told with the rest."""
    _further.append(check)
    return check


def reconcile(session: Session, *, day: date, most: int = MOST) -> Reconciled:
    """Check the ledger on the evening of a day, naming at most so many differences.

    Entries bear their day, so every day can be asked: what stood at each stage then, whether any stage held less than
    nothing, whether what was ordered by then is what orders placed by then hold. Counters and orders as they are now
    are held against all entries.
    """
    sums = _sums(day)
    counted = session.execute(select(func.count(VolumeEntry.id), func.count(VolumeEntry.account_id.distinct())).where(
        VolumeEntry.day <= day
    )).one()  # fmt: skip
    found = Reconciled(day, counted[0], counted[1], _balances(session, sums))
    found.differences = list(islice(_differences(session, day, sums), most))
    return found


def _differences(session: Session, day: date, sums: Subquery) -> Iterator[Difference]:
    yield from _overdrawn(session, sums)
    yield from _ordered_by(session, day)
    yield from _accounts(session)
    yield from _agreements(session)
    yield from _order_lines(session)
    yield from _shipment_lines(session)
    yield from _returns(session)
    yield from _strays(session)
    for check in _further:
        yield from check(session)


def _total(move: Move) -> ColumnElement[Decimal]:
    return func.sum(case((VolumeEntry.move == move, VolumeEntry.quantity), else_=NOTHING), type_=Quantity())


def _sums(day: date | None = None) -> Subquery:
    """Add the entries up by account and move."""
    worth = case(
        *((VolumeEntry.move == move, VolumeEntry.amount if sign > 0 else -VolumeEntry.amount)
          for move, sign in WORTH.items()), else_=NO_YUAN,
    )  # fmt: skip
    query = select(
        VolumeEntry.account_id.label("account_id"), *(_total(move).label(COLUMNS[move]) for move in Move),
        func.sum(worth, type_=Amount()).label("worth"),
    )  # fmt: skip
    if day is not None:
        query = query.where(VolumeEntry.day <= day)
    return query.group_by(VolumeEntry.account_id).subquery()


def _held(book: Book, stage: Stage, sums: Any) -> ColumnElement[Decimal]:
    """Return what stands at a stage as an expression over sums by move."""
    found: ColumnElement[Decimal] = NOTHING
    for move in Move:
        left, entered = stages(book, move)
        if stage in (left, entered) and left is not entered:
            column = sums.c[COLUMNS[move]]
            found = found + column if entered is stage else found - column
    return found


def _balances(session: Session, sums: Subquery) -> dict[Book, dict[Stage, Decimal]]:
    """Return the control totals; they add up to 0 with the outside."""
    made: dict[Book, dict[Stage, Decimal]] = {}
    for book in Book:
        totals = [func.coalesce(func.sum(_held(book, stage, sums), type_=Quantity()), NOTHING) for stage in Stage]
        query = select(*totals).join(VolumeAccount, VolumeAccount.id == sums.c.account_id)
        row = session.execute(query.where(VolumeAccount.book == book)).one()
        made[book] = {stage: Decimal(value) for stage, value in zip(Stage, row, strict=True)}
    return made


def _overdrawn(session: Session, sums: Subquery) -> Iterator[Difference]:
    """Find stages that held less than nothing on that evening."""
    for book in Book:
        held = {stage: _held(book, stage, sums) for stage in Stage if stage is not Stage.OUTSIDE}
        query = select(VolumeAccount.id, *(each.label(stage) for stage, each in held.items()))
        query = query.join(sums, sums.c.account_id == VolumeAccount.id)
        query = query.where(VolumeAccount.book == book, or_(*(each < NOTHING for each in held.values())))
        for account, *values in session.execute(query):
            below = {stage: (Decimal(0), value) for stage, value in zip(held, values, strict=True) if value < 0}
            yield Difference("stage-below-nothing", account, {name.value: pair for name, pair in below.items()})


def _ordered_by(session: Session, day: date) -> Iterator[Difference]:
    """Hold what was ordered by that evening against the orders placed by then."""
    evening = midnight(day + timedelta(days=1))
    entered = by_subject(Move.ORDER, until=day)
    query = (
        select(OrderLine.id, OrderLine.quantity, func.coalesce(entered.c[Move.ORDER], NOTHING))
        .join(Order, Order.id == OrderLine.order_id)
        .outerjoin(entered, entered.c.subject_id == OrderLine.id)
        .where(Order.placed_at < evening, func.coalesce(entered.c[Move.ORDER], NOTHING) != OrderLine.quantity)
    )
    yield from told(session, "ordered-by-then", query, ("quantity",))


def _accounts(session: Session) -> Iterator[Difference]:
    """Hold every account's columns against its entries."""
    sums = _sums()
    names = [*(COLUMNS[move] for move in Move), "worth"]
    table = VolumeAccount.__table__.c
    pairs = [(table[name], func.coalesce(sums.c[name], NO_YUAN if name == "worth" else NOTHING)) for name in names]
    query = select(VolumeAccount.id, *(each for pair in pairs for each in pair))
    query = query.outerjoin(sums, sums.c.account_id == VolumeAccount.id)
    yield from told(session, "account", query.where(or_(*(own != other for own, other in pairs))), names)


def _agreements(session: Session) -> Iterator[Difference]:
    """Hold agreements' counters against their accounts."""
    one = VolumeAccount
    used = func.coalesce(one.ordered - one.cancelled - one.returned, NOTHING)
    agreed = func.coalesce(one.allocated - one.released, NOTHING)
    query = (
        select(Agreement.id, Agreement.used, used, Agreement.agreed, agreed)
        .outerjoin(one, (one.agreement_id == Agreement.id) & (one.book == Book.AGREED))
        .where(or_(Agreement.used != used, Agreement.agreed != agreed))
    )
    yield from told(session, "agreement", query, ("used", "agreed"))


def by_subject(*moves: Move, until: date | None = None) -> Subquery:
    """Add entries up by what they are about."""
    query = select(VolumeEntry.subject_id.label("subject_id"), *(_total(move).label(move) for move in moves))
    query = query.where(VolumeEntry.move.in_(moves))
    if until is not None:
        query = query.where(VolumeEntry.day <= until)
    return query.group_by(VolumeEntry.subject_id).subquery()


def _against(
    model: Any, check: str, columns: dict[Move, Any], session: Session, where: Any = None
) -> Iterator[Difference]:
    """Hold a table's own figures against the entries about its rows."""
    sums = by_subject(*columns)
    pairs = [(column, func.coalesce(sums.c[move], NOTHING)) for move, column in columns.items()]
    query = select(model.id, *(each for pair in pairs for each in pair)).select_from(model)
    query = query.outerjoin(sums, sums.c.subject_id == model.id).where(or_(*(own != other for own, other in pairs)))
    if where is not None:
        query = query.where(where)
    yield from told(session, check, query, [move.value for move in columns])


def _order_lines(session: Session) -> Iterator[Difference]:
    columns = {Move.ORDER: OrderLine.quantity, Move.CANCEL: OrderLine.cancelled}
    yield from _against(OrderLine, "order-line", columns, session)
    names = ("shipped", "rejected", "received", "returned")
    table = ShipmentLine.__table__.c
    sums = select(
        ShipmentLine.line_id.label("line_id"), func.sum(ShipmentLine.quantity, type_=Quantity()).label("shipped"),
        *(func.sum(table[name], type_=Quantity()).label(name) for name in names[1:]),
    ).group_by(ShipmentLine.line_id).subquery()  # fmt: skip
    pairs = [(OrderLine.__table__.c[name], func.coalesce(sums.c[name], NOTHING)) for name in names]
    query = select(OrderLine.id, *(each for pair in pairs for each in pair)).select_from(OrderLine)
    query = query.outerjoin(sums, sums.c.line_id == OrderLine.id)
    yield from told(session, "order-line-shipments", query.where(or_(*(a != b for a, b in pairs))), names)


def _shipment_lines(session: Session) -> Iterator[Difference]:
    one = ShipmentLine
    columns = {Move.SHIP: one.quantity, Move.REJECT: one.rejected, Move.RECEIVE: one.received}
    yield from _against(one, "shipment-line", columns, session)


def _returns(session: Session) -> Iterator[Difference]:
    accepted = ReturnLine.return_id.in_(select(Return.id).where(Return.state == ReturnState.ACCEPTED))
    yield from _against(ReturnLine, "return-line", {Move.RETURN: ReturnLine.quantity}, session, accepted)


def _strays(session: Session) -> Iterator[Difference]:
    """Find orders' entries without a line, or in another account than their line's."""
    book = case(
        (OrderLine.agreement_id.is_(None), Book.OPEN.value), (OrderLine.beyond, Book.BEYOND.value),
        else_=Book.AGREED.value,
    )  # fmt: skip
    same = (VolumeAccount.book == book) & (
        func.coalesce(VolumeAccount.agreement_id, 0) == func.coalesce(OrderLine.agreement_id, 0)
    )
    query = (
        select(VolumeEntry.id, NOTHING, VolumeEntry.quantity)
        .join(VolumeAccount, VolumeAccount.id == VolumeEntry.account_id)
        .outerjoin(OrderLine, OrderLine.id == VolumeEntry.subject_id)
        .where(VolumeEntry.move.in_((Move.ORDER, Move.CANCEL)), or_(OrderLine.id.is_(None), ~same))
    )
    yield from told(session, "stray-entry", query, ("quantity",))


def told(session: Session, check: str, query: Select[*tuple[Any, ...]], names: Iterable[str]) -> Iterator[Difference]:
    """Name what differs; `query` gives an id and pairs of figures in the order of their names."""
    for subject, *values in session.execute(query.execution_options(yield_per=500)):
        pairs = zip(names, values[::2], values[1::2], strict=True)
        yield Difference(check, subject, {name: (own, other) for name, own, other in pairs if own != other})
