"""What applications can't be submitted with, for one form or a whole workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Issue
from kernel.parties.models import Region
from kernel.sets import among
from pricing.applications.queries import applications as queries
from pricing.applications.queries.knowing import known
from pricing.applications.rules import Draft, Known, faults


def faults_of(
    session: Session, *, drafts: Sequence[Draft], actor: Actor, at: datetime, own: int | None = None
) -> tuple[list[dict[str, Issue]], list[Known]]:
    """Return what is wrong with each draft, by field, and what is known beside it; another's product is none.

    `own` is the application that is mended: it does not stand in its own way.
    """
    company, ids = actor.organisation_id, sorted({draft.product_id for draft in drafts})
    query = select(Product.id).where(among(Product.id, ids), Product.company_id == company)
    mine, regions = set(session.scalars(query)), set(session.scalars(select(Region.code)))
    good = [draft for draft in drafts if draft.product_id in mine]
    told = dict(zip([id(one) for one in good], known(session, good, at) if good else [], strict=True))
    taken = queries.open_keys(session, ids, besides=own)
    found: list[dict[str, Issue]] = []
    for draft in drafts:
        wrong: dict[str, Issue] = {}
        if draft.product_id not in mine:
            wrong["product_id"] = Issue("application-not-yours")
        else:
            wrong |= {name: _issue(code, draft, told[id(draft)], at) for name, code in
                      faults(draft, told[id(draft)], today(at)).items()}  # fmt: skip
        if draft.region_code not in regions:
            wrong["region_code"] = Issue("unknown-choice", value=draft.region_code)
        if draft.product_id in mine and draft.key in taken:
            wrong["product_id"] = Issue("application-open-already")
        found.append(wrong)
    return found, [told.get(id(draft), _NOTHING) for draft in drafts]


_NOTHING: Any = None
"""What is known beside a product that is not the company's."""


def _issue(code: str, draft: Draft, beside: Known, at: datetime) -> Issue:
    facts: dict[str, object] = {"year": today(at).year, "reason": beside.credit, "price": draft.price}
    return Issue(code, facts=facts)
