"""A hospital reports a shortage, the producer answers, a substitute or a backup steps in, a breach is sent onward."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.audit.services import record
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import P, Role
from kernel.auth.second import must_be_another
from kernel.clock import after_lock, today
from kernel.errors import Conflict, Forbidden, Invalid, Issue
from kernel.notices.services import notify
from kernel.parties.models import Organisation
from pricing.credit.flow import Matter
from pricing.credit.services import report_fact
from procurement.orders.models.plans import Plan
from procurement.orders.queries import orders, plans
from procurement.orders.rules import due
from procurement.orders.services import plans as planning
from procurement.orders.services.plans import Wanted, own_hospital
from procurement.supply.rules import policy
from procurement.supply.shortages import queries
from procurement.supply.shortages.backups.services import proposed
from procurement.supply.shortages.flow import (
    SHORTAGE_FLOW,
    TAKE_OVER_FLOW,
    Cause,
    Ending,
    Reply,
    ShortageAction,
    ShortageState,
    TakeOverAction,
    TakeOverState,
)
from procurement.supply.shortages.models import Shortage, TakeOver
from procurement.tags import Tag

BATCH = 200
AGENCY = (Role.AGENCY_OFFICER, Role.AGENCY_REVIEWER)


@dataclass(frozen=True, slots=True)
class Report:
    """What a hospital says: what it needs, has, and uses a day, in units; the order that was not supplied, if any."""

    product_id: int
    needed: Decimal
    stock: Decimal
    daily: Decimal
    note: str = ""
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the producer says; units and the day of supply where it can supply at all."""

    reply: Reply
    cause: Cause | None = None
    supplies: Decimal | None = None
    supplies_on: date | None = None
    note: str = ""


def report(session: Session, *, said: Report, actor: Actor, at: datetime) -> Shortage:
    """Report a product short; its producer has a set time to answer. One open shortage a hospital and product."""
    hospital = session.get_one(Organisation, own_hospital(actor))
    product = plans.products(session, [said.product_id]).get(said.product_id)
    if product is None:
        raise Invalid({"product_id": Issue("product-unknown", value=str(said.product_id))})
    if said.needed <= 0 or said.stock < 0 or said.daily <= 0:
        raise Invalid({"needed": Issue("quantity-not-positive", value=str(said.needed))})
    if hospital.region_code is None:
        raise Conflict("hospital-without-region")
    if queries.open_of(session, hospital.id, product.id) is not None:
        raise Conflict("shortage-open-already", product=product.registered_name)
    if said.order_id is not None:
        _must_hold(session, said.order_id, product, actor)
    made = Shortage(
        hospital_id=hospital.id, company_id=product.company_id, product_id=product.id, region_code=hospital.region_code,
        order_id=said.order_id, needed=said.needed, stock=said.stock, daily=said.daily, note=said.note.strip(),
        state=ShortageState.REPORTED, reported_by_id=actor.user_id, reported_at=at,
        due_at=due(at, policy(hospital.region_code).value("answer.within")),
    )  # fmt: skip
    session.add(made)
    session.flush()  # notices and events name its id
    record(session, Tag.SHORTAGE_REPORTED, made, actor, at, {"product": product.registered_name, "due": made.due_at})
    _tell(session, made, "shortage-reported", [made.company_id], at)
    return made


def _must_hold(session: Session, order_id: int, product: Product, actor: Actor) -> None:
    """Refuse an order of somebody else's, or one that the product is not in."""
    order = orders.one(session, order_id, actor)
    if product.id not in {line.product_id for line in order.lines}:
        raise Invalid({"order_id": Issue("shortage-other-order", value=order.number)})


def settle(session: Session, shortage: Shortage, at: datetime) -> None:
    """Write down that the producer's time to answer is over, and tell the agency and both parties."""
    state = shortage.state_at(at)
    if state is shortage.state:
        return
    shortage.state = SHORTAGE_FLOW.after(shortage.state, ShortageAction.LAPSE)
    record(session, Tag.SHORTAGE_LAPSED, shortage, SYSTEM, at, {"due": shortage.due_at})
    _tell(session, shortage, "shortage-unanswered", [shortage.company_id, shortage.hospital_id], at)
    _tell(session, shortage, "shortage-unanswered", [], at, roles=AGENCY)


