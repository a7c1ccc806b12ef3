"""Published ratings as a call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kernel.calls import Call
from kernel.clock import today
from pricing.credit.ratings.queries import ratings as queries


def register(call: Call) -> Sequence[dict[str, Any] | None]:
    """Return the ratings that stand in the register at the end of a day, as they were published."""
    now = today(call.at)
    found = queries.register(min(call.query["on"] or now, now), level=call.query["level"])
    return [one.record for one in call.session.scalars(found)]
