"""Settlement of the demo's first hospital through the fund: a claim in each state, runs, accounts of hospitals."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from importers.demo.stage import SEED, Stage
from kernel.clock import from_beijing, today
from kernel.periods import month_of
from procurement.orders.flow import ShipmentState
from procurement.orders.models.orders import Order
from procurement.orders.models.shipments import Shipment
from procurement.orders.rules import worth
from procurement.settlement.claims import services as claims
from procurement.settlement.fund import queries as accounts
from procurement.settlement.fund import services as fund
from procurement.settlement.fund.services import Due
from procurement.settlement.rules import least_prepayment, prepay_share
from procurement.settlement.runs import services as runs
from procurement.settlement.services import invoicing, matching
from procurement.settlement.services.invoicing import Asked, Draft

COUNT = 6
"""Claims: paid, in a run, approved, awaiting the hospital, returned, withdrawn."""


@dataclass(frozen=True, slots=True)
class Times:
    """Moments of this month's first days, none of them later than today."""

    stage: Stage

    @property
    def month(self) -> date:
        """Return the first day of this month."""
        return month_of(today(self.stage.now))

    def at(self, day: int, hour: int) -> datetime:
        """Return an hour in Beijing of that day of the month, or of today where it has not come."""
        found = min(self.month.replace(day=day), today(self.stage.now))
        return from_beijing(datetime(found.year, found.month, found.day, hour))  # noqa: DTZ001 - a Beijing wall time


def build(stage: Stage) -> None:
    """Claim last month's deliveries until the fourth of this month, and bring each claim to a state of its own."""
    chance, times = random.Random(SEED + 60), Times(stage)  # noqa: S311 - invented sums, the same at every build
    _prepay(stage)
    invoices = _invoices(stage, times)
    if len(invoices) < COUNT:
        return
    with stage.at(times.at(3, 1)) as session:
        made = [
            claims.file(session, hospital_id=stage.cast.hospitals[0].id, invoice_ids=[invoice],
                        actor=stage.company(seller), at=times.at(3, 1)).id
            for invoice, seller in invoices
        ]  # fmt: skip
    _review(stage, times, made, invoices[5][1])
    _pay(stage, times, made)
    _say_dues(stage, times, chance)
    with stage.at(stage.day(0, 6)) as session:
        claims.tell_late(session, at=stage.day(0, 6))


def _invoices(stage: Stage, times: Times) -> list[tuple[int, int]]:
    """Register and match an invoice over each of last month's first deliveries; return them with their sellers."""
    at = times.at(2, 2)
    with stage.at(at) as session:
        made = [
            (invoicing.register(session, draft=_draft(one, count), actor=stage.company(seller), at=at).id, seller)
            for count, (one, seller) in enumerate(_delivered(session, stage, times.month), start=1)
        ]
        ids = [invoice for invoice, _seller in made]
        matching.match(session, invoice_ids=ids, actor=stage.actor("finance"), at=at)
    return made


def _delivered(session: Session, stage: Stage, month: date) -> list[tuple[Shipment, int]]:
    """Return what the first hospital received before this month, with who delivered it."""
    began = from_beijing(datetime(month.year, month.month, 1))  # noqa: DTZ001 - a Beijing wall time
    query = (
        select(Shipment)
        .join(Order, Order.id == Shipment.order_id)
        .where(Order.hospital_id == stage.cast.hospitals[0].id, Shipment.state == ShipmentState.RECEIVED)
        .where(Shipment.received_at < began)
    )
    found = session.scalars(query.order_by(Shipment.id).limit(COUNT)).all()
    return [(one, one.order.deliverer_id) for one in found]


def _draft(shipment: Shipment, count: int) -> Draft:
    issued = today(shipment.received_at or shipment.due_at)
    lines = tuple(Asked(one.id, one.received, one.line.price) for one in shipment.lines)
    total = sum((worth(line.price, line.quantity) for line in lines), Decimal(0))
    return Draft("", f"2632{issued:%Y%m}{count:010}", issued, total, lines)


def _review(stage: Stage, times: Times, made: Sequence[int], seller: int) -> None:
    """The hospital approves three and returns one; the company takes the last one back."""
    at, finance = times.at(4, 3), stage.actor("finance")
    with stage.at(at) as session:
        for claim in made[:3]:
            claims.approve(session, claim_id=claim, actor=finance, at=at)
        claims.return_(session, claim_id=made[4], reason="发票与入库单批号不符，请核对后重新申报", actor=finance, at=at)
        claims.withdraw(session, claim_id=made[5], actor=stage.company(seller), at=at)


def _pay(stage: Stage, times: Times, made: Sequence[int]) -> None:
    """One run is paid, another one waits for its second person."""
    at, agency = times.at(5, 4), stage.actor("agency")
    with stage.at(at) as session:
        first = runs.prepare(session, claim_ids=made[:1], actor=agency, at=at).id
    with stage.at(times.at(5, 5)) as session:
        runs.pay(
            session, fund_run_id=first, reference=f"YB{at:%Y%m}001", paid_on=today(at),
            actor=stage.actor("reviewer"), at=times.at(5, 5),
        )  # fmt: skip
        runs.prepare(session, claim_ids=made[1:2], actor=agency, at=times.at(5, 5))


def _prepay(stage: Stage) -> None:
    """Prepay the least share of the first round's budget to two hospitals, before it started."""
    at, agency = stage.day(-350, 9), stage.actor("agency")
    with stage.at(at) as session:
        first = accounts.rounds(session)[-1].id
        for hospital in stage.cast.hospitals[:2]:
            budget = accounts.agreed(session, first, hospital.id).worth
            share = prepay_share(hospital.region_code or "")
            if budget:
                fund.prepay(session, hospital_id=hospital.id, round_id=first, budget=budget,
                            amount=least_prepayment(budget, share), note="执行前预付", actor=agency, at=at)  # fmt: skip


def _say_dues(stage: Stage, times: Times, chance: random.Random) -> None:
    """Enter what four hospitals are due for the last two months; after the first, prepayments are set off."""
    agency, last = stage.actor("agency"), month_of(times.month, -1)
    for month, at in ((month_of(last, -1), stage.day(-32, 9)), (last, times.at(5, 6))):
        dues = [Due(one.id, month, Decimal(chance.randint(20_000, 90_000)), "住院与门诊统筹")
                for one in stage.cast.hospitals[:4]]  # fmt: skip
        with stage.at(at) as session:
            fund.say_due(session, dues=dues, actor=agency, at=at)
            if month != last:
                fund.offset(session, actor=agency, at=at)
