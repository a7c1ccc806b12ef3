"""Register many companies, hospitals and products at once, with one event for all; the search catches up by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from catalogue.drugs.rules.codes import approval_number, standard_code
from catalogue.drugs.services.companies import OrganisationDraft
from catalogue.drugs.services.products import BadPack, ProductDraft
from catalogue.drugs.services.varieties import TYPED, Origin
from catalogue.tags import Tag
from catalogue.tallies.services import touch
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import insert_rows
from kernel.errors import Conflict, DomainError
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.credit import credit_code
from kernel.parties.models import Organisation, Region

ENTERED = ("name", "short_name", "grade", "address", "legal_person", "contact", "phone")


@dataclass(frozen=True, slots=True)
class ProductOf:
    """A product with whose it is and of which specification."""

    company_id: int
    specification_id: int
    draft: ProductDraft


def create_companies(
    session: Session, *, drafts: Sequence[OrganisationDraft], actor: Actor, at: datetime,
    kind: OrganisationKind = OrganisationKind.COMPANY, origin: Origin = TYPED,
) -> int:  # fmt: skip
    """Register companies or hospitals that are all new; return how many."""
    if not drafts:
        return 0
    codes = [credit_code(draft.code) for draft in drafts]
    _must_be_new(session, drafts, codes)
    count, table = len(drafts), Organisation.__table__
    columns: dict[str, Sequence[Any]] = {
        "kind": [kind] * count, "code": codes, "region_code": [draft.region_code or None for draft in drafts],
        "state": [OrganisationState.ACTIVE] * count, "review_note": [""] * count, "created_at": [at] * count,
        "version": [1] * count, **{name: [getattr(draft, name) for draft in drafts] for name in ENTERED},
    }  # fmt: skip
    insert_rows(session, table, columns=columns)
    first = session.scalars(select(Organisation).where(Organisation.code == codes[0])).one()
    record(session, Tag.ORGANISATIONS_CREATED, first, actor, at, {**origin, "rows": count})
    return count


def _must_be_new(session: Session, drafts: Sequence[OrganisationDraft], codes: Sequence[str]) -> None:
    holders = dict(session.execute(select(Organisation.code, Organisation.name)).all())
    regions = set(session.scalars(select(Region.code)))
    for code, draft in zip(codes, drafts, strict=True):
        if code in holders:
            raise Conflict("credit-code-taken", credit_code=code, name=holders[code])
        holders[code] = draft.name
        if draft.region_code and draft.region_code not in regions:
            raise DomainError("unknown-region", region=draft.region_code)


def create_products(
    session: Session, *, products: Sequence[ProductOf], actor: Actor, at: datetime, origin: Origin = TYPED
) -> int:
    """Add products that are all new; return how many."""
    if not products:
        return 0
    drafts = [product.draft for product in products]
    for draft in drafts:
        if not 0 < draft.pack <= 1_000_000:
            raise BadPack(pack=draft.pack)
    numbers = [approval_number(draft.approval_number) for draft in drafts]
    table = Product.__table__
    columns: dict[str, Sequence[Any]] = {
        "company_id": [product.company_id for product in products], "approval_number": numbers,
        "specification_id": [product.specification_id for product in products],
        "standard_code": [standard_code(draft.standard_code) if draft.standard_code else None for draft in drafts],
        "version": [1] * len(drafts),
        **{name: [getattr(draft, name) for draft in drafts] for name in (
            "registered_name", "trade_name", "pack", "packing", "is_reference_preparation", "active")},
    }  # fmt: skip
    insert_rows(session, table, columns=columns)
    touch(session, "product")
    first = select(Product).where(Product.approval_number == numbers[0]).order_by(Product.id).limit(1)
    record(
        session, Tag.PRODUCTS_CREATED, session.scalars(first).unique().one(), actor, at, {**origin, "rows": len(drafts)}
    )
    return len(drafts)
