"""Turn an approved plan into orders: one for each company and deliverer, lines within and beyond the agreements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.clock import beijing
from kernel.db import insert_rows
from kernel.errors import Conflict, Said
from kernel.notices.services import notify
from kernel.parties.models import Organisation
from kernel.sets import among
from pricing.credit.acting.queries import may_act
from pricing.credit.flow import Act
from procurement.agreements.deliveries.queries import deliverers
from procurement.agreements.ledger import services as ledger
from procurement.agreements.ledger.flow import Move
from procurement.agreements.ledger.services import Posting
from procurement.orders.flow import OrderKind, OrderState
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.plans import Plan, PlanLine
from procurement.orders.rules import ZERO, due, policy
from procurement.orders.services import volumes
from procurement.orders.services.sources import Share, Source, shares

NUMBER = "{prefix}{day:%Y%m%d}{plan:07d}-{count:03d}"
"""Numbers of orders: the plan makes them unique, the day makes them readable."""
BARRED = "%(who)s (%(why)s)"
PARTS = ("agreement_id", "beyond", "price", "quantity", "amount")
MOVED = ("cancelled", "shipped", "rejected", "received", "returned")


def place(
    session: Session, plan: Plan, lines: Sequence[PlanLine], priced: Mapping[int, Source], at: datetime
) -> list[Order]:
    """Write the orders of a plan whose agreements are locked, take their volume, post it, and tell the suppliers."""
    region = plan.hospital.region_code
    if region is None:
        raise Conflict("hospital-without-region")
    products = {line.product_id: line.product for line in lines}
    named = deliverers(session, hospital_id=plan.hospital_id, region_code=region, products=products)
    _must_be_allowed(session, products, named, region, at)
    parts: dict[tuple[int, int], list[tuple[Product, Share]]] = defaultdict(list)
    wanted: dict[int, Decimal] = {}
    for line in lines:
        held = parts[line.product.company_id, named[line.product_id]]
        held += [(line.product, one) for one in shares(priced[line.product_id], line.quantity, wanted)]
    made = {key: _order(plan, region, *key, count, held, at) for count, (key, held) in enumerate(parts.items(), 1)}
    session.add_all(made.values())
    session.flush()
    volumes.take(session, wanted)
    ledger.post(session, _written(session, [(made[key], *one) for key, held in parts.items() for one in held]), at=at)
    by_deliverer = Counter(order.deliverer_id for order in made.values())
    for deliverer, count in by_deliverer.items():
        facts = {"hospital": plan.hospital.name, "count": count}
        notify(session, code="orders-placed", facts=facts, organisations=[deliverer], url="/procurement/orders", at=at)
    return list(made.values())


def _must_be_allowed(
    session: Session, products: Mapping[int, Product], named: Mapping[int, int], region: str, at: datetime
) -> None:
    """Refuse producers, deliverers and products whose credit bars them from orders in the region, all at once."""
    ids = {one.company_id for one in products.values()} | set(named.values())
    standing = may_act(session, company_ids=ids, act=Act.ORDER, region_codes=[region], at=at)
    closed = sorted(key for key, one in standing.items() if not one.allowed)
    query = select(Organisation.id, Organisation.name).where(among(Organisation.id, closed))
    barred = [Said(BARRED, who=name, why=standing[key].reason) for key, name in session.execute(query)]
    barred += [
        Said(BARRED, who=f"{one.company.name} {one.registered_name}", why=standing[one.company_id].products[key])
        for key, one in products.items()
        if one.company_id not in closed and key in standing[one.company_id].products
    ]
    if barred:
        raise Conflict("companies-barred", companies=barred)


def _order(
    plan: Plan, region: str, company_id: int, deliverer_id: int, count: int, held: Sequence[tuple[Product, Share]],
    at: datetime,
) -> Order:  # fmt: skip
    periods = policy(region)
    file_by = due(at, periods.value("emergency.file_within")) if plan.kind is OrderKind.EMERGENCY else None
    return Order(
        number=NUMBER.format(prefix="CG", day=beijing(at), plan=plan.id, count=count), plan_id=plan.id, kind=plan.kind,
        hospital_id=plan.hospital_id, company_id=company_id, deliverer_id=deliverer_id, region_code=region,
        state=OrderState.PLACED, placed_at=at, due_at=due(at, periods.value("confirm.within")), file_by=file_by,
        lines_count=len(held), amount=sum((one.amount for _product, one in held), ZERO),
    )  # fmt: skip


def _written(session: Session, lines: Sequence[tuple[Order, Product, Share]]) -> list[Posting]:
    """Write the lines of orders in bulk and return what to post of them: ids are given in the order of the rows."""
    columns: dict[str, Sequence[Any]] = {
        "order_id": [order.id for order, _product, _one in lines],
        "product_id": [product.id for _order, product, _one in lines],
        **{name: [getattr(one, name) for *_, one in lines] for name in PARTS},
        **{name: [ZERO] * len(lines) for name in MOVED},
    }
    insert_rows(session, OrderLine.__table__, columns=columns)
    query = select(OrderLine.id).where(OrderLine.order_id.in_(set(columns["order_id"]))).order_by(OrderLine.id)
    return [
        Posting(volumes.owner(order, product.specification_id, one), Move.ORDER, one.quantity, one.amount, key)
        for key, (order, product, one) in zip(session.scalars(query), lines, strict=True)
    ]