def settle_due(session: Session, *, at: datetime, most: int = BATCH) -> int:
    """Settle shortages whose hour has passed; return how many. The job's verb: it only speeds up."""
    query = select(Shortage).where(Shortage.state == ShortageState.REPORTED, Shortage.due_at <= at)
    query = query.order_by(Shortage.id).limit(most).with_for_update(of=Shortage, skip_locked=True)
    found = session.scalars(query).all()
    for shortage in found:
        settle(session, shortage, at)
    return len(found)


def answer(session: Session, *, shortage_id: int, said: Answer, actor: Actor, at: datetime) -> Shortage:
    """The producer answers, also late; until the shortage is over it may change what it said."""
    shortage = queries.held(session, shortage_id, actor)
    if actor.organisation_id != shortage.company_id:
        raise Forbidden
    now = after_lock(session)
    settle(session, shortage, now)
    state = SHORTAGE_FLOW.after(shortage.state, ShortageAction.ANSWER)
    _must_be_whole(said, today(now))
    shortage.state, shortage.reply, shortage.cause = state, said.reply, said.cause
    supplies = said.reply is not Reply.NONE
    shortage.supplies = said.supplies if supplies else None
    shortage.supplies_on = said.supplies_on if supplies else None
    shortage.reply_note, shortage.answered_by_id, shortage.answered_at = said.note.strip(), actor.user_id, now
    shortage.first_answered_at = shortage.first_answered_at or now
    facts = {"reply": said.reply, "cause": said.cause, "supplies": shortage.supplies, "on": shortage.supplies_on}
    record(session, Tag.SHORTAGE_ANSWERED, shortage, actor, at, facts)
    _tell(session, shortage, "shortage-answered", [shortage.hospital_id], at, roles=(Role.PHARMACIST, Role.PHARMACY))
    return shortage


def _must_be_whole(said: Answer, day: date) -> None:
    wrong: dict[str, Issue] = {}
    if said.reply is not Reply.NONE:
        if said.supplies is None or said.supplies <= 0:
            wrong["supplies"] = Issue("quantity-not-positive", value=str(said.supplies or ""))
        if said.supplies_on is None or said.supplies_on < day:
            wrong["supplies_on"] = Issue("shortage-day-past")
    if said.reply is not Reply.ALL and said.cause is None:
        wrong["cause"] = Issue("needed")
    if said.cause is Cause.OTHER and not said.note.strip():
        wrong["note"] = Issue("needed")
    if wrong:
        raise Invalid(wrong)


def close(session: Session, *, shortage_id: int, ending: Ending, actor: Actor, at: datetime) -> Shortage:
    """The hospital says that the shortage is over, or that it was none."""
    shortage = _own(session, shortage_id, actor)
    found = queries.take_over_of(session, shortage.id)
    arranged = found is not None and found.state is TakeOverState.ARRANGED
    if ending not in (Ending.SUPPLIED, Ending.WITHDRAWN) and not (arranged and ending is Ending.TAKEN_OVER):
        raise Invalid({"ending": Issue("unknown-choice", value=ending)})
    return _end(session, shortage, ending, actor, at)


def _own(session: Session, shortage_id: int, actor: Actor) -> Shortage:
    shortage = queries.held(session, shortage_id, actor)
    if own_hospital(actor) != shortage.hospital_id:
        raise Forbidden
    settle(session, shortage, after_lock(session))
    return shortage


def _end(session: Session, shortage: Shortage, ending: Ending, actor: Actor, at: datetime) -> Shortage:
    shortage.state = SHORTAGE_FLOW.after(shortage.state, ShortageAction.CLOSE)
    shortage.ending, shortage.closed_by_id, shortage.closed_at = ending, actor.user_id, at
    record(session, Tag.SHORTAGE_CLOSED, shortage, actor, at, {"ending": ending})
    _tell(session, shortage, "shortage-closed", [shortage.company_id], at)
    return shortage


def substitute(session: Session, *, shortage_id: int, product_id: int, actor: Actor, at: datetime) -> Plan:
    """Take a substitute instead: a purchase plan is begun with it, and the shortage is over."""
    shortage = _own(session, shortage_id, actor)
    offered = {one.product.id: one for one in queries.substitutes(session, shortage, at)}
    chosen = offered.get(product_id)
    if chosen is None or chosen.kind is None:
        raise Conflict("shortage-no-substitute")
    title = f"{shortage.number} {chosen.product.registered_name}"
    plan = planning.create(session, kind=chosen.kind, title=title, actor=actor, at=at)
    line = Wanted(product_id, shortage.needed)
    planning.keep(session, plan_id=plan.id, version=plan.version, lines=[line], actor=actor, at=at)
    shortage.substitute_id = product_id
    _end(session, shortage, Ending.SUBSTITUTED, actor, at)
    return plan


