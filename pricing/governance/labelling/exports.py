"""Labels for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.downloads.registry import export
from kernel.downloads.tables import rows_of
from kernel.i18n import _l, label
from kernel.sheets import Sheet, Value
from pricing.governance.labelling.models import PriceLabel, ProductEvaluation
from pricing.governance.labelling.queries import evaluations
from pricing.governance.labelling.queries import labels as queries
from pricing.governance.labels import rule_name
from pricing.listings.rules import KIND_WORDS

HEADERS = (
    "标识", "批准文号或注册证号", "规格", "包装数量", "注册名称", "企业名称", "地区代码", "挂网类别", "挂网价",
    "参照价", "倍数", "规则", "规则版本", "标识日期", "解除日期",
)  # fmt: skip


EVALUATIONS = ("批准文号或注册证号", "规格", "包装数量", "注册名称", "企业名称", "通过一致性评价", "依据")
"""Those of the import kind, so that an export imports as it is."""


def labels(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the labels that the list shows; prices and anchors are yuan per unit."""
    query = queries.listing(actor, **queries.asked(asked, today(at)))
    return rows_of(session, "价格标识", HEADERS, query, _row)


def _row(each: PriceLabel) -> tuple[Value, ...]:
    product = each.product
    return (
        label(each.label), product.approval_number, product.specification.text, product.pack, product.registered_name,
        product.company.name, each.region_code, KIND_WORDS[each.kind], each.price, each.anchor, each.ratio,
        rule_name(each.rule),
        each.set_.name, each.since, each.until,
    )  # fmt: skip


def evaluations_of(session: Session, _asked: Mapping[str, str], _actor: Actor, _at: datetime) -> Sheet:
    """Return what was said of products' consistency evaluations."""
    return rows_of(session, "一致性评价", EVALUATIONS, evaluations.listing(), _evaluation)


def _evaluation(each: ProductEvaluation) -> tuple[Value, ...]:
    product = each.product
    return (
        product.approval_number, product.specification.text, product.pack, product.registered_name,
        product.company.name, each.passed, each.source,
    )  # fmt: skip


export("pricing.evaluations", _l("Consistency evaluations"), P.LABEL_READ, evaluations_of)
export("pricing.labels", _l("Price labels"), P.LABEL_READ, labels)
