"""Delivery relationships for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.downloads.tables import rows_of
from kernel.i18n import _l, label
from kernel.sheets import Sheet, Value
from procurement.agreements.deliveries import queries
from procurement.agreements.deliveries.models import DeliveryRelation
from procurement.agreements.deliveries.rules import invoices

HEADERS = (
    "产品", "规格", "生产企业", "配送企业", "地区代码", "地区", "供应链路", "中间企业", "票数", "豁免事由", "说明",
    "状态", "指定时间", "答复时间",
)  # fmt: skip


def deliveries(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return what the list page shows."""
    found = queries.listing(actor, state=asked.get("state", ""), text=asked.get("q", "").strip()[:80])
    return rows_of(session, "配送关系", HEADERS, found, _row)


def _row(one: DeliveryRelation) -> tuple[Value, ...]:
    return (
        one.product.registered_name, one.product.specification.text, one.company.name, one.deliverer.name,
        one.region_code, one.region.name, label(one.via), one.via_name, invoices(one.via),
        label(one.exemption) if one.exemption else None, one.reason, label(one.state), one.named_at, one.answered_at,
    )  # fmt: skip


export("procurement.deliveries", _l("Delivery relationships"), P.AGREEMENT_READ, deliveries)
