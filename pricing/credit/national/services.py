"""Bring in what other provinces published, and when it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import Conflict, Forbidden
from pricing.credit.national import queries
from pricing.credit.national.models import NationalProduct, NationalRating
from pricing.credit.national.rules import PLAIN, Key, Told
from pricing.credit.ratings.queries.ratings import governs
from pricing.tags import Tag


def bring(
    session: Session, *, rows: Sequence[Told], ended: Mapping[Key, date], source: Mapping[str, object],
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Keep new ratings, and the day on which known ones end. Raises Conflict where an ended one is not known."""
    if not governs(actor, None):
        raise Forbidden(permission=P.CREDIT_RATE)
    made = []
    for one in rows:
        plain = {name: getattr(one, name) for name in PLAIN}
        products = [NationalProduct(approval_number=number) for number in sorted(set(one.products))]
        ended_at = at if one.ends_on is not None else None
        made.append(NationalRating(**plain, products=products, brought_at=at, ended_at=ended_at))
    session.add_all(made)
    known = queries.rows(session, ended)
    for key, day in ended.items():
        if key not in known:
            raise Conflict("national-unknown", number=key[1])
        known[key].ends_on, known[key].ended_at = day, at
    session.flush()
    for each in (*made, *(known[key] for key in ended)):
        told = {"number": each.number, "level": each.level, "ends": each.ends_on, **source}
        record(session, Tag.NATIONAL_RATING_BROUGHT, each, actor, at, told)
