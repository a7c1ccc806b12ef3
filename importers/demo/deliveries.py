"""Orders of the demo in every state: on its way in parts, late, refused, disputed, going back, unanswered."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from importers.demo.purchases import SECOND
from importers.demo.stage import SEED, Stage
from kernel.clock import today
from procurement.agreements.models import Agreement
from procurement.orders.flow import Dispute, OrderKind, Refusal
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.shipments import Shipment
from procurement.orders.services import answers, plans, receiving, returns, shipping
from procurement.orders.services.plans import Wanted
from procurement.orders.services.receiving import Arrived
from procurement.orders.services.shipping import Batch

PLACED = -9
HALF, WHOLE = Decimal("0.5"), Decimal(1)
Story = Callable[[Stage, int], None]


def build(stage: Stage) -> None:
    """Let the first hospital's orders of last week go different ways; run it after the purchases."""
    chance = random.Random(SEED + 52)  # noqa: S311 - invented quantities, the same at every build
    stories: tuple[Story, ...] = (_in_parts, _late, _refused, _disputed, _going_back, _silent)
    for order_id, story in zip(_place(stage, chance), stories, strict=False):
        story(stage, order_id)


def _place(stage: Stage, chance: random.Random) -> list[int]:
    """Buy of each company one product, so that each has an order of its own."""
    at, actor = stage.day(PLACED, 9), stage.hospital(0)
    with stage.at(at) as session:
        day = today(at)
        query = select(Agreement).where(Agreement.hospital_id == actor.organisation_id, Agreement.starts <= day)
        held = session.scalars(query.where(Agreement.ends > day, Agreement.product_id.is_not(None))).all()
        chosen = {one.company_id: one for one in held if one.agreed >= 1_000}
        lines = [Wanted(one.product_id or 0, one.agreed // chance.randint(12, 30)) for one in chosen.values()]
        plan = plans.create(session, kind=OrderKind.AGREEMENT, title="上周补货", department="药库", actor=actor, at=at)
        plans.keep(session, plan_id=plan.id, version=plan.version, lines=lines, actor=actor, at=at)
        plans.submit(session, plan_id=plan.id, version=plan.version, actor=actor, at=at)
        return [one.id for one in plans.approve(session, plan_id=plan.id, actor=stage.actor(SECOND), at=at)]


def _confirm(stage: Stage, order_id: int) -> None:
    at = stage.day(PLACED, 15)
    with stage.at(at) as session:
        order = session.get_one(Order, order_id)
        answers.confirm(session, order_id=order_id, actor=stage.company(order.deliverer_id), at=at)


def _ship(stage: Stage, order_id: int, day: int, share: Decimal = WHOLE) -> int:
    at = stage.day(day, 11)
    with stage.at(at) as session:
        order = session.get_one(Order, order_id)
        expires = today(stage.now) + timedelta(days=600)
        batches = [Batch(one.id, f"{one.id:05d}{day % 10}", expires, _part(one, share)) for one in order.lines]
        supplier, waybill = stage.company(order.deliverer_id), f"SF{order_id:09d}{-day}"
        made = shipping.ship(
            session, order_id=order_id, batches=batches, waybill=waybill, actor=supplier, at=at
        )  # fmt: skip
        return made.id


def _part(line: OrderLine, share: Decimal) -> Decimal:
    return line.left if share == WHOLE else max(Decimal(1), line.left * share // 1)


def _receive(stage: Stage, shipment_id: int, day: int, share: Decimal = WHOLE) -> None:
    at = stage.day(day, 16)
    with stage.at(at) as session:
        rows = session.get_one(Shipment, shipment_id).lines
        whole = share == WHOLE
        arrived = {
            row.id: Arrived(row.quantity if whole else row.quantity * share // 1, None if whole else Dispute.DAMAGED)
            for row in rows
        }
        receiving.receive(session, shipment_id=shipment_id, arrived=arrived, actor=stage.hospital(0), at=at)


def _in_parts(stage: Stage, order_id: int) -> None:
    _confirm(stage, order_id)
    first = _ship(stage, order_id, -8, HALF)
    _receive(stage, first, -6)
    _ship(stage, order_id, -2)


def _late(stage: Stage, order_id: int) -> None:
    _confirm(stage, order_id)


def _refused(stage: Stage, order_id: int) -> None:
    at = stage.day(PLACED, 16)
    with stage.at(at) as session:
        supplier = stage.company(session.get_one(Order, order_id).deliverer_id)
        note = "原料药供应紧张"
        answers.refuse(
            session, order_id=order_id, refusal=Refusal.PRODUCER_SHORT, note=note, actor=supplier, at=at
        )  # fmt: skip


def _disputed(stage: Stage, order_id: int) -> None:
    _confirm(stage, order_id)
    _receive(stage, _ship(stage, order_id, -8), -5, HALF)


def _going_back(stage: Stage, order_id: int) -> None:
    _confirm(stage, order_id)
    shipment_id = _ship(stage, order_id, -8)
    _receive(stage, shipment_id, -5)
    at = stage.day(-1, 9)
    with stage.at(at) as session:
        _ask(session, stage, shipment_id)


def _ask(session: Session, stage: Stage, shipment_id: int) -> None:
    back = {row.id: max(Decimal(1), row.received // 10) for row in session.get_one(Shipment, shipment_id).lines}
    at = stage.day(-1, 9)
    returns.ask(
        session, shipment_id=shipment_id, quantities=back, reason="包装潮湿", actor=stage.hospital(0), at=at
    )  # fmt: skip


def _silent(_stage: Stage, _order_id: int) -> None:
    """Nobody answers: the clock makes it void."""
