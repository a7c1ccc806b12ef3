"""Classes of products: by the drug list's edition, or by the code of a consumable's category."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.consumables.models import Consumable
from catalogue.consumables.rules.codes import CLASS_LENGTHS
from catalogue.drugs.models import Product, Specification, Variety
from catalogue.editions.flow import MatchState
from catalogue.editions.models import ListClass, ListEntry, ListMatch
from catalogue.editions.queries.editions import in_force
from kernel.sets import among

WIDEST = 2
"""Letters of the widest class of a drug."""
_SURE = (MatchState.CERTAIN, MatchState.CONFIRMED)


def widest(session: Session, specification_ids: Collection[int], day: date) -> dict[tuple[int, int], str]:
    """Return the widest class of each maker's specification: (specification, company) → code.

    Of a drug that stands in several classes, the first by code; what stands in none is missing.
    """
    makers = Product.specification_id, Product.company_id
    held = (
        select(*makers, func.substr(Variety.category, 1, CLASS_LENGTHS[0]))
        .join(Specification, Specification.id == Product.specification_id)
        .join(Variety, Variety.id == Specification.variety_id)
        .where(among(Product.specification_id, specification_ids), Variety.category != "")
    )
    found = {(specification, company): code for specification, company, code in session.execute(held)}
    edition = in_force(session, day)
    if edition is None:
        return found
    code = func.min(func.substr(ListEntry.class_code, 1, WIDEST))
    drugs = (
        select(*makers, code)
        .join(ListMatch, ListMatch.product_id == Product.id)
        .join(ListEntry, ListEntry.id == ListMatch.entry_id)
        .where(ListMatch.edition_id == edition.id, ListMatch.state.in_(_SURE), ListEntry.class_code != "")
        .where(among(Product.specification_id, specification_ids))
        .group_by(*makers)
    )
    return found | {(specification, company): code for specification, company, code in session.execute(drugs)}


def names(session: Session, day: date) -> dict[str, str]:
    """Return the names of the widest classes, of drugs in the edition of the day and of consumables."""
    prefix = func.substr(Consumable.code, 1, CLASS_LENGTHS[0])
    query = select(prefix, func.min(Consumable.class_1)).where(Consumable.class_1.is_not(None)).group_by(prefix)
    found = {code: name for code, name in session.execute(query) if name}
    edition = in_force(session, day)
    if edition is not None:
        own = select(ListClass.code, ListClass.name).where(ListClass.edition_id == edition.id, ListClass.level == 1)
        found |= dict(session.execute(own.order_by(ListClass.part.desc(), ListClass.code)).all())
    return found
