"""What arrived, as the monitoring of prices counts it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, Select, String, case, cast, func, literal, select, type_coerce
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product, Specification, Variety
from kernel.auth.actor import Actor
from kernel.columns import Amount
from kernel.money import round_ratio
from kernel.parties.models import Organisation
from kernel.periods import Period, midnight, month_of, months
from kernel.sets import among
from pricing.monitoring.flow import Ground
from pricing.monitoring.models import PurchaseMonth
from pricing.monitoring.queries.own import Kept
from procurement.agreements.models import Agreement
from procurement.orders.figures.flow import Level
from procurement.orders.figures.models import TradeMonth
from procurement.orders.figures.queries import sums as figures
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.shipments import Shipment, ShipmentLine
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round

NOBODY_SAID = "-"
"""The grade of a hospital that has none; '' are all grades."""
KEPT = ShipmentLine.received - ShipmentLine.returned


def _source() -> ColumnElement[str]:
    round_ = literal(f"{Ground.ROUND}/") + Round.code
    return case((Round.id.is_not(None), round_), else_=type_coerce(Order.kind, String())).label("source")


def _joined(query: Select[Any]) -> Select[Any]:
    """Join batches with their orders, hospitals and, where they were bought by an agreement, rounds."""
    return (
        query.join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .join(OrderLine, OrderLine.id == ShipmentLine.line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Organisation, Organisation.id == Order.hospital_id)
        .outerjoin(Agreement, Agreement.id == OrderLine.agreement_id)
        .outerjoin(Award, Award.id == Agreement.award_id)
        .outerjoin(Round, Round.id == Award.round_id)
    )


def _place() -> tuple[ColumnElement[str], ColumnElement[str]]:
    """Return the city of a purchase and the grade of its hospital."""
    city = (func.substr(Order.region_code, 1, 4) + "00").label("region_code")
    return city, func.coalesce(func.nullif(Organisation.grade, ""), NOBODY_SAID).label("grade")


def batches(session: Session, ids: Collection[int]) -> dict[int, Any]:
    """Return of batches when they arrived, what they are, where and on what ground they were bought, at what price."""
    columns: Sequence[Any] = (
        ShipmentLine.id,
        Shipment.received_at,
        OrderLine.product_id,
        *_place(),
        _source(),
        OrderLine.price,
    )
    query = _joined(select(*columns).select_from(ShipmentLine)).where(among(ShipmentLine.id, ids))
    return {row.id: row for row in session.execute(query)}


def arrived(session: Session) -> Select[Any]:
    """Return the query of everything that arrived and was kept, a row a batch, with the columns of a Fact."""
    lite = session.get_bind().dialect.name == "sqlite"
    columns = (
        _month(lite).label("month"), OrderLine.product_id.label("product_id"), *_place(), _source(),
        KEPT.label("quantity"), _amount(lite).label("amount"),
    )  # fmt: skip
    query = _joined(select(*columns).select_from(ShipmentLine))
    return query.where(Shipment.received_at.is_not(None), KEPT != 0)


def kept(session: Session, hospital_id: int, start: date, last: date) -> list[Kept]:
    """Return what one buyer received and kept in the months from `start` to `last`, from its own orders alone."""
    own = arrived(session).where(
        Order.hospital_id == hospital_id,
        Shipment.received_at >= midnight(start),
        Shipment.received_at < midnight(month_of(last, 1)),
    )
    batch = own.subquery()
    by = batch.c.month, Product.specification_id, Product.company_id, Variety.kind, batch.c.source
    sums = [func.sum(batch.c[name], type_=batch.c[name].type) for name in ("quantity", "amount")]
    query = (
        select(*by, *sums)
        .select_from(batch)
        .join(Product, Product.id == batch.c.product_id)
        .join(Specification, Specification.id == Product.specification_id)
        .join(Variety, Variety.id == Specification.variety_id)
        .group_by(*by)
    )
    return [
        Kept(month, (specification, company), goods, source, quantity, amount)
        for month, specification, company, goods, source, quantity, amount in session.execute(query)
    ]


def _month(lite: bool) -> ColumnElement[Any]:
    """Return the first day of the month in Beijing in which a shipment arrived."""
    if lite:
        return type_coerce(func.strftime("%Y-%m-01", Shipment.received_at, "+8 hours"), Date())
    return cast(func.date_trunc("month", func.timezone("Asia/Shanghai", Shipment.received_at)), Date())


def _amount(lite: bool) -> ColumnElement[Any]:
    """Return price × quantity, rounded half up to 0.01 as rules.worth does; SQLite keeps whole numbers."""
    if lite:
        whole = type_coerce(OrderLine.price, BigInteger()) * type_coerce(KEPT, BigInteger())
        return type_coerce((whole + 50_000) // 100_000, Amount())
    return type_coerce(func.round(OrderLine.price * KEPT, 2), Amount())


def bought(session: Session) -> dict[date, Decimal]:
    """Return what the figures of purchasing sum up to in each month in which something arrived."""
    column = TradeMonth.bought
    query = select(TradeMonth.month, func.sum(column, type_=column.type)).where(TradeMonth.level == Level.HOSPITAL)
    return {month: amount for month, amount in session.execute(query.group_by(TradeMonth.month)) if amount}


def held(session: Session, months: Collection[date]) -> dict[date, Decimal]:
    """Return what the sums of monitoring come to in months."""
    column = PurchaseMonth.amount
    query = select(PurchaseMonth.month, func.sum(column, type_=column.type)).where(PurchaseMonth.month.in_(months))
    query = query.where(PurchaseMonth.region_code == "", PurchaseMonth.grade == "").group_by(PurchaseMonth.month)
    return dict(session.execute(query).all())


@dataclass(frozen=True, slots=True)
class Placed:
    """Order lines placed in a month, in number and yuan, and what arrived of them since."""

    lines: int
    arrived_lines: int
    amount: Decimal
    arrived: Decimal

    @property
    def lines_share(self) -> Decimal | None:
        """Return which share of the lines has arrived, in part at least."""
        return round_ratio(Decimal(self.arrived_lines) / self.lines) if self.lines else None

    @property
    def share(self) -> Decimal | None:
        """Return which share of the ordered amount has arrived."""
        return round_ratio(self.arrived / self.amount) if self.amount else None


def placed(session: Session, actor: Actor, span: Period, region: str = "") -> dict[date, Placed]:
    """Return the order lines of the months of a span as the actor may see them: a buyer and a supplier their own."""
    asked = figures.Asked("", span, None, region)
    held = figures.by_month(session, actor, asked, len(months(span)))
    return {
        month: Placed(int(one["specs"]), int(one["specs_delivered"]), one["amount"], one["delivered"])
        for month, one in held.items()
        if one["specs"]
    }
