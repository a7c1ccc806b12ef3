"""Purchases of the demo: plans in several states, orders delivered, orders that wait."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from importers.demo.parties import PASSWORD
from importers.demo.stage import SEED, Stage
from kernel.auth.actor import SYSTEM
from kernel.auth.permissions import Role
from kernel.auth.services import passwords, users
from kernel.clock import today
from procurement.agreements.models import Agreement
from procurement.orders.flow import OrderKind
from procurement.orders.models.orders import Order
from procurement.orders.models.plans import Plan
from procurement.orders.planning import services as planning
from procurement.orders.queries import orders as order_queries
from procurement.orders.services import answers, plans, receiving, shipping
from procurement.orders.services.plans import Wanted
from procurement.orders.services.receiving import Arrived
from procurement.orders.services.shipping import Batch

SECOND, JOINED = "approver", -130


def build(stage: Stage) -> None:
    """Let the first hospital buy: last month's orders arrived, some wait, a plan waits for its second person."""
    chance = random.Random(SEED + 51)  # noqa: S311 - invented quantities, the same at every build
    with stage.at(stage.day(JOINED)) as session:
        _second_person(session, stage)
    month = today(stage.now).replace(day=1) - today(stage.now)
    first = place(stage, month.days - 20, "上月常用药采购", "药库", chance, 12)
    deliver(stage, first, month.days - 19)
    place(stage, -1, "门诊药房补货", "门诊药房", chance, 5)
    with stage.at(stage.day(0, 8)) as session:
        waits, actor, at = (
            _plan(session, stage, "住院药房月度计划", "住院药房", chance, 18),
            stage.hospital(0),
            stage.day(0, 8),
        )
        planning.save_template(session, plan_id=waits.id, title="住院药房常用", actor=actor, at=at)
        plans.submit(session, plan_id=waits.id, version=waits.version, actor=actor, at=at)
        _plan(session, stage, "呼吸科抗感染用药", "呼吸科", chance, 4)


def _second_person(session: Session, stage: Stage) -> None:
    """Plans need two: the hospital's head of pharmacy approves what the pharmacist wrote."""
    made = users.create(
        session, organisation=stage.cast.hospitals[0], login=SECOND, name="江静", roles={Role.PHARMACIST}, actor=SYSTEM,
        at=stage.day(JOINED),
    )  # fmt: skip
    made.password_hash, made.password_set_at, made.demo = passwords.hashed(PASSWORD), stage.day(JOINED), True
    stage.cast.users[SECOND] = made


def _plan(
    session: Session, stage: Stage, title: str, department: str, chance: random.Random, count: int,
    at: datetime | None = None,
) -> Plan:  # fmt: skip
    """Write a plan of some of the hospital's agreements, in whole packs."""
    at = at or stage.day(0, 8)
    actor, day = stage.hospital(0), today(at)
    query = select(Agreement).where(Agreement.hospital_id == actor.organisation_id, Agreement.product_id.is_not(None))
    held = session.scalars(query.where(Agreement.starts <= day, Agreement.ends > day).order_by(Agreement.id)).all()
    chosen = chance.sample(held, min(count, len(held)))
    made = plans.create(
        session, kind=OrderKind.AGREEMENT, title=title, department=department, actor=actor, at=at
    )  # fmt: skip
    packs = {one.id: one.pack for one in session.scalars(select(Product)).unique()}
    wanted = {
        one.product_id: max(1, int(one.agreed) // chance.randint(12, 30) // packs[one.product_id])
        * packs[one.product_id]
        for one in chosen
        if one.product_id is not None
    }
    lines = [Wanted(product, Decimal(quantity)) for product, quantity in wanted.items()]
    plans.keep(session, plan_id=made.id, version=made.version, lines=lines, actor=actor, at=at)
    return made


def place(stage: Stage, day: int, title: str, department: str, chance: random.Random, count: int) -> list[int]:
    """Plan and place orders on a day; return them."""
    with stage.at(stage.day(day, 9)) as session:
        plan = _plan(session, stage, title, department, chance, count, at=stage.day(day, 9))
        plans.submit(session, plan_id=plan.id, version=plan.version, actor=stage.hospital(0), at=stage.day(day, 9))
        plan_id = plan.id
    at = stage.day(day, 10)
    with stage.at(at) as session:
        return [one.id for one in plans.approve(session, plan_id=plan_id, actor=stage.actor(SECOND), at=at)]


def deliver(stage: Stage, orders: list[int], day: int) -> None:
    """Confirm, ship and receive orders on the days after they were placed."""
    for order_id in orders:
        with stage.at(stage.day(day)) as session:
            order = session.get_one(Order, order_id)
            company = stage.company(order.deliverer_id)
            answers.confirm(session, order_id=order_id, actor=company, at=stage.day(day))
            expires = today(stage.now) + timedelta(days=500)
            batches = [Batch(line.id, f"B{line.id:06d}", expires, line.quantity) for line in order.lines]
            shipment = shipping.ship(session, order_id=order_id, batches=batches, actor=company, at=stage.day(day))
        with stage.at(stage.day(day + 3)) as session:
            hospital = stage.hospital(0)
            found = order_queries.shipment(session, shipment.id, hospital)
            arrived = {line.id: Arrived(line.quantity) for line in found.lines}
            receiving.receive(session, shipment_id=found.id, arrived=arrived, actor=hospital, at=stage.day(day + 3))
