"""Find consumables and categories."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from catalogue.consumables.models import Consumable, ConsumableCategory
from catalogue.consumables.rules import category_of
from kernel.errors import NotFound

SORTS = {
    "code": (Consumable.code,),
    "name": (Consumable.generic_name, Consumable.code),
    "company": (Consumable.company, Consumable.generic_name, Consumable.code),
}


def consumables(*, text: str = "", category: str = "", sort: str = "code") -> Select[Consumable]:
    """Return the query of the list."""
    query = select(Consumable)
    if text:
        columns = (Consumable.generic_name, Consumable.product_name, Consumable.company, Consumable.certificate)
        found = [column.icontains(text, autoescape=True) for column in columns]
        beginning = Consumable.code.startswith(text.upper(), autoescape=True)
        query = query.where(or_(beginning, Consumable.udi == text.strip(), *found))
    if category:
        query = query.where(Consumable.code.startswith(category, autoescape=True))
    columns_of = SORTS.get(sort.lstrip("-"), SORTS["code"])
    return query.order_by(*(column.desc() if sort.startswith("-") else column.asc() for column in columns_of))


def one(session: Session, code: str) -> Consumable:
    """Return a consumable by its code, or NotFound."""
    found = session.scalars(select(Consumable).where(Consumable.code == code)).one_or_none()
    if found is None:
        raise NotFound(consumable=code)
    return found


def category(session: Session, code: str) -> ConsumableCategory | None:
    """Return the category that a code begins with, where it is known."""
    query = select(ConsumableCategory).where(ConsumableCategory.code.startswith(category_of(code), autoescape=True))
    return next((each for each in session.scalars(query) if code.startswith(each.code)), None)


def same_category(session: Session, found: Consumable, limit: int = 50) -> Sequence[Consumable]:
    """Return other consumables of the same category."""
    query = select(Consumable).where(Consumable.code.startswith(category_of(found.code)), Consumable.id != found.id)
    return session.scalars(query.order_by(Consumable.company, Consumable.code).limit(limit)).all()


def categories(*, text: str = "") -> Select[ConsumableCategory]:
    """Return the query of the categories."""
    query = select(ConsumableCategory)
    if text:
        name = ConsumableCategory.name.icontains(text, autoescape=True)
        query = query.where(or_(name, ConsumableCategory.code.startswith(text.upper(), autoescape=True)))
    return query.order_by(ConsumableCategory.code)


def counts(session: Session, codes: Sequence[str]) -> dict[str, int]:
    """Count the consumables under each of some categories."""
    part = func.substr(Consumable.code, 1, func.length(ConsumableCategory.code))
    query = (
        select(ConsumableCategory.code, func.count(Consumable.id))
        .join(Consumable, part == ConsumableCategory.code)
        .where(ConsumableCategory.code.in_(codes))
        .group_by(ConsumableCategory.code)
    )
    return {row[0]: row[1] for row in session.execute(query)}
