"""Bring in what other provinces published, and when it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.auth.second import must_be_another
from kernel.clock import today
from kernel.errors import Conflict, Forbidden
from kernel.parties import regions
from pricing.credit.national import queries
from pricing.credit.national.models import NationalEnd, NationalProduct, NationalRating
from pricing.credit.national.rules import PLAIN, Ended, Key, Told
from pricing.credit.ratings.queries.ratings import governs
from pricing.tags import Tag


def bring(
    session: Session, *, rows: Sequence[Told], ended: Mapping[Key, Ended], source: Mapping[str, object],
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Keep new ratings, and the day on which known ones end.

    Raises Conflict where an ended one is not known, or somebody told another end since it was read.

    What holds everywhere bars here, and ends, once a second person confirmed it.
    """
    if not governs(actor, None):
        raise Forbidden(permission=P.CREDIT_RATE)
    made, places = [], regions.by_code(session)
    for one in rows:
        plain = {name: getattr(one, name) for name in PLAIN}
        products = [NationalProduct(approval_number=number) for number in sorted(set(one.products))]
        if one.published_on > today(at):
            raise Conflict("national-future", value=one.published_on)
        made.append(NationalRating(**plain, products=products, brought_at=at, ends=[_told(one.ends_on, actor, at)],
                                   region_name=places[one.region_code].name))  # fmt: skip
    known = queries.rows(session, ended)
    for key, (before, _day) in ended.items():
        if key not in known:
            raise Conflict("national-unknown", number=key[1])
        if known[key].ends_on != before:
            raise Conflict("national-changed", number=key[1])
    session.add_all(made)
    for key, (_before, day) in ended.items():
        known[key].ends_on = day
        known[key].ends.append(_told(day, actor, at))
    session.flush()
    for each in (*made, *(known[key] for key in ended)):
        told = {"number": each.number, "level": each.level, "ends": each.ends_on, **source}
        record(session, Tag.NATIONAL_RATING_BROUGHT, each, actor, at, told)


def _told(day: date | None, actor: Actor, at: datetime) -> NationalEnd:
    return NationalEnd(ends_on=day, told_by_id=actor.user_id, told_at=at)


def confirm(session: Session, *, end_id: int, actor: Actor, at: datetime) -> NationalRating:
    """Confirm, as a second person, what was told last of a rating: it bars here from its days on, or no more.

    Raises Conflict where another end was told since, or somebody confirmed it.
    """
    if not governs(actor, None):
        raise Forbidden(permission=P.CREDIT_RATE)
    end, last = queries.locked(session, end_id)
    if not last or end.confirmed_at is not None:
        raise Conflict("national-changed", number=end.rating.number)
    must_be_another(actor, end.told_by_id)
    end.confirmed_by_id, end.confirmed_at = actor.user_id, at
    told = {"number": end.rating.number, "ends": end.ends_on}
    record(session, Tag.NATIONAL_RATING_CONFIRMED, end.rating, actor, at, told)
    return end.rating
