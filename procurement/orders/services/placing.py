"""Turn an approved plan into orders: one for each company and deliverer, lines within and beyond the agreements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel.clock import beijing
from kernel.errors import Conflict
from kernel.notices.services import notify
from pricing.credit.flow import Act
from pricing.credit.queries import may_act
from procurement.agreements.deliveries.queries import deliverers
from procurement.agreements.ledger import services as ledger
from procurement.agreements.ledger.flow import Move
from procurement.orders.flow import OrderKind, OrderState
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.plans import Plan, PlanLine
from procurement.orders.rules import ZERO, due, policy
from procurement.orders.services import volumes
from procurement.orders.services.sources import Share, Source, shares

NUMBER = "{prefix}{day:%Y%m%d}{plan:07d}-{count:03d}"
"""Numbers of orders: the plan makes them unique, the day makes them readable."""


def place(
    session: Session, plan: Plan, lines: Sequence[PlanLine], priced: Mapping[int, Source], at: datetime
) -> list[Order]:
    """Write the orders of a plan whose agreements are locked, take their volume, post it, and tell the suppliers."""
    region = plan.hospital.region_code
    if region is None:
        raise Conflict("hospital-without-region")
    _must_be_allowed(session, {line.product.company_id: line.product.company.name for line in lines}, region, at)
    products = {line.product_id: line.product for line in lines}
    named = deliverers(session, hospital_id=plan.hospital_id, region_code=region, products=products)
    made: dict[tuple[int, int], Order] = {}
    wanted: dict[int, Decimal] = {}
    for line in lines:
        key = line.product.company_id, named[line.product_id]
        order = made.get(key) or made.setdefault(key, _order(plan, region, *key, len(made) + 1, at))
        parts = shares(priced[line.product_id], line.quantity, wanted)
        order.lines += [_line(line, part) for part in parts]
    for order in made.values():
        order.lines_count = len(order.lines)
        order.amount = sum((one.amount for one in order.lines), ZERO)
    session.add_all(made.values())
    session.flush()
    volumes.take(session, wanted)
    posted = [
        volumes.posting(order, one, Move.ORDER, one.quantity, one.id) for order in made.values() for one in order.lines
    ]
    ledger.post(session, posted, at=at)
    by_deliverer = Counter(order.deliverer_id for order in made.values())
    for deliverer, count in by_deliverer.items():
        facts = {"hospital": plan.hospital.name, "count": count}
        notify(session, code="orders-placed", facts=facts, organisations=[deliverer], url="/procurement/orders", at=at)
    return list(made.values())


def _must_be_allowed(session: Session, companies: Mapping[int, str], region: str, at: datetime) -> None:
    """Refuse companies whose credit bars them from orders in the region, all at once."""
    standing = may_act(session, company_ids=companies.keys(), act=Act.ORDER, region_code=region, at=at)
    barred = [companies[key] for key, one in standing.items() if not one.allowed]
    if barred:
        raise Conflict("companies-barred", companies=barred)


def _order(plan: Plan, region: str, company_id: int, deliverer_id: int, count: int, at: datetime) -> Order:
    periods = policy(region)
    file_by = due(at, periods.value("emergency.file_within")) if plan.kind is OrderKind.EMERGENCY else None
    return Order(
        number=NUMBER.format(prefix="CG", day=beijing(at), plan=plan.id, count=count), plan_id=plan.id, kind=plan.kind,
        hospital_id=plan.hospital_id, company_id=company_id, deliverer_id=deliverer_id, region_code=region,
        state=OrderState.PLACED, placed_at=at, due_at=due(at, periods.value("confirm.within")), file_by=file_by,
        lines=[],
    )  # fmt: skip


def _line(line: PlanLine, part: Share) -> OrderLine:
    return OrderLine(
        product_id=line.product_id, product=line.product, agreement_id=part.agreement_id, beyond=part.beyond,
        price=part.price, quantity=part.quantity, amount=part.amount, cancelled=ZERO, shipped=ZERO, rejected=ZERO,
        received=ZERO, returned=ZERO,
    )  # fmt: skip
