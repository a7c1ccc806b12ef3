"""Take volume out of agreements and give it back, by one conditional update; and post it to the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.clock import today
from kernel.errors import Conflict
from kernel.sets import add, among, forget
from procurement.agreements.ledger.flow import Move
from procurement.agreements.ledger.services import Owner, Posting
from procurement.agreements.models import Agreement
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.rules import worth
from procurement.orders.services.sources import Share


def take(session: Session, volumes: Mapping[int, Decimal]) -> None:
    """Count volumes (units, by agreement) as used; refused where less is left than that."""
    _count(session, volumes, more=True)


def hold(session: Session, agreements: Iterable[int | None]) -> None:
    """Lock agreements in the order of their ids, before any of them is changed."""
    ids = sorted({key for key in agreements if key is not None})
    query = select(Agreement.id).where(among(Agreement.id, ids)).order_by(Agreement.id)
    session.execute(query.with_for_update(key_share=True)).all()


def give_back(session: Session, lines: Iterable[tuple[OrderLine, Decimal]]) -> None:
    """Give volume of an order's lines back to their agreements, so that it can be ordered again."""
    volumes: dict[int, Decimal] = defaultdict(Decimal)
    for line, quantity in lines:
        if line.agreement_id is not None and not line.beyond:
            volumes[line.agreement_id] += quantity
    _count(session, volumes, more=False)


def _count(session: Session, volumes: Mapping[int, Decimal], *, more: bool) -> None:
    used = {key: volume if more else -volume for key, volume in sorted(volumes.items()) if volume}
    if not used:
        return
    hold(session, used)
    table = Agreement.__table__
    added = {"used": list(used.values())}
    if add(session, table, ids=list(used), more=added, within={"used": "agreed"}) != len(used):
        raise Conflict("volume-gone-meanwhile")
    forget(session, Agreement, used, ["used"])


def owner(order: Order, specification_id: int, part: OrderLine | Share) -> Owner:
    """Return whose account a line's volume is kept in; without an agreement that of the year it was placed."""
    return Owner(
        order.hospital_id, order.company_id, specification_id, today(order.placed_at).year, part.agreement_id,
        part.beyond,
    )  # fmt: skip


def posting(order: Order, line: OrderLine, move: Move, quantity: Decimal, subject_id: int) -> Posting:
    """Return the posting of a move of a line's volume, worth its price."""
    whose = owner(order, line.product.specification_id, line)
    return Posting(whose, move, quantity, worth(line.price, quantity), subject_id)


def cancel(session: Session, order: Order, lines: Iterable[OrderLine], at: datetime) -> list[Posting]:
    """Cancel what is still to be shipped of the lines and give its volume back; return what to post."""
    left = [(line, line.left) for line in lines if line.left]
    for line, quantity in left:
        line.cancelled += quantity
    session.flush()
    give_back(session, left)
    return [posting(order, line, Move.CANCEL, quantity, line.id) for line, quantity in left]
