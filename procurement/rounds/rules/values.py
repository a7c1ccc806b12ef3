"""What a parameter's value has to look like: checks that answer with what is wrong, empty where nothing is.

What is wrong is an English sentence that pages can say in another language.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.errors import Said
from kernel.money import places

FINE = Said("")
Check = Callable[[Any], Said]
KEY = re.compile(r"[a-z][a-z0-9_]* (asc|desc)")


def is_number(value: Any) -> bool:
    """Say whether TOML gave an exact number of at most 12 digits before and 12 behind the point."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool) or not Decimal(value).is_finite():
        return False
    return abs(Decimal(value)) < 10**12 and places(Decimal(value)) <= 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the options."""

    options: tuple[str, ...]

    def __call__(self, value: Any) -> Said:
        """Say what is wrong."""
        return FINE if value in self.options else Said("must be one of %(options)s", options=", ".join(self.options))


def choice(*options: str) -> Choice:
    """One of the options."""
    return Choice(options)


def whole(low: int, high: int = 1_000_000) -> Check:
    """A whole number from `low` to `high`."""
    problem = Said("must be a whole number of at least %(low)s and at most %(high)s", low=low, high=high)
    return lambda value: (
        FINE if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high else problem
    )


def number(low: str, high: str = "", *, above: bool = False) -> Check:
    """A number from `low` (strictly above it where `above`) to `high`."""
    limits = {
        (True, True): "must be above %(low)s and at most %(high)s", (True, False): "must be above %(low)s",
        (False, True): "must be at least %(low)s and at most %(high)s", (False, False): "must be at least %(low)s",
    }  # fmt: skip
    outside = Said(limits[above, bool(high)], low=low, high=high)

    def check(value: Any) -> Said:
        if not is_number(value):
            return Said("must be a number of at most 12 digits before and 12 behind the point")
        too_low = value < Decimal(low) or (above and value == Decimal(low))
        return outside if too_low or (high and value > Decimal(high)) else FINE

    return check


SHARE = number("0", "1")


def flag(value: Any) -> Said:
    """True or false."""
    return FINE if isinstance(value, bool) else Said("must be true or false")


def day(value: Any) -> Said:
    """A date."""
    return FINE if type(value) is date else Said("must be a date such as 2027-12-31")


def text(value: Any) -> Said:
    """A column name."""
    return FINE if isinstance(value, str) and value.strip() else Said("must be the name of a column")


def each(check: Check, *, least: int = 1) -> Check:
    """A list of at least `least` items, every one as `check` wants it."""

    def items(value: Any) -> Said:
        if not isinstance(value, list) or len(value) < least:
            return Said("must be a list with at least %(least)s entries", least=least)
        return next((problem for item in value if (problem := check(item))), FINE)

    return items


def named(check: Check) -> Check:
    """A table that is not empty, every value as `check` wants it."""

    def values(value: Any) -> Said:
        if not isinstance(value, dict) or not value:
            return Said("must be a table with at least one entry")
        wrong = ((name, problem) for name, item in value.items() if (problem := check(item)))
        return next((Said("%(name)s: %(problem)s", name=name, problem=problem) for name, problem in wrong), FINE)

    return values


def counts(value: Any) -> Said:
    """Places for N = 1, 2, 3 …; the last one holds for every larger N."""
    problem = each(whole(1))(value)
    if problem:
        return problem
    too_many = next((n for n, k in enumerate(value, 1) if k > n), None)
    if too_many:
        return Said("gives %(k)s places to %(n)s bidders", k=value[too_many - 1], n=too_many)
    return FINE if value == sorted(value) else Said("must not fall as N rises")


def keys(value: Any) -> Said:
    """Tie keys "column asc" or "column desc"; "draw" stands last or not at all."""
    problem = Said('must be a list of texts such as "sales desc", with "draw" at the end')
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return problem
    columns = value[:-1] if value and value[-1] == "draw" else value
    return FINE if all(KEY.fullmatch(item) for item in columns) else problem


def tiers(value: Any) -> Said:
    """Pairs [highest price, ratio] with rising prices."""
    if not isinstance(value, list) or not value or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        return Said("must be a list of pairs [highest price, ratio]")
    if not all(is_number(limit) and not SHARE(ratio) for limit, ratio in value):
        return Said("must hold numbers, ratios between 0 and 1")
    limits = [limit for limit, _ in value]
    return FINE if limits == sorted(set(limits)) else Said("must have rising prices")
