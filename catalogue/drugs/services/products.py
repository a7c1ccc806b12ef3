"""Set up and change products."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product, Specification
from catalogue.drugs.queries import companies, products, varieties
from catalogue.drugs.rules.codes import (
    Part,
    approval_number,
    certificate_number,
    consumable_code,
    standard_code,
)
from catalogue.drugs.rules.forms import Form
from catalogue.drugs.services import findable
from catalogue.drugs.services.varieties import TYPED, Origin, must_be_current
from catalogue.tags import Tag
from catalogue.tallies.services import touch
from kernel.audit.changes import diff
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, DomainError


class BadPack(DomainError):
    """A pack holds between 1 and 1000000 tablets or vials."""

    code = "bad-pack"


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """A product as entered; `pack` counts tablets or vials, `packing` says how they are packed."""

    registered_name: str
    approval_number: str
    pack: int
    trade_name: str = ""
    standard_code: str = ""
    packing: str = ""
    is_reference_preparation: bool = False
    active: bool = True


def create_product(
    session: Session,
    *,
    company_id: int,
    specification_id: int,
    draft: ProductDraft,
    actor: Actor,
    at: datetime,
    origin: Origin = TYPED,
) -> Product:
    """Add a product of a company."""
    company = companies.one(session, company_id)
    specification = varieties.specification(session, specification_id)
    product = Product(company=company, specification=specification)
    with session.no_autoflush:
        _fill(session, product, draft)
    session.add(product)
    session.flush()  # the search entry needs the id
    touch(session, "product")
    findable.show(session, findable.products, product.id)
    facts = {"approval_number": product.approval_number, "company": company.name, "specification": specification.text}
    record(session, Tag.PRODUCT_CREATED, product, actor, at, {**origin, **facts})
    return product


def change_product(
    session: Session,
    *,
    product_id: int,
    version: int | None = None,
    draft: ProductDraft,
    actor: Actor,
    at: datetime,
    origin: Origin = TYPED,
) -> Product:
    """Change a product; its company and specification stay what they are."""
    product = products.one(session, product_id)
    must_be_current(version, product.version)
    before = product.snapshot()
    with session.no_autoflush:
        _fill(session, product, draft)
    changes = diff(before, product.snapshot())
    if changes:
        findable.show(session, findable.products, product.id)
        record(session, Tag.PRODUCT_CHANGED, product, actor, at, {**origin, **changes})
    return product


def _fill(session: Session, product: Product, draft: ProductDraft) -> None:
    if not 0 < draft.pack <= 1_000_000:
        raise BadPack(pack=draft.pack)
    number = number_of(product.specification, draft.approval_number)
    _must_be_free(session, product, number, draft.pack)
    product.registered_name, product.trade_name = draft.registered_name, draft.trade_name
    product.approval_number, product.pack, product.packing = number, draft.pack, draft.packing
    product.standard_code = code_of(product.specification, draft.standard_code) if draft.standard_code else None
    product.is_reference_preparation, product.active = draft.is_reference_preparation, draft.active


def number_of(specification: Specification, text: str) -> str:
    """Return a drug's approval number or a consumable's certificate number in its one spelling, or refuse."""
    if specification.part is Part.SERVICE:
        raise DomainError("service-without-products", text=specification.text)
    return certificate_number(text) if specification.form is Form.DEVICE else approval_number(text)


def code_of(specification: Specification, text: str) -> str:
    """Return a drug's standard code or a consumable's national code, or refuse."""
    return consumable_code(text) if specification.form is Form.DEVICE else standard_code(text)


def _must_be_free(session: Session, product: Product, number: str, pack: int) -> None:
    query = select(Product.id).where(
        Product.approval_number == number,
        Product.specification_id == product.specification.id,
        Product.pack == pack,
    )
    known = session.scalar(query)
    if known is not None and known != product.id:
        raise Conflict("product-exists", number=number, text=product.specification.text, pack=pack)
