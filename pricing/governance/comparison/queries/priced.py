"""Gaps computed in the database: every price that counts, its nation's figures, and what lies above them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Select, case, func, literal, null, select, type_coerce, union_all

from kernel.columns import Code, Price, Ratio
from kernel.sets import among
from kernel.wholes import exact, whole
from pricing.governance.comparison.flow import Same
from pricing.governance.comparison.models import OutsidePrice, OutsideProduct, SameGroup, SameMember
from pricing.governance.comparison.queries import outside
from pricing.listings.models import Listing
from pricing.listings.queries import counts_on

COLUMNS = (
    "same", "group_id", "kind", "region_code", "price", "least", "median", "lowest", "lowest_region", "provinces",
    "ratio",
)  # fmt: skip
MILLION = 1_000_000


def regional(day: date, groups: Collection[int] | None) -> Any:
    """Return a region's lowest price of each four-same group and kind that counts on a day, in whole numbers."""
    own = (
        select(SameMember.group_id, Listing.kind, Listing.region_code, whole(Listing.price).label("price"))
        .join(SameMember, SameMember.product_id == Listing.product_id).where(counts_on(day))
    )  # fmt: skip
    told = (
        select(OutsideProduct.group_id, OutsidePrice.kind, OutsidePrice.region_code, whole(OutsidePrice.price))
        .join(OutsideProduct, OutsideProduct.id == OutsidePrice.outside_id)
        .where(outside.counts_on(day), OutsideProduct.group_id.is_not(None))
    )
    if groups is not None:
        own = own.where(among(SameMember.group_id, groups))
        told = told.where(among(OutsideProduct.group_id, groups))
    each = union_all(own, told).subquery()
    columns = (each.c.group_id, each.c.kind, each.c.region_code)
    return select(*columns, func.min(each.c.price).label("price")).group_by(*columns)


def gaps(same: Same, day: date, groups: Collection[int] | None) -> Select[Any]:
    """Return the prices above the lowest provincial one, in the order of COLUMNS; whole numbers until they are kept."""
    one: Any = regional(day, groups).subquery()
    over = one.c.group_id
    if same is Same.THREE:
        found = select(*one.c, SameGroup.parent_id).join(SameGroup, SameGroup.id == one.c.group_id)
        one = found.where(SameGroup.parent_id.is_not(None)).subquery()
        over = one.c.parent_id
    ranked = _ranked(one, over)
    figured = _figured(ranked)
    price, low = figured.c.price, figured.c.lowest
    one_, two = literal(1, BigInteger), literal(2, BigInteger)
    with_half = (price * literal(2 * MILLION, BigInteger) + low) // (low * two)
    median = (figured.c.left + figured.c.right + one_) // two
    return select(
        literal(same, Code(Same)), figured.c.group_id, figured.c.kind, figured.c.region_code, exact(price, Price()),
        exact(figured.c.least, Price()), exact(median, Price()), exact(low, Price()), figured.c.lowest_region,
        figured.c.provinces, exact(with_half, Ratio()),
    ).where(price > low)  # fmt: skip


def _ranked(one: Any, over: Any) -> Any:
    """Number the provincial prices of each group, and count them."""
    provincial = case((func.substr(one.c.region_code, 3) == "0000", 1), else_=0).label("provincial")
    group = [over, one.c.kind]
    return select(
        *(one.c[name] for name in ("group_id", "kind", "region_code", "price")), over.label("over_id"), provincial,
        func.row_number()
        .over(partition_by=[*group, provincial], order_by=[one.c.price, one.c.region_code, one.c.group_id])
        .label("place"),
        func.count().over(partition_by=[*group, provincial]).label("count"),
        func.min(one.c.price).over(partition_by=group).label("least"),
    ).subquery()  # fmt: skip


def _figured(ranked: Any) -> Any:
    """Bring the provincial figures to every price of its group: count, the middle two, the lowest and its region."""
    group = [ranked.c.over_id, ranked.c.kind]
    counted = ranked.c.provincial == 1

    def held(which: Any, value: Any) -> Any:
        return func.max(case((counted & which, value), else_=null())).over(partition_by=group)

    two = literal(2, BigInteger)
    first = ranked.c.place == 1
    count = type_coerce(ranked.c.count, BigInteger)
    return select(
        *(ranked.c[name] for name in ("group_id", "kind", "region_code", "price", "least")),
        held(first, ranked.c.price).label("lowest"), held(first, ranked.c.region_code).label("lowest_region"),
        held(first, ranked.c.count).label("provinces"),
        held(ranked.c.place == (count + literal(1, BigInteger)) // two, ranked.c.price).label("left"),
        held(ranked.c.place == count // two + literal(1, BigInteger), ranked.c.price).label("right"),
    ).subquery()  # fmt: skip
