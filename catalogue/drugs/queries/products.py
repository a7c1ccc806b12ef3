"""Find products."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Product, Specification, Variety
from catalogue.drugs.rules.codes import OFF, ON
from catalogue.search.lists import queries as lists
from catalogue.search.queries import matching_ids
from catalogue.search.rules.tokens import Filters
from catalogue.tallies import queries as tallies
from kernel.errors import NotFound
from kernel.identity import record_id
from kernel.paging import WINDOW, Page, turned
from kernel.parties.models import Organisation
from kernel.sets import among

FEW = 5_000
SORTS = {
    "name": (Product.registered_name, Product.approval_number),
    "company": (Organisation.name, Product.registered_name),
    "approval": (Product.approval_number, Product.pack),
}
_WHOLE = joinedload(Product.specification).joinedload(Specification.variety)


def one(session: Session, product_id: int) -> Product:
    """Return a product, or NotFound."""
    found = session.get(Product, product_id, options=[_WHOLE])
    if found is None:
        raise NotFound(product=product_id)
    return found


def listing(
    *, text: str = "", company_id: int | None = None, variety_id: int | None = None, active: bool | None = None,
    sort: str = "name",
) -> Select[Product]:  # fmt: skip
    """Return the query of the product list."""
    query = select(Product).join(Product.company).join(Product.specification)
    ids = matching_ids(text, kind="product")
    if ids is not None:
        query = query.where(Product.id.in_(ids))
    if company_id is not None:
        query = query.where(Product.company_id == company_id)
    if variety_id is not None:
        query = query.where(Specification.variety_id == variety_id)
    if active is not None:
        query = query.where(Product.active.is_(active))
    columns = SORTS.get(sort.lstrip("-"), SORTS["name"])
    order = [column.desc() if sort.startswith("-") else column.asc() for column in columns]
    return query.options(_WHOLE).order_by(*order, Product.id)


def page(
    session: Session, *, text: str = "", company_id: int | None = None, variety_id: int | None = None,
    active: bool | None = None, sort: str = "name", number: int = 1, size: int = 50,
) -> Page:  # fmt: skip
    """Return a page of the product list; what is narrowed is found by the search, best matches first."""
    if variety_id is not None:  # few enough to count and to sort
        query = listing(text=text, company_id=company_id, variety_id=variety_id, active=active, sort=sort)
        return turned(session, query, number=number, size=size)
    filters = Filters(maker=company_id, state={True: ON, False: OFF, None: ""}[active])
    if text.strip() or filters.ways([]):
        return lists.page(
            session, Product, text, kind="product", filters=filters, number=number, size=size, options=(_WHOLE,)
        )
    total = tallies.total(session, "product")
    found = turned(session, _ordered(sort), number=number, size=size, total=total, window=WINDOW)
    whole = select(Product).where(Product.id.in_(found.rows)).options(_WHOLE)
    rows = {each.id: each for each in session.scalars(whole)}
    return replace(found, rows=[rows[id_] for id_ in found.rows])


def _ordered(sort: str) -> Select[int]:
    """Return the query of all ids in order; what is shown is read for one page alone."""
    columns = SORTS.get(sort.lstrip("-"), SORTS["name"])
    order = [column.desc() if sort.startswith("-") else column.asc() for column in columns]
    query = select(Product.id).order_by(*order, Product.id)
    if Organisation.name in columns:  # by companies in their order: the sum keeps SQLite from sorting every product
        query = query.join(Organisation, Organisation.id + 0 == Product.company_id)
    return query


def others_of(session: Session, product: Product, limit: int = 100) -> Sequence[Product]:
    """Return what other companies sell of the same generic name, nearest specification first."""
    variety = product.specification.variety
    same = Variety.generic_name_id == variety.generic_name_id
    query = (
        select(Product)
        .join(Product.specification)
        .join(Specification.variety)
        .join(Product.company)
        .where(same, Product.company_id != product.company_id)
        .options(_WHOLE)
        .order_by(
            Variety.id != variety.id, Specification.id != product.specification_id, Organisation.name,
            Specification.volume_factor, Product.pack,
        )
    )  # fmt: skip
    return session.scalars(query.limit(limit)).unique().all()


def of_approval(session: Session, numbers: Sequence[str]) -> Sequence[Product]:
    """Return the products under approval numbers, in any of their spellings."""
    query = select(Product).where(Product.approval_number.in_(numbers)).options(_WHOLE)
    return session.scalars(query.order_by(Product.id).limit(20)).unique().all()


def of_company(session: Session, company_id: int) -> Sequence[Product]:
    """Return a company's products."""
    return session.scalars(listing(company_id=company_id)).unique().all()


def ids_of_company(company_id: int) -> Select[int]:
    """Return the query of the ids of a company's products."""
    return select(Product.id).where(Product.company_id == company_id)


def all_by_key(session: Session) -> dict[tuple[str, int, int], Product]:
    """Return every product by approval number, specification and pack."""
    products = session.scalars(select(Product)).all()
    return {(product.approval_number, product.specification_id, product.pack): product for product in products}


def makers(session: Session, ids: Collection[int]) -> dict[int, int]:
    """Return the companies of products."""
    query = select(Product.id, Product.company_id).where(among(Product.id, sorted(ids)))
    return {row[0]: row[1] for row in session.execute(query)}


def ids_by_presentation(session: Session, numbers: Collection[str]) -> dict[tuple[str, str, int], list[int]]:
    """Return products' ids by approval number, text of the specification and pack: what people write down.

    Of few approval numbers theirs are read alone.
    """
    query = select(Product.approval_number, Specification.text, Product.pack, Product.id)
    if len(numbers) <= FEW:
        query = query.where(Product.approval_number.in_(numbers))
    found: dict[tuple[str, str, int], list[int]] = {}
    for number, text, pack, id_ in session.execute(query.join(Product.specification)):
        found.setdefault((number, text, pack), []).append(id_)
    return found


def chosen(session: Session, company_id: object, specification_id: object) -> dict[str, list[tuple[int, str]]]:
    """Return what a form's pickers show for the ids they hold; ids that name nothing are left out."""
    found: dict[str, list[tuple[int, str]]] = {"company_id": [], "specification_id": []}
    if company := session.get(Organisation, record_id(str(company_id)) or 0):
        found["company_id"] = [(company.id, company.name)]
    if each := session.get(Specification, record_id(str(specification_id)) or 0):
        found["specification_id"] = [(each.id, f"{each.variety.name} {each.text}")]
    return found
