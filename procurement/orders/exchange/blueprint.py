"""The map of the exchange with hospital systems."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.routes import Api
from procurement.orders.exchange import api as calls
from procurement.orders.exchange import schemas

READ, PLAN, POST = P.ORDER_READ, P.ORDER_PLAN, ("POST",)


def mount(api: Api) -> None:
    """Add the area's rows to the package's table."""
    taken, rows, asked = schemas.ExchangePlanOut, schemas.ExchangeRowsOut, schemas.ExchangeQuery
    api.add(
        "exchange_plans", "/exchange/plans", calls.take, PLAN, methods=POST, body=schemas.ExchangePlanIn,
        returns=taken, status=201,
    )  # fmt: skip
    api.add(
        "exchange_plans_csv", "/exchange/plans.csv", calls.take_csv, PLAN, methods=POST, query=schemas.ExchangeHead,
        returns=taken, status=201,
    )  # fmt: skip
    api.add("exchange_plan", "/exchange/plans/<int:plan_id>", calls.plan, READ, returns=taken)
    api.add("exchange_orders", "/exchange/orders", calls.orders, READ, query=asked, returns=rows)
    api.add("exchange_shipments", "/exchange/shipments", calls.shipments, READ, query=asked, returns=rows)
