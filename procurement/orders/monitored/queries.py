"""What arrived, as the monitoring of prices counts it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, Select, String, case, cast, func, literal, select, type_coerce
from sqlalchemy.orm import Session

from kernel.columns import Amount
from kernel.parties.models import Organisation
from kernel.sets import among
from pricing.monitoring.flow import Ground
from pricing.monitoring.models import PurchaseMonth
from procurement.agreements.models import Agreement
from procurement.orders.figures.flow import Level
from procurement.orders.figures.models import TradeMonth
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
