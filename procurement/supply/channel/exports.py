"""Emergency purchases for workbooks."""

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
from procurement.orders.models.orders import Order
from procurement.supply.channel import queries
from procurement.supply.channel.flow import standing

HEADERS = (
    "订单编号", "医疗机构", "供应企业", "金额", "应急原因", "下单时间", "备案期限", "备案状态", "备案时间",
)  # fmt: skip


def emergencies(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the emergency purchases that the list shows."""
    query = queries.listing(actor, **queries.asked(asked, at))
    return rows_of(session, "应急采购备案", HEADERS, query, lambda each: _row(each, at))


def _row(each: Order, at: datetime) -> tuple[Value, ...]:
    return (
        each.number, each.hospital.name, each.company.name, each.amount, each.plan.reason, each.placed_at, each.file_by,
        label(standing(each.file_by or at, each.filed_at, at)), each.filed_at,
    )  # fmt: skip


export("procurement.emergencies", _l("Emergency purchases"), P.EMERGENCY_READ, emergencies)
