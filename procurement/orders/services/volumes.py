"""Take volume out of agreements and give it back, by conditional updates in one order; and post it to the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from kernel.clock import today
from kernel.errors import Conflict
from procurement.agreements.ledger.flow import Move
from procurement.agreements.ledger.services import Owner, Posting
from procurement.agreements.models import Agreement
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.rules import ZERO, worth


def take(session: Session, volumes: Mapping[int, Decimal]) -> None:
    """Count volumes (units, by agreement) as used; refused where less is left than that."""
    _count(session, volumes, more=True)


def hold(session: Session, lines: Iterable[OrderLine]) -> None:
    """Lock the agreements of many orders' lines in the order of their ids, before any of them is changed."""
    ids = sorted({line.agreement_id for line in lines if line.agreement_id is not None})
    query = select(Agreement.id).where(Agreement.id.in_(ids)).order_by(Agreement.id)
    session.execute(query.with_for_update(key_share=True)).all()


def give_back(session: Session, lines: Iterable[tuple[OrderLine, Decimal]]) -> None:
    """Give volume of an order's lines back to their agreements, so that it can be ordered again."""
    volumes: dict[int, Decimal] = defaultdict(Decimal)
    for line, quantity in lines:
        if line.agreement_id is not None and not line.beyond:
            volumes[line.agreement_id] += quantity
    _count(session, volumes, more=False)


def _count(session: Session, volumes: Mapping[int, Decimal], *, more: bool) -> None:
    rows = [{"agreement": key, "volume": volume} for key, volume in sorted(volumes.items()) if volume]
    if not rows:
        return
    table: Table = Agreement.__table__  # type: ignore[assignment]  # a declarative table is a Table
    volume = bindparam("volume", type_=table.c.used.type)
    after = table.c.used + volume if more else table.c.used - volume
    statement = update(table).where(table.c.id == bindparam("agreement"), after >= ZERO, after <= table.c.agreed)
    done = session.connection().execute(statement.values(used=after), rows)
    if done.rowcount != len(rows):
        raise Conflict("volume-gone-meanwhile")
    for held in list(session.identity_map.values()):
        if isinstance(held, Agreement) and held.id in volumes:
            session.expire(held, ["used"])  # written beside the session


def owner(order: Order, line: OrderLine) -> Owner:
    """Return whose account a line's volume is kept in; without an agreement that of the year it was placed."""
    return Owner(
        order.hospital_id, order.company_id, line.product.specification_id, today(order.placed_at).year,
        line.agreement_id, line.beyond,
    )  # fmt: skip


def posting(order: Order, line: OrderLine, move: Move, quantity: Decimal, subject_id: int) -> Posting:
    """Return the posting of a move of a line's volume, worth its price."""
    return Posting(owner(order, line), move, quantity, worth(line.price, quantity), subject_id)


def cancel(session: Session, order: Order, lines: Iterable[OrderLine], at: datetime) -> list[Posting]:
    """Cancel what is still to be shipped of the lines and give its volume back; return what to post."""
    left = [(line, line.left) for line in lines if line.left]
    for line, quantity in left:
        line.cancelled += quantity
    session.flush()
    give_back(session, left)
    return [posting(order, line, Move.CANCEL, quantity, line.id) for line, quantity in left]
