"""What the drug catalogue knows about codes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.codes.queries import Found, lookup
from catalogue.codes.rules.kinds import CodeKind, PartName
from catalogue.codes.rules.reading import ParsedCode
from catalogue.drugs.models import Product

MOST = 20


@lookup(CodeKind.STANDARD, part=PartName.WHOLE)
def products(session: Session, parsed: ParsedCode, _value: str) -> Sequence[Found]:
    """Name the products that carry a standard code."""
    query = select(Product).where(Product.standard_code == parsed.text).order_by(Product.id).limit(MOST)
    return [
        Found(f"{each.registered_name} {each.specification.text}", each.company.name, "product", each.id)
        for each in session.scalars(query)
    ]
