"""Items and their prices for workbooks. Headers are those of the import kinds, so that an export imports as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.db import batches
from kernel.downloads.registry import export
from kernel.i18n import _l
from kernel.sheets import Sheet, Value
from pricing.items.flow import PriceGrade
from pricing.items.models import ItemVersion
from pricing.items.queries import items, lists, mappings
from pricing.items.queries.prices import prices_on
from pricing.items.rules.items import PRICING_WORDS, cells
from pricing.items.rules.prices import GRADE_WORDS

HEADERS = {
    "项目编码": "code", "项目名称": "name", "计价单位": "unit", "类目编码": "category_code",
    "类目名称": "category_name", "费用类别": "charge_class", "项目内涵": "connotation", "除外内容": "excluded",
    "除外耗材类目": "exclusions",
    "服务产出": "output", "价格构成": "composition", "加收项": "adds", "减收项": "reductions", "扩展项": "extensions",
    "规格": "specification", "产地": "origin", "定价方式": "pricing", "技术劳务": "technical", "变价": "variable",
    "目录价格": "listed_price", "说明": "note",
}  # fmt: skip
STRIDE = 2_000


def _asked(session: Session, parts: Mapping[str, str], at: datetime) -> lists.Asked:
    first = next(iter(lists.regions(session)), ("", ""))[0]
    return lists.asked(parts, today=today(at), region=first)


def catalogue(session: Session, parts: Mapping[str, str], _actor: Actor, at: datetime) -> Sheet:
    """Return the items that the list shows, as their catalogue has them."""
    query = lists.versions(_asked(session, parts, at))
    return Sheet("医疗服务项目", tuple(HEADERS), _rows(session, query), total=_total(session, query))


def _total(session: Session, query: Select[ItemVersion]) -> int:
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def _rows(session: Session, query: Select[ItemVersion]) -> Iterator[Sequence[Value]]:
    for some in batches(session.scalars(query.execution_options(yield_per=STRIDE)), STRIDE):
        for version, content in items.contents(session, some):
            held = {**cells(content), "code": version.item.code, "pricing": PRICING_WORDS[content.pricing]}
            yield tuple(_cell(held[name]) for name in HEADERS.values())


def _cell(value: Value) -> Value:
    if isinstance(value, bool):
        return "是" if value else "否"
    return None if value == "" else value


def price_table(session: Session, parts: Mapping[str, str], _actor: Actor, at: datetime) -> Sheet:
    """Return the ceilings of a region on a day, in yuan, by item and grade."""
    wanted = _asked(session, parts, at)
    query = lists.versions(wanted)
    headers = ("项目编码", "项目名称", "计价单位", *GRADE_WORDS.values())
    return Sheet("医疗服务价格", headers, _priced(session, query, wanted), total=_total(session, query))


def _priced(session: Session, query: Select[ItemVersion], wanted: lists.Asked) -> Iterator[Sequence[Value]]:
    found = prices_on(session, wanted.day, wanted.region)
    for version in session.scalars(query.execution_options(yield_per=STRIDE)):
        row = [found.get((version.item_id, grade)) for grade in PriceGrade]
        if any(price is not None for price in row):
            yield (version.item.code, version.name, version.unit, *row)


PAIRS: dict[str, Callable[[mappings.Mapped], Value]] = {
    "原项目编码": lambda one: one.pair.old.code, "原项目名称": lambda one: one.old,
    "新项目编码": lambda one: one.pair.new.code, "新项目名称": lambda one: one.new,
    "折算次数": lambda one: one.pair.share, "备注": lambda one: one.pair.note or None,
}  # fmt: skip


def pairs(session: Session, _parts: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return old items and the new ones they go into, as far as the reader's region uses them."""
    found = mappings.all_pairs(session, actor.region)
    rows = [tuple(cell(one) for cell in PAIRS.values()) for one in found]
    return Sheet("新旧项目对应", tuple(PAIRS), rows, total=len(rows))


export("pricing.service_mappings", _l("Old and new items"), P.SERVICE_WRITE, pairs)
export("pricing.service_items", _l("Service items"), P.SERVICE_READ, catalogue)
export("pricing.service_prices", _l("Service prices"), P.SERVICE_READ, price_table)
