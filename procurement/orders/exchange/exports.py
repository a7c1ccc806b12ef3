"""Flat rows of orders and shipments: one for each line or batch, figures as text, instants in UTC."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kernel.sheets import write_csv
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.shipments import Shipment

Flat = Mapping[str, str]


def order_rows(orders: Sequence[Order]) -> Iterator[Flat]:
    """Return a row for each line."""
    for one in orders:
        head = {
            "order": one.number, "state": one.state.value, "kind": one.kind.value, "plan": str(one.plan_id),
            "hospital_code": one.hospital.code, "company_code": one.company.code, "company": one.company.name,
            "deliverer_code": one.deliverer.code, "deliverer": one.deliverer.name,
            "placed_at": one.placed_at.isoformat(), "due_at": one.due_at.isoformat() if one.due_at else "",
        }  # fmt: skip
        for line in one.lines:
            figures = {
                name: _plain(getattr(line, name))
                for name in ("price", "quantity", "amount", "cancelled", "shipped", "rejected", "received", "returned")
            }
            yield {**head, "line": str(line.id), **_product(line), "beyond": "1" if line.beyond else "0", **figures}


def shipment_rows(shipments: Sequence[Shipment]) -> Iterator[Flat]:
    """Return a row for each batch."""
    for one in shipments:
        head = {
            "shipment": one.number, "order": one.order.number, "state": one.state.value, "waybill": one.waybill,
            "shipped_at": one.shipped_at.isoformat(), "due_at": one.due_at.isoformat(),
            "received_at": one.received_at.isoformat() if one.received_at else "",
        }  # fmt: skip
        for batch in one.lines:
            figures = {
                name: _plain(getattr(batch, name))
                for name in ("quantity", "received", "rejected", "disputed", "returned")
            }
            yield {**head, "line": str(batch.line_id), **_product(batch.line), "batch": batch.batch,
                   "expires": batch.expires.isoformat(), **figures}  # fmt: skip


def _product(line: OrderLine) -> Flat:
    product = line.product
    return {
        "product": str(product.id), "standard_code": product.standard_code or "",
        "approval_number": product.approval_number, "name": product.registered_name,
        "specification": product.specification.text, "pack": str(product.pack),
    }  # fmt: skip


def _plain(value: object) -> str:
    return format(value, "f")


def as_csv(rows: Iterable[Flat]) -> bytes:
    """Write rows as comma-separated text with their names as headings."""
    found = list(rows)
    target = io.BytesIO()
    names = list(found[0]) if found else []
    write_csv(target, names, [[row[name] for name in names] for row in found])
    return target.getvalue()
