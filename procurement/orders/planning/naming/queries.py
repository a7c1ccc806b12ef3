"""Products by the codes that name them, all of a block or file at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.identity import record_id
from kernel.sets import among
from procurement.orders.planning.naming.rules import Named, spelt


def found(session: Session, named: Sequence[Named]) -> list[list[Product]]:
    """Return for each name the products it may mean: one, none, or several packs or specifications."""
    codes = sorted({code for one in named for code in one.codes})
    by_code: dict[str, list[Product]] = defaultdict(list)
    for product in _products(session, codes):
        for code in {str(product.id), spelt(product.approval_number), product.standard_code or ""} - {""}:
            by_code[code].append(product)
    return [_meant(one, by_code) for one in named]


def _products(session: Session, codes: Sequence[str]) -> Sequence[Product]:
    ids = [found for code in codes if (found := record_id(code))]
    known: dict[int, Product] = {}
    for column, values in ((Product.approval_number, codes), (Product.standard_code, codes), (Product.id, ids)):
        query = select(Product).where(among(column, values), Product.active).order_by(Product.id)
        known |= {one.id: one for one in session.scalars(query).unique()}
    return list(known.values())


def _meant(named: Named, by_code: dict[str, list[Product]]) -> list[Product]:
    """The first cell that is a code decides; a pack that fits narrows it down."""
    for code in named.codes:
        if held := by_code.get(code):
            fitting = [one for one in held if one.pack in named.packs]
            return fitting or held
    return []
