"""Push to the monitoring of prices what arrives and what goes back: no verb can forget to.

A buyer's own purchases are read where they stand: the sums of monitoring know no hospital.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from kernel.clock import now, today
from kernel.db import before_commit
from kernel.periods import month_of
from pricing.monitoring import services as monitoring
from pricing.monitoring.queries import own
from pricing.monitoring.services import Fact
from procurement.orders.models.shipments import ShipmentLine
from procurement.orders.monitored import queries
from procurement.orders.rules import ZERO, worth

_MOVED = "purchases_moved"
own.reads(queries.kept)


@event.listens_for(Session, "after_flush")
def note_moved(session: Session, _context: object) -> None:
    """Remember of which batches more or less is kept than before a flush, and how much was kept before it all."""
    for row in (*session.new, *session.dirty):
        if isinstance(row, ShipmentLine) and _before(row) != row.received - row.returned:
            held: dict[int, tuple[Decimal, ShipmentLine]] = session.info.setdefault(_MOVED, {})
            held.setdefault(row.id, (_before(row), row))


def _before(row: ShipmentLine) -> Decimal:
    """Return how much of a batch was kept when it was last read or written."""
    was = []
    for name in ("received", "returned"):
        history = inspect(row).attrs[name].history
        old = history.deleted or (() if history.added else history.unchanged)
        was.append(old[0] if old else ZERO)
    return was[0] - was[1]


@before_commit
def push_moved(session: Session) -> None:
    """Push what the transaction received and sent back."""
    moved: dict[int, tuple[Decimal, ShipmentLine]] = session.info.pop(_MOVED, {})
    if not moved:
        return
    facts = []
    for key, one in queries.batches(session, moved).items():
        before, row = moved[key]
        after = row.received - row.returned
        if one.received_at is not None and before != after:
            month, amount = month_of(today(one.received_at)), worth(one.price, after) - worth(one.price, before)
            facts.append(
                Fact(month, one.product_id, one.region_code, one.grade, one.source, after - before, amount)
            )  # fmt: skip
    monitoring.push(session, facts, at=now())


def check(session: Session, *, at: datetime) -> bool:
    """Hold the sums of monitoring against those of the figures; make them anew where they differ; say whether so.

    Months in which nothing arrived through the platform are left as they are: they came from elsewhere.
    """
    while monitoring.sum_up(session, day=today(at)):
        pass
    bought = queries.bought(session)
    if queries.held(session, bought) == bought:
        return False
    monitoring.refill(session, queries.arrived(session), months=bought, day=today(at), at=at)
    return True
