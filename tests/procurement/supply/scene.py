"""Shortages and emergency purchases of the market."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from procurement.agreements.models import Agreement
from procurement.orders.flow import OrderKind
from procurement.orders.models.orders import Order
from procurement.orders.services import plans
from procurement.orders.services.plans import Wanted
from procurement.supply.shortages import services
from procurement.supply.shortages.models import Shortage
from procurement.supply.shortages.services import Report
from tests.procurement.orders.market import NOW, Market


def substitute(session: Session, market: Market) -> None:
    """Let company2 make what a is made of, and agree on it with the first hospital."""
    short = session.get_one(Product, market.products["a"])
    made = Product(
        company_id=market.organisations["company2"], specification_id=short.specification_id,
        registered_name="阿莫西林片", approval_number="国药准字H99999999", pack=12,
    )  # fmt: skip
    session.add(made)
    session.flush()
    market.products["a2"] = made.id
    first = session.get_one(Agreement, market.agreements["h1", "a"])
    session.add(
        Agreement(
            award_id=first.award_id, hospital_id=first.hospital_id, company_id=made.company_id, product_id=made.id,
            specification_id=made.specification_id, year=2, starts=date(2026, 1, 1), ends=date(2027, 1, 1),
            price=Decimal("0.2"), agreed=Decimal(500), used=Decimal(0),
        )
    )  # fmt: skip
    session.flush()


def report(session: Session, market: Market, who: str = "h1", stock: int = 20, at: datetime = NOW) -> Shortage:
    """Report a short: 300 needed, 10 used a day."""
    said = Report(market.products["a"], Decimal(300), Decimal(stock), Decimal(10), "连续两次拒单")
    return services.report(session, said=said, actor=market.actors[who], at=at)


def emergency(session: Session, market: Market, who: str = "h1", at: datetime = NOW, count: int = 5) -> Order:
    """Buy a in an emergency."""
    actor = market.actors[who]
    plan = plans.create(
        session, kind=OrderKind.EMERGENCY, title="抢救用药", reason="批量伤员抢救", actor=actor, at=at
    )  # fmt: skip
    lines = [Wanted(market.products["a"], Decimal(count))]
    plans.keep(session, plan_id=plan.id, version=plan.version, lines=lines, actor=actor, at=at)
    plans.submit(session, plan_id=plan.id, version=plan.version, actor=actor, at=at)
    return plans.approve(session, plan_id=plan.id, actor=market.actors[f"{who}-second"], at=at)[0]
