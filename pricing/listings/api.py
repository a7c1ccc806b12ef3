"""Listings as a call."""

from __future__ import annotations

from collections.abc import Sequence

from kernel.calls import Call
from kernel.clock import today
from kernel.errors import DomainError
from kernel.identity import record_id
from pricing.listings import queries
from pricing.listings.models import Listing

MOST = 1_000


def index(call: Call) -> Sequence[Listing]:
    """Return the prices that count on a day, for up to a thousand products."""
    ids = [record_id(written.strip()) for written in call.query["products"].split(",")]
    if None in ids or len(ids) > MOST:
        raise DomainError("listing-bad-products", most=MOST)
    day, kind = call.query["day"] or today(call.at), call.query["kind"]
    wanted = [each for each in ids if each is not None]
    found = queries.standing(call.session, product_ids=wanted, region_code=call.query["region"], day=day)
    return [found[key] for key in sorted(found) if kind in (None, key[1])]
