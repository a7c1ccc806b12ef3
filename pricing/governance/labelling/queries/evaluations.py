"""What was said of products' consistency evaluations."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from kernel.sets import among
from pricing.governance.labelling.models import ProductEvaluation


def stated(session: Session, product_ids: Collection[int]) -> dict[int, tuple[bool, str]]:
    """Return whether products passed, and the document that says so."""
    query = select(ProductEvaluation.product_id, ProductEvaluation.passed, ProductEvaluation.source)
    rows = session.execute(query.where(among(ProductEvaluation.product_id, product_ids)))
    return {product: (passed, source) for product, passed, source in rows}


def listing() -> Select[ProductEvaluation]:
    """Return the query of everything that was said, by product."""
    return select(ProductEvaluation).order_by(ProductEvaluation.product_id)
