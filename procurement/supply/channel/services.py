"""File an emergency purchase; tell both sides when the hour for it has passed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kernel.audit.services import record
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import Role
from kernel.clock import after_lock
from kernel.errors import Conflict, Invalid, Issue
from kernel.files.services import keep
from kernel.notices.services import notify
from procurement.orders.flow import OrderKind
from procurement.orders.models.orders import Order
from procurement.orders.queries import orders
from procurement.orders.services.answers import must_buy
from procurement.orders.services.channel import DEAD
from procurement.supply.channel import queries
from procurement.supply.channel.flow import FILING_FLOW, FilingAction, standing
from procurement.supply.channel.models import EmergencyFiling
from procurement.tags import Tag

BATCH = 200


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that goes with a filing."""

    name: str
    content: bytes


def file(
    session: Session, *, order_id: int, ground: str, document: str, papers: Sequence[Paper] = (), actor: Actor,
    at: datetime,
) -> Order:  # fmt: skip
    """File an emergency purchase, also late: why it was one, and the paper it rests on."""
    order = orders.held(session, order_id, actor)
    must_buy(order, actor)
    now = after_lock(session)
    if order.kind is not OrderKind.EMERGENCY or order.file_by is None or order.state in DEAD:
        raise Conflict("emergency-not-due", number=order.number)
    FILING_FLOW.after(standing(order.file_by, order.filed_at, now), FilingAction.FILE)
    wrong = {
        name: Issue("needed") for name, text in (("ground", ground), ("document", document)) if not text.strip()
    }  # fmt: skip
    if wrong:
        raise Invalid(wrong)
    made = queries.filing(session, order.id) or EmergencyFiling(order_id=order.id)
    made.ground, made.document, made.filed_by_id, made.filed_at = ground.strip(), document.strip(), actor.user_id, now
    session.add(made)
    session.flush()  # its papers name its id
    for one in papers:
        keep(
            session, parent_kind="emergency_filing", parent_id=made.id, name=one.name, content=one.content, actor=actor,
            at=at, field="papers",
        )  # fmt: skip
    order.filed_at = now
    facts = {"document": made.document, "papers": len(papers), "late": now >= order.file_by}
    record(session, Tag.EMERGENCY_FILED, order, actor, at, facts)
    return order


def remind_due(session: Session, *, at: datetime, most: int = BATCH) -> int:
    """Tell hospital and agency once of each emergency purchase whose hour to be filed has passed; return how many."""
    told = select(EmergencyFiling.order_id).where(EmergencyFiling.overdue_at.is_not(None))
    query = (
        select(Order)
        .where(Order.file_by <= at, Order.file_by.is_not(None), Order.filed_at.is_(None))
        .where(Order.state.not_in(DEAD), Order.id.not_in(told))
        .options(joinedload(Order.hospital))
        .order_by(Order.id)
        .limit(most)
        .with_for_update(of=Order, skip_locked=True)
    )
    found = session.scalars(query).all()
    for order in found:
        session.add(EmergencyFiling(order_id=order.id, overdue_at=order.file_by))
        record(session, Tag.EMERGENCY_OVERDUE, order, SYSTEM, at, {"due": order.file_by})
        facts = {"number": order.number, "hospital": order.hospital.name}
        url = f"/procurement/emergencies/{order.id}"
        notify(session, code="emergency-overdue", facts=facts, organisations=[order.hospital_id], url=url, at=at)
        roles = (Role.AGENCY_OFFICER, Role.AGENCY_REVIEWER)
        notify(session, code="emergency-overdue", facts=facts, roles=roles, url=url, at=at)
    return len(found)
