"""Cases and exposures for workbooks, a price a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.i18n import _l, label
from kernel.sheets import Sheet, Value
from pricing.governance.cases.models import CaseLine, PriceCase
from pricing.governance.cases.queries import cases as queries
from pricing.listings.rules import KIND_WORDS

CASES = (
    "案件编号", "企业名称", "地区代码", "批准文号或注册证号", "规格", "包装数量", "注册名称", "挂网类别", "挂网价",
    "标识", "参照价", "倍数", "承诺价", "事由", "状态", "期限", "立案时间", "本状态起", "结案时间",
)  # fmt: skip
EXPOSED = (
    "案件编号", "企业名称", "统一社会信用代码", "地区代码", "批准文号或注册证号", "规格", "包装数量", "注册名称",
    "挂网价", "参照价", "倍数", "承诺价", "事由", "状态", "公开曝光时间", "曝光说明", "曝光单位",
)  # fmt: skip


def cases(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the cases that the list shows; prices are yuan per unit."""
    found = session.scalars(queries.listing(actor, at, **queries.asked(asked, actor))).all()
    rows = [_case(one, line, at) for one in found for line in one.lines]
    return Sheet("价格函询约谈", CASES, rows, total=len(rows))


def _case(one: PriceCase, line: CaseLine, at: datetime) -> tuple[Value, ...]:
    return (
        one.id, one.company.name, one.region_code, *_product(line), KIND_WORDS[line.kind], line.price,
        label(line.label) if line.label else None, line.anchor, line.ratio, line.committed, label(one.reason),
        label(one.state_on(at)), one.due_at, one.made_at, one.moved_at, one.closed_at,
    )  # fmt: skip


def _product(line: CaseLine) -> tuple[Value, ...]:
    product = line.product
    return product.approval_number, product.specification.text, product.pack, product.registered_name


def exposures(session: Session, _asked: Mapping[str, str], _actor: Actor, _at: datetime) -> Sheet:
    """Return what everybody may read of."""
    rows = list(_exposed(session))
    return Sheet("价格失信公开曝光", EXPOSED, rows, total=len(rows))


def _exposed(session: Session) -> Iterator[tuple[Value, ...]]:
    for one in session.scalars(queries.exposed()):
        for line in one.lines:
            yield (
                one.id, one.company.name, one.company.code, one.region_code, *_product(line), line.price, line.anchor,
                line.ratio, line.committed, label(one.reason), label(one.state), one.exposed_at, one.exposed_text,
                one.organisation.name,
            )  # fmt: skip


export("pricing.cases", _l("Price cases"), P.CASE_READ, cases)
export("pricing.exposures", _l("Public exposures"), P.PUBLIC, exposures)
