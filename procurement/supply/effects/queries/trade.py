"""What is under way that a finding would touch: orders that run, agreed volume that is left, region by region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Product, Specification, Variety
from kernel.columns import Quantity
from kernel.money import round_amount, working
from kernel.paging import Page, turned
from kernel.parties.models import Organisation, Region
from kernel.sets import among
from procurement.agreements.models import Agreement
from procurement.orders.models.orders import Order, OrderLine
from procurement.supply.effects.queries.asked import Asked
from procurement.supply.effects.queries.reach import TO_COME, agreed, running

ZERO = Decimal(0)
SIZE = 50


@dataclass(slots=True)
class Sum:
    """What adds up for a product, a region or all: orders that run and what is to come of them, volume that is left.

    `to_come` and `worth` in yuan: units of different products don't add up.
    """

    orders: int = 0
    to_come: Decimal = ZERO
    worth: Decimal = ZERO
    hospitals: int = 0
    listings: int = 0


class Left(NamedTuple):
    """A variety of which agreed volume would stay undrawn: units of the reference specification, and their worth."""

    variety: Variety
    agreed: Decimal
    left: Decimal
    worth: Decimal
    hospitals: int


@dataclass(slots=True)
class _Volume:
    agreed: Decimal = ZERO
    left: Decimal = ZERO
    worth: Decimal = ZERO


def orders(asked: Asked) -> Select[Order]:
    """Return the query of the orders that run, the newest first."""
    ids = running(asked).with_only_columns(OrderLine.order_id)
    query = select(Order).where(Order.id.in_(ids)).options(joinedload(Order.hospital), joinedload(Order.deliverer))
    return query.order_by(Order.placed_at.desc(), Order.id.desc())


def orders_page(session: Session, asked: Asked, number: int) -> tuple[Page, dict[int, tuple[int, Decimal]]]:
    """Return a page of them, and by order how many lines it is about and what is to come of those, in yuan."""
    page = turned(session, orders(asked), number=number, size=SIZE)
    return page, to_come(session, asked, [one.id for one in page.rows])


def to_come(session: Session, asked: Asked, ids: Sequence[int]) -> dict[int, tuple[int, Decimal]]:
    """Return, by order, how many lines a finding is about and what is to come of them, in yuan."""
    query = running(asked).with_only_columns(OrderLine.order_id, OrderLine.price, TO_COME)
    found: dict[int, tuple[int, Decimal]] = {}
    for key, price, units in session.execute(query.where(among(OrderLine.order_id, ids))):
        lines, worth = found.get(key, (0, ZERO))
        found[key] = lines + 1, worth + round_amount(price * units)
    return found


def volume(session: Session, asked: Asked) -> list[Left]:
    """Return the agreed volume at stake by variety, the largest worth first."""
    kind, one = Specification.variety_id, Agreement
    query = agreed(asked).join(Specification, Specification.id == one.specification_id)
    sums = (func.sum(column, type_=Quantity()) for column in (one.agreed, one.agreed - one.used))
    group = (kind, Specification.volume_factor, one.price)
    found: dict[int, _Volume] = defaultdict(_Volume)
    with working():
        for key, factor, price, whole, rest in session.execute(query.with_only_columns(*group, *sums).group_by(*group)):
            held = found[key]
            held.agreed, held.left = held.agreed + whole * factor, held.left + rest * factor
            held.worth += round_amount(price * rest)
    counted = query.with_only_columns(kind, func.count(one.hospital_id.distinct())).group_by(kind)
    counts: dict[int, int] = dict(session.execute(counted).all())
    known = session.scalars(select(Variety).where(among(Variety.id, sorted(found)))).unique()
    made = [
        Left(each, held.agreed, held.left, held.worth, counts[each.id]) for each in known if (held := found[each.id])
    ]
    return sorted(made, key=lambda each: (-each.worth, each.variety.id))


def hospitals(session: Session, asked: Asked) -> int:
    """Count the hospitals whose agreed volume is at stake."""
    return session.scalar(agreed(asked).with_only_columns(func.count(Agreement.hospital_id.distinct()))) or 0


def by_region(session: Session, asked: Asked) -> dict[str, Sum]:
    """Return what is under way by region."""
    found: dict[str, Sum] = defaultdict(Sum)
    lines = running(asked).with_only_columns(Order.region_code, OrderLine.price, func.sum(TO_COME, type_=Quantity()))
    for region, price, units in session.execute(lines.group_by(Order.region_code, OrderLine.price)):
        found[region].to_come += round_amount(price * units)
    counted = running(asked).with_only_columns(Order.region_code, func.count(Order.id.distinct()))
    for region, count in session.execute(counted.group_by(Order.region_code)):
        found[region].orders = count
    place = Organisation.region_code
    rest = func.sum(Agreement.agreed - Agreement.used, type_=Quantity())
    for home, price, units in session.execute(
        agreed(asked).with_only_columns(place, Agreement.price, rest).group_by(place, Agreement.price)
    ):
        found[home or ""].worth += round_amount(price * units)
    held = agreed(asked).with_only_columns(place, func.count(Agreement.hospital_id.distinct())).group_by(place)
    for home, count in session.execute(held):
        found[home or ""].hospitals = count
    return found


def by_product(session: Session, asked: Asked, ids: Sequence[int]) -> dict[int, Sum]:
    """Return what is under way of products; an agreement that names none counts for each it could be drawn with."""
    found: dict[int, Sum] = defaultdict(Sum)
    one = OrderLine.product_id
    lines = running(asked).where(among(one, ids))
    for key, count in session.execute(lines.with_only_columns(one, func.count(Order.id.distinct())).group_by(one)):
        found[key].orders = count
    summed = lines.with_only_columns(one, OrderLine.price, func.sum(TO_COME, type_=Quantity()))
    for key, price, units in session.execute(summed.group_by(one, OrderLine.price)):
        found[key].to_come += round_amount(price * units)
    same = and_(Product.company_id == Agreement.company_id, Product.specification_id == Agreement.specification_id)
    named = or_(Agreement.product_id == Product.id, Agreement.product_id.is_(None))
    held = agreed(asked).join(Product, and_(same, named)).where(among(Product.id, ids))
    rest = func.sum(Agreement.agreed - Agreement.used, type_=Quantity())
    group = (Product.id, Agreement.price)
    for key, price, units in session.execute(held.with_only_columns(*group, rest).group_by(*group)):
        found[key].worth += round_amount(price * units)
    counted = held.with_only_columns(Product.id, func.count(Agreement.hospital_id.distinct())).group_by(Product.id)
    for key, count in session.execute(counted):
        found[key].hospitals = count
    return found


def names(session: Session, codes: Sequence[str]) -> dict[str, str]:
    """Return the names of regions."""
    return dict(session.execute(select(Region.code, Region.name).where(among(Region.code, codes))).all())
