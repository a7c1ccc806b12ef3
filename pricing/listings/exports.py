"""Rows of listings for workbooks. Headers are those of the import kind, so that an export imports as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.downloads.registry import export
from kernel.downloads.tables import rows_of
from kernel.i18n import _l
from kernel.sheets import Sheet, Value
from pricing.listings import queries
from pricing.listings.models import Listing
from pricing.listings.rules import KIND_WORDS

HEADERS = (
    "批准文号或注册证号", "规格", "包装数量", "注册名称", "企业名称", "地区代码", "挂网类别", "挂网价", "起始日期",
    "终止日期", "依据", "包装价", "来源",
)  # fmt: skip


def listings(session: Session, asked: Mapping[str, str], _actor: Actor, at: datetime) -> Sheet:
    """Return what the list page shows; prices are yuan per unit of the specification."""
    query = queries.listing(**queries.asked(asked, today(at)))
    return rows_of(session, "挂网目录", HEADERS, query, _row)


def _row(each: Listing) -> tuple[Value, ...]:
    product = each.product
    return (
        product.approval_number, product.specification.text, product.pack, product.registered_name,
        product.company.name, each.region_code, KIND_WORDS[each.kind], each.price, each.starts, each.ends,
        each.reason or None, each.per_pack, each.origin,
    )  # fmt: skip


export("pricing.listings", _l("Listed prices"), P.LISTING_READ, listings)