def ask_take_over(session: Session, *, shortage_id: int, reason: str, actor: Actor, at: datetime) -> TakeOver:
    """Ask that a backup supplier step in; only of what the producer can't supply or is silent about."""
    shortage = queries.held(session, shortage_id, actor)
    if actor.organisation_id != shortage.hospital_id:
        actor.must(P.SHORTAGE_DECIDE)
    now = after_lock(session)
    settle(session, shortage, now)
    if not queries.unsupplied(shortage, now):
        raise Conflict("take-over-not-due", number=shortage.number)
    if queries.take_over_of(session, shortage.id) is not None:
        raise Conflict("take-over-asked-already", number=shortage.number)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    made = TakeOver(
        shortage_id=shortage.id, state=TakeOverState.ASKED, reason=reason.strip(), asked_by_id=actor.user_id,
        asked_at=at,
    )  # fmt: skip
    session.add(made)
    record(session, Tag.TAKE_OVER_ASKED, shortage, actor, at, {"reason": made.reason})
    _tell(session, shortage, "take-over-asked", [], at, roles=AGENCY)
    return made


def decide_take_over(
    session: Session, *, shortage_id: int, arranged: bool, backup_id: int | None, note: str, actor: Actor, at: datetime
) -> TakeOver:
    """The agency names the company that steps in, or says why none does; another person than who asked.

    Where it is in line for agreed volume that is left, the take-over of the region is proposed to a second person.
    """
    shortage = queries.held(session, shortage_id, actor)
    found = queries.take_over_of(session, shortage.id)
    actor.must(P.SHORTAGE_DECIDE)
    if found is None:
        raise Conflict("take-over-not-asked", number=shortage.number)
    action = TakeOverAction.ARRANGE if arranged else TakeOverAction.REFUSE
    state = TAKE_OVER_FLOW.after(found.state, action)
    must_be_another(actor, found.asked_by_id)
    if arranged:
        found.moving = proposed(session, shortage, backup_id, reason=found.reason, actor=actor, at=at)
    elif not note.strip():
        raise Invalid({"note": Issue("needed")})
    found.state, found.backup_id, found.note = state, backup_id if arranged else None, note.strip()
    found.decided_by_id, found.decided_at = actor.user_id, at
    facts = {"take_over": state, "backup": found.backup_id, "note": found.note}
    record(session, Tag.TAKE_OVER_DECIDED, shortage, actor, at, facts)
    told = [shortage.hospital_id, shortage.company_id, *([backup_id] if arranged and backup_id else [])]
    _tell(session, shortage, "take-over-decided", told, at)
    return found


def send_breach(session: Session, *, shortage_id: int, note: str, actor: Actor, at: datetime) -> Shortage:
    """The agency sends a breach to credit: agreed volume that the producer does not supply, or is silent about."""
    shortage = queries.held(session, shortage_id, actor)
    actor.must(P.SHORTAGE_DECIDE)
    now = after_lock(session)
    settle(session, shortage, now)
    if shortage.fact_id is not None:
        raise Conflict("breach-sent-already", number=shortage.number)
    if not queries.unsupplied(shortage, now):
        raise Conflict("breach-not-due", number=shortage.number)
    if not note.strip():
        raise Invalid({"note": Issue("needed")})
    text = f"{shortage.number} {shortage.product.registered_name} {note.strip()}"
    fact = report_fact(
        session, company_id=shortage.company_id, matter=Matter.BREACH, subject_kind="shortage",
        subject_id=shortage.id, region_code=shortage.region_code, happened_on=today(shortage.due_at), note=text,
        actor=actor, at=at,
    )  # fmt: skip
    shortage.fact_id = fact.id
    record(session, Tag.BREACH_SENT, shortage, actor, at, {"credit_fact": fact.id, "note": note.strip()})
    _tell(session, shortage, "breach-sent", [shortage.company_id], at)
    return shortage


def _tell(
    session: Session, shortage: Shortage, code: str, organisations: list[int], at: datetime,
    roles: tuple[Role, ...] = (),
) -> None:  # fmt: skip
    facts = {"number": shortage.number, "product": shortage.product.registered_name, "due": shortage.due_at.isoformat()}
    url = f"/procurement/shortages/{shortage.id}"
    notify(session, code=code, facts=facts, organisations=organisations, roles=roles, url=url, at=at)
