"""Indices as a call, open to everybody."""

from __future__ import annotations

from typing import Any

from kernel.calls import Call
from pricing.monitoring.queries import sums
from pricing.monitoring.queries.asked import read


def index(call: Call) -> dict[str, Any]:
    """Return the indices of the periods asked for."""
    given = {name.rstrip("_"): value for name, value in call.query.items()}
    asked = read(given, call.at)
    return {
        "base": asked.base_period, "method": "chained" if asked.chained else "fixed",
        "as_of": sums.as_of(call.session, call.at),
        "periods": sums.series(sums.amounts(call.session, asked)[""], asked),
    }  # fmt: skip
