"""The cap on the share of emergency purchases, held when one is handed in and again when it is placed.

Source: trading.md, "Order": the emergency green channel alone defers listing and filing, and its share is capped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.errors import Conflict
from kernel.money import round_ratio
from kernel.parties.models import Organisation
from procurement.orders.flow import OrderKind, OrderState
from procurement.orders.models.orders import Order
from procurement.orders.models.plans import Plan, PlanLine
from procurement.orders.rules import ZERO, policy, worth
from procurement.orders.services.sources import Source

DEAD = (OrderState.REFUSED, OrderState.EXPIRED, OrderState.CANCELLED)
"""Orders that nothing was bought by."""
YEAR = timedelta(days=365)


def bought(session: Session, hospital_id: int, at: datetime) -> tuple[Decimal, Decimal]:
    """Return what a hospital bought in the last 365 days in emergencies, and in all, in yuan."""
    query = select(Order.kind, func.sum(Order.amount, type_=Order.amount.type)).group_by(Order.kind)
    query = query.where(Order.hospital_id == hospital_id, Order.placed_at > at - YEAR, Order.state.not_in(DEAD))
    found = {row[0]: row[1] for row in session.execute(query)}
    return found.get(OrderKind.EMERGENCY, ZERO), sum(found.values(), ZERO)


def must_be_within(
    session: Session, plan: Plan, lines: Sequence[PlanLine], priced: Mapping[int, Source], at: datetime, *, lock: bool
) -> None:
    """Refuse an emergency plan that brings the hospital's share above its region's; a cap nobody set refuses nothing.

    `lock` keeps the hospital's row, so that two plans placed at once do not both fit.
    """
    cap = policy(plan.hospital.region_code or "").get("emergency.share")
    if plan.kind is not OrderKind.EMERGENCY or cap is None or not cap.is_set:
        return
    if lock:
        session.scalars(select(Organisation.id).where(Organisation.id == plan.hospital_id).with_for_update()).one()
    amount = sum((worth(priced[line.product_id].price, line.quantity) for line in lines), ZERO)
    emergency, total = bought(session, plan.hospital_id, at)
    share = round_ratio((emergency + amount) / (total + amount)) if total + amount else ZERO
    if share > cap.value:
        raise Conflict("emergency-beyond-share", share=f"{share:.1%}", cap=f"{cap.value:.1%}")
