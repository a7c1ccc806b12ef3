"""Find varieties and specifications. The catalogue is the same for everybody who may read it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from catalogue.consumables.models import ConsumableCategory
from catalogue.drugs.models import FormGroup, GenericName, Product, Specification, Variety
from catalogue.drugs.rules.codes import VarietyKind, VolumeClass
from catalogue.search.queries import matching_ids, search
from kernel.errors import NotFound
from kernel.sets import among

SORTS = {"code": (Variety.code,), "name": (GenericName.name, Variety.code), "group": (FormGroup.name, GenericName.name)}


def one(session: Session, variety_id: int) -> Variety:
    """Return a variety with its specifications, or NotFound."""
    found = session.get(Variety, variety_id, options=[selectinload(Variety.specifications)])
    if found is None:
        raise NotFound(variety=variety_id)
    return found


def specification(session: Session, specification_id: int) -> Specification:
    """Return a specification with its variety and its siblings, or NotFound."""
    found = session.get(
        Specification, specification_id,
        options=[selectinload(Specification.variety).selectinload(Variety.specifications)],
    )  # fmt: skip
    if found is None:
        raise NotFound(specification=specification_id)
    return found


def by_code(session: Session, code: str) -> Variety | None:
    """Return the variety of that number."""
    query = select(Variety).where(Variety.code == code).options(selectinload(Variety.specifications))
    return session.scalars(query).one_or_none()


def many(session: Session, variety_ids: Collection[int]) -> dict[int, Variety]:
    """Return varieties with their specifications by id, all of them or NotFound."""
    query = select(Variety).where(Variety.id.in_(variety_ids)).options(selectinload(Variety.specifications))
    found = {variety.id: variety for variety in session.scalars(query)}
    if missing := sorted(set(variety_ids) - found.keys()):
        raise NotFound(variety=missing[0])
    return found


def ids_by_code(session: Session, codes: Collection[str]) -> dict[str, int]:
    """Return the ids of the varieties that have these numbers."""
    query = select(Variety.code, Variety.id).where(Variety.code.in_(codes))
    return {row[0]: row[1] for row in session.execute(query)}


def kinds_by_code(session: Session, codes: Collection[str]) -> dict[str, VarietyKind]:
    """Return whether the varieties that have these numbers are drugs or consumables."""
    query = select(Variety.code, Variety.kind).where(among(Variety.code, codes))
    return {row[0]: row[1] for row in session.execute(query)}


def all_by_code(session: Session) -> dict[str, Variety]:
    """Return every variety with its specifications, by its number."""
    query = select(Variety).options(selectinload(Variety.specifications))
    return {variety.code: variety for variety in session.scalars(query)}


def listing(
    *, text: str = "", form_group_id: int | None = None, volume_class: VolumeClass | None = None, sort: str = "code",
    kind: VarietyKind | None = None,
) -> Select[Variety]:  # fmt: skip
    """Return the query of the variety list."""
    query = select(Variety).join(Variety.generic_name).join(Variety.form_group)
    ids = matching_ids(text, kind="variety")
    if ids is not None:
        query = query.where(Variety.id.in_(ids))
    if form_group_id is not None:
        query = query.where(Variety.form_group_id == form_group_id)
    if volume_class is not None:
        query = query.where(Variety.volume_class == volume_class)
    if kind is not None:
        query = query.where(Variety.kind == kind)
    columns = SORTS.get(sort.lstrip("-"), SORTS["code"])
    order = [column.desc() if sort.startswith("-") else column.asc() for column in columns]
    return query.options(selectinload(Variety.specifications)).order_by(*order, Variety.id)


def form_groups(session: Session) -> Sequence[FormGroup]:
    """Return all form groups of drugs by name."""
    of_consumables = select(Variety.form_group_id).where(Variety.kind == VarietyKind.CONSUMABLE)
    return session.scalars(select(FormGroup).where(FormGroup.id.not_in(of_consumables)).order_by(FormGroup.name)).all()


def category_name(session: Session, code: str) -> str:
    """Return the name of a category of consumables, empty where it is not kept."""
    return session.scalar(select(ConsumableCategory.name).where(ConsumableCategory.code == code)) or ""


def products_of(session: Session, variety_id: int) -> Sequence[Product]:
    """Return the products of all specifications of a variety."""
    query = (
        select(Product)
        .join(Product.specification)
        .where(Specification.variety_id == variety_id)
        .order_by(Specification.volume_factor, Product.approval_number, Product.pack)
    )
    return session.scalars(query).all()


def specification_options(
    session: Session, *, text: str, variety_id: int | None = None, limit: int = 20
) -> Sequence[Specification]:
    """Return specifications whose variety matches what was typed, best matches first, for pickers."""
    query = select(Specification).join(Specification.variety).options(contains_eager(Specification.variety))
    places: dict[int, int] = {}
    if text.strip():
        hits = search(session, text, kind="variety", limit=limit)
        places = {hit.subject_id: place for place, hit in enumerate(hits)}
        query = query.where(Variety.id.in_(places))
    if variety_id is not None:
        query = query.where(Variety.id == variety_id)
    query = query.order_by(Variety.code, Specification.volume_factor, Specification.id)
    if not places:
        return session.scalars(query.limit(limit)).unique().all()
    found = session.scalars(query).unique().all()
    return sorted(found, key=lambda each: places[each.variety_id])[:limit]
