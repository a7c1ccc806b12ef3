"""A product's prices through time, as steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from kernel.i18n import label
from pricing import plots
from pricing.listings.models import Listing


def steps(rows: Sequence[Listing], today: date) -> dict[str, Any] | None:
    """Return the plot of prices by region and kind; None where nothing was ever listed."""
    lines = [
        (f"{key[0]} {label(key[1])}", _held(list(part)))
        for key, part in groupby(rows, key=lambda row: (row.region.name, row.kind))
    ]
    return plots.steps(lines, today)


def _held(rows: Sequence[Listing]) -> list[plots.Held]:
    """Return the periods in which a price counted: one that never began and days of a suspension are left out."""
    counted = [each for each in rows if each.ends is None or each.ends > each.starts]
    return [(each.starts, each.suspended_on or each.ends, each.price) for each in counted]
