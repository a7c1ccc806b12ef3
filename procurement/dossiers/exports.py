"""Rows of company files for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.downloads.registry import export
from kernel.i18n import _l, label
from kernel.sheets import Sheet, Value
from procurement.dossiers import queries
from procurement.dossiers.models import CompanyDocument

HEADERS = (
    "企业", "统一社会信用代码", "资料类别", "证书编号", "发证或出具机构", "批准文号", "产品", "起始日期", "截止日期",
    "状态", "提交时间", "备注",
)  # fmt: skip
UNLIMITED = "长期"


def documents(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the documents that the filter shows, within the actor's scope."""
    found = session.scalars(queries.listing(actor, asked, today(at)))
    return Sheet("企业资料", HEADERS, [_row(one) for one in found])


def _row(one: CompanyDocument) -> tuple[Value, ...]:
    product = one.product
    return (
        one.company.name, one.company.code, str(label(one.kind)), one.number, one.issuer,
        product.approval_number if product else None, product.registered_name if product else None, one.since,
        one.until or UNLIMITED, str(label(one.state)), one.filed_at, one.note,
    )  # fmt: skip


export("procurement.documents", _l("Company files"), P.DOSSIER_READ, documents)
