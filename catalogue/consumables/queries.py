"""Find consumables, their categories and their device identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from catalogue.codes.rules.structure import span
from catalogue.consumables.models import Consumable, ConsumableCategory, ConsumableUdi, Device
from catalogue.consumables.rules.codes import category_of
from catalogue.consumables.rules.identifiers import Told
from catalogue.search.lists import queries as lists
from catalogue.search.queries import matching_ids
from catalogue.search.rules.tokens import Filters
from catalogue.tallies import queries as tallies
from kernel.errors import NotFound
from kernel.paging import WINDOW, Page, turned

SORTS: dict[str, tuple[Any, ...]] = {
    "code": (Consumable.code,),
    "name": (Consumable.generic_name, Consumable.code),
    "company": (Consumable.company, Consumable.generic_name, Consumable.code),
}


def page(
    session: Session, *, text: str = "", category: str = "", maker: str = "", sort: str = "code", number: int = 1,
    size: int = 50,
) -> Page:  # fmt: skip
    """Return a page of the list; what is narrowed is found by the search, best matches first."""
    filters = Filters(class_code=category, maker=maker)
    if text.strip() or filters.ways([]):
        return lists.page(session, Consumable, text, kind="consumable", filters=filters, number=number, size=size)
    total = tallies.total(session, "consumable")
    return turned(session, consumables(sort=sort), number=number, size=size, total=total, window=WINDOW)


def consumables(*, text: str = "", category: str = "", maker: str = "", sort: str = "code") -> Select[Consumable]:
    """Return the query of all that a filter leaves, for exports."""
    query = select(Consumable)
    ids = matching_ids(text, kind="consumable")
    if ids is not None:
        query = query.where(Consumable.id.in_(ids))
    elif text.strip():
        query = query.where(Consumable.id.is_(None))
    if category:
        query = query.where(Consumable.code.between(*span(category)))
    if maker:
        query = query.where(Consumable.company == maker)
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
    beginnings = [code[:length] for length in (11, 10)]
    query = select(ConsumableCategory).where(ConsumableCategory.code.in_(beginnings))
    return session.scalars(query.order_by(ConsumableCategory.code.desc())).first()


def same_category(session: Session, found: Consumable, limit: int = 50) -> Sequence[Consumable]:
    """Return other consumables of the same category."""
    alike = Consumable.code.between(*span(category_of(found.code)))
    query = select(Consumable).where(alike, Consumable.id != found.id)
    return session.scalars(query.order_by(Consumable.code).limit(limit)).all()


def categories(*, text: str = "") -> Select[ConsumableCategory]:
    """Return the query of the categories."""
    query = select(ConsumableCategory)
    ids = matching_ids(text, kind="category")
    if ids is not None:
        query = query.where(ConsumableCategory.id.in_(ids))
    elif text.strip():
        query = query.where(ConsumableCategory.id.is_(None))
    return query.order_by(ConsumableCategory.code)


def counts(session: Session, codes: Sequence[str]) -> dict[str, int]:
    """Count the consumables under each of some categories."""
    found = tallies.of_values(session, "consumable", "category", [category_of(code) for code in codes])
    return {code: found.get(category_of(code), 0) for code in codes}


@dataclass(frozen=True, slots=True)
class Identified:
    """A device identifier of a code: the device where it is published, and who says that they belong together."""

    di: str
    device: Device | None
    told: list[Told]


def identifiers(session: Session, code: str, limit: int = 200) -> Sequence[Identified]:
    """Return the device identifiers of a code; those of its product count for a model too."""
    query = (
        select(ConsumableUdi, Device)
        .outerjoin(Device, Device.di == ConsumableUdi.di)
        .where(ConsumableUdi.code.in_({code, code[:20]}))
        .order_by(ConsumableUdi.di, ConsumableUdi.told)
    )
    found: dict[str, Identified] = {}
    for pair, device in session.execute(query.limit(limit)):
        told = found.setdefault(pair.di, Identified(pair.di, device, [])).told
        if pair.told not in told:
            told.append(pair.told)
    return list(found.values())


def devices_of(session: Session, certificate: str | None, limit: int = 50) -> Sequence[Device]:
    """Return the devices that are published under a certificate."""
    if not certificate:
        return ()
    query = select(Device).where(Device.certificate == certificate).order_by(Device.model, Device.di)
    return session.scalars(query.limit(limit)).all()


def of_identifier(session: Session, di: str, limit: int = 50) -> Sequence[Consumable]:
    """Return the consumables that a device identifier belongs to."""
    codes = select(ConsumableUdi.code).where(ConsumableUdi.di == di)
    return session.scalars(select(Consumable).where(Consumable.code.in_(codes)).limit(limit)).all()


def device(session: Session, di: str) -> Device | None:
    """Return the device of an identifier, None where none is kept."""
    return session.scalars(select(Device).where(Device.di == di)).one_or_none()
