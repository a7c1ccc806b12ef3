"""Keep the sums of months: every transaction that changes orders adds the differences before it commits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from catalogue.drugs.rules.codes import VarietyKind
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.db import before_commit, upsert
from kernel.parties.models import Organisation
from kernel.periods import month_of
from kernel.sets import put
from procurement.orders.figures.flow import Level
from procurement.orders.figures.models import OfflinePurchase, TradeMonth, TradeShare
from procurement.orders.figures.queries import facts as queries
from procurement.orders.figures.rules import AMOUNTS, COUNTS, share
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.shipments import Shipment
from procurement.orders.rules import ZERO
from procurement.orders.services.plans import own_hospital
from procurement.tags import Tag

_PENDING, _PAID = "trade_orders", "trade_paid"
COLUMNS = (*COUNTS, *AMOUNTS)
FOLLOWING = tuple(name for name in COLUMNS if name not in ("paid", "paid_in_time"))
"""What follows from the order alone; payments are told by who pays."""


@event.listens_for(Session, "after_flush")
def note_changed(session: Session, _context: object) -> None:
    """Remember the orders that a flush wrote: no verb can forget to have them counted."""
    changed: set[int] = set()
    for row in (*session.new, *session.dirty):
        if isinstance(row, Order):
            changed.add(row.id)
        elif isinstance(row, OrderLine | Shipment):
            changed.add(row.order_id)
    if changed:
        session.info.setdefault(_PENDING, set()).update(changed)


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid of goods of an order that arrived then, and how much of it in time; below 0 where it goes back."""

    order_id: int
    received_at: datetime
    amount: Decimal
    in_time: Decimal


def count_payments(session: Session, payments: Iterable[Paid]) -> None:
    """Have payments added to the months in which the goods arrived, when the transaction commits."""
    session.info.setdefault(_PAID, []).extend(payments)


@before_commit
def count_pending(session: Session) -> None:
    """Count the orders that the transaction changed and the payments it made, in one order of locks."""
    pending: set[int] = session.info.pop(_PENDING, set())
    payments: list[Paid] = session.info.pop(_PAID, [])
    if pending or payments:
        count(session, pending, payments)


More = dict[tuple[int, date], dict[str, Decimal]]
"""Order and month → what is to be added to each sum."""


def count(session: Session, order_ids: Collection[int], payments: Sequence[Paid] = ()) -> None:
    """Add to the months what these orders differ from what they were counted with. Counting twice changes nothing.

    Payments are added as they are given.
    """
    orders, facts = queries.facts(session, {*order_ids, *(one.order_id for one in payments)})
    held: dict[int, More] = defaultdict(dict)
    for (order_id, month), sums in queries.shares(session, order_ids).items():
        held[order_id][order_id, month] = sums
    more: More = defaultdict(dict)
    for order_id in order_ids:
        wanted = (
            {(order_id, month): sums for month, sums in share(facts[order_id]).items()} if order_id in facts else {}
        )
        for key in wanted.keys() | held[order_id].keys():
            new, old = wanted.get(key, {}), held[order_id].get(key, {})
            differs = {name: new.get(name, ZERO) - old.get(name, ZERO) for name in FOLLOWING}
            if any(differs.values()):
                more[key] = differs
    for one in payments:
        sums = more[one.order_id, month_of(today(one.received_at))]
        sums["paid"] = sums.get("paid", ZERO) + one.amount
        sums["paid_in_time"] = sums.get("paid_in_time", ZERO) + one.in_time
    _add(session, orders, more)


@dataclass(frozen=True, slots=True)
class Beside:
    """What was bought beside the platform in a month (its first day), in yuan; 0 says that there was nothing.

    `variety` is the code of the variety of which these are non-winning products, '' where none is named.
    """

    month: date
    goods: VarietyKind
    amount: Decimal
    reason: str = ""
    variety: str = ""


def record_offline(
    session: Session, *, rows: Sequence[Beside], source: Mapping[str, Any] | None = None, actor: Actor, at: datetime
) -> int:
    """Write what the actor's hospital bought beside the platform; return how many rows changed."""
    hospital = session.get_one(Organisation, own_hospital(actor))
    if not rows:
        return 0
    columns: dict[str, Sequence[Any]] = {
        "hospital_id": [hospital.id] * len(rows), "month": [one.month for one in rows],
        "goods": [one.goods for one in rows], "amount": [one.amount for one in rows],
        "reason": [one.reason for one in rows], "variety": [one.variety for one in rows],
    }  # fmt: skip
    changed = upsert(
        session, OfflinePurchase.__table__, key=("hospital_id", "month", "goods", "variety"), columns=columns
    )
    record(
        session,
        Tag.OFFLINE_RECORDED,
        hospital,
        actor,
        at,
        {"months": len({one.month for one in rows}), **(source or {})},
    )
    return changed


def _add(
    session: Session, orders: Mapping[int, queries.Parties], more: Mapping[tuple[int, date], Mapping[str, Decimal]]
) -> None:
    if not more:
        return
    shares = [_row(values) | {"order_id": order, "month": month} for (order, month), values in sorted(more.items())]
    put(session, TradeShare.__table__, key=("order_id", "month"), rows=shares, adding=COLUMNS)
    sums: dict[tuple[str, str, date], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    whose: dict[str, dict[str, Any]] = {}
    for (order, month), values in more.items():
        hospital, company, deliverer, kind, region = orders[order]
        for key, owner in _owners(hospital, company, deliverer, region):
            whose[key] = owner
            for name, value in values.items():
                sums[key, kind, month][name] += value
    rows = [
        _row(values) | whose[key] | {"key": key, "kind": kind, "month": month}
        for (key, kind, month), values in sorted(sums.items())
    ]
    put(session, TradeMonth.__table__, key=("key", "kind", "month"), rows=rows, adding=COLUMNS)


def _owners(hospital: int, company: int, deliverer: int, region: str) -> Iterable[tuple[str, dict[str, Any]]]:
    nobody = {"hospital_id": None, "company_id": None, "deliverer_id": None, "region_code": None}
    yield f"h{hospital}", nobody | {"level": Level.HOSPITAL, "hospital_id": hospital}
    yield f"c{company}", nobody | {"level": Level.COMPANY, "company_id": company}
    yield f"d{deliverer}", nobody | {"level": Level.DELIVERER, "deliverer_id": deliverer}
    yield f"{hospital}-{company}", nobody | {"level": Level.PAIR, "hospital_id": hospital, "company_id": company}
    supply = {"level": Level.SUPPLY, "hospital_id": hospital, "deliverer_id": deliverer}
    yield f"{hospital}>{deliverer}", nobody | supply
    yield f"{region}:{company}", nobody | {"level": Level.PLACE, "company_id": company, "region_code": region}


def _row(values: Mapping[str, Decimal]) -> dict[str, Any]:
    counts = {name: int(values.get(name, ZERO)) for name in COUNTS}
    return counts | {name: values.get(name, ZERO) for name in AMOUNTS}
