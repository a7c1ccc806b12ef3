"""Applications for workbooks; the first columns are those of the import kind."""

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
from pricing.applications.models import ListingApplication
from pricing.applications.queries import applications as queries
from pricing.applications.rules import PASSED_WORDS, PURPOSE_WORDS
from pricing.listings.rules import KIND_WORDS

HEADERS = (
    "批准文号或注册证号", "规格", "包装数量", "注册名称", "地区代码", "挂网类别", "申报事项",
    "申报价", "执行日期", "理由", "医保编码", "注册证有效期至", "外省最低价", "外省名称",
    "限价", "限价依据", "一致性评价", "企业名称", "现行价", "状态", "未通过核验数",
    "提交时间", "退回原因", "审核意见",
)  # fmt: skip


def applications(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return what the list shows; prices are yuan per unit of the specification."""
    return rows_of(session, "挂网申报", HEADERS, queries.listing(actor, **queries.asked(asked, actor)), _row)


def _row(each: ListingApplication) -> tuple[Value, ...]:
    product = each.product
    return (
        product.approval_number, product.specification.text, product.pack, product.registered_name, each.region_code,
        KIND_WORDS[each.kind], PURPOSE_WORDS[each.purpose], each.price, each.starts, each.reason, each.code or None,
        each.certificate_until, each.elsewhere, each.elsewhere_region or None, each.ceiling,
        each.ceiling_source or None, PASSED_WORDS[each.passed], product.company.name, each.before, label(each.state),
        each.failed, each.submitted_at, label(each.back) if each.back else None, each.note or None,
    )  # fmt: skip


export("pricing.applications", _l("Listing applications"), P.LISTING_SEE, applications)
