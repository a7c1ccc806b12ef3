"""The parameters a rule set may hold, and what a value of each has to look like.

A rule set is data: this table is the whole vocabulary, and nothing in the evaluation knows a rule set by its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.money import places

Check = Callable[[Any], str]
MOST_YEARS = 50
KEY = re.compile(r"[a-z][a-z0-9_]* (asc|desc)")


def is_number(value: Any) -> bool:
    """Say whether TOML gave an exact number of at most 12 digits before and 12 behind the point."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool) or not Decimal(value).is_finite():
        return False
    return abs(Decimal(value)) < 10**12 and places(Decimal(value)) <= 12


def choice(*options: str) -> Check:
    """One of the options."""
    return lambda value: "" if value in options else f"must be one of {', '.join(options)}"


def whole(low: int, high: int = 1_000_000) -> Check:
    """A whole number from `low` to `high`."""
    text = f"must be a whole number of at least {low} and at most {high}"
    return lambda value: "" if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high else text


def number(low: str, high: str = "", *, above: bool = False) -> Check:
    """A number from `low` (strictly above it where `above`) to `high`."""

    def check(value: Any) -> str:
        if not is_number(value):
            return "must be a number of at most 12 digits before and 12 behind the point"
        if value < Decimal(low) or (above and value == Decimal(low)) or (high and value > Decimal(high)):
            return f"must be {'above' if above else 'at least'} {low}" + (f" and at most {high}" if high else "")
        return ""

    return check


SHARE = number("0", "1")


def flag(value: Any) -> str:
    """True or false."""
    return "" if isinstance(value, bool) else "must be true or false"


def day(value: Any) -> str:
    """A date."""
    return "" if type(value) is date else "must be a date such as 2027-12-31"


def text(value: Any) -> str:
    """A column name."""
    return "" if isinstance(value, str) and value.strip() else "must be the name of a column"


def each(check: Check, *, least: int = 1) -> Check:
    """A list of at least `least` items, every one as `check` wants it."""

    def items(value: Any) -> str:
        if not isinstance(value, list) or len(value) < least:
            return f"must be a list with at least {'one item' if least == 1 else f'{least} items'}"
        return next((problem for item in value if (problem := check(item))), "")

    return items


def named(check: Check) -> Check:
    """A table that is not empty, every value as `check` wants it."""

    def values(value: Any) -> str:
        if not isinstance(value, dict) or not value:
            return "must be a table with at least one entry"
        return next((f"{name} {problem}" for name, item in value.items() if (problem := check(item))), "")

    return values


def counts(value: Any) -> str:
    """Places for N = 1, 2, 3 …; the last one holds for every larger N."""
    problem = each(whole(1))(value)
    if problem:
        return problem
    too_many = next((n for n, k in enumerate(value, 1) if k > n), None)
    if too_many:
        return f"gives {value[too_many - 1]} places to {too_many} bidders"
    return "" if value == sorted(value) else "must not fall as N rises"


def keys(value: Any) -> str:
    """Tie keys "column asc" or "column desc"; "draw" stands last or not at all."""
    problem = 'must be a list of texts such as "sales desc", with "draw" at the end'
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return problem
    columns = value[:-1] if value and value[-1] == "draw" else value
    return "" if all(KEY.fullmatch(item) for item in columns) else problem


def tiers(value: Any) -> str:
    """Pairs [highest price, ratio] with rising prices."""
    if not isinstance(value, list) or not value or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        return "must be a list of pairs [highest price, ratio]"
    if not all(is_number(limit) and not SHARE(ratio) for limit, ratio in value):
        return "must hold numbers, ratios between 0 and 1"
    limits = [limit for limit, _ in value]
    return "" if limits == sorted(set(limits)) else "must have rising prices"


SCHEMA: Mapping[str, Check] = {
    "bidder.unit": choice("company", "product"),
    "bidder.per_company_maximum": whole(1),
    "bidder.sum_components": flag,
    "bid.invalid_price": choice("refuse", "mark"),
    "count.basis": choice("declared", "valid"),
    "shortlist.table": counts,
    "shortlist.fixed": whole(1),
    "shortlist.ties": choice("break", "include_all"),
    "ties.keys": keys,
    "anchor.type": choice("lowest", "mean", "mean-sd"),
    "anchor.factor": number("0", above=True),
    "anchor.deviation": choice("population", "sample"),
    "limit.multiplier": number("1"),
    "cut.minimum": number("0", "1", above=True),
    "cut.reach": choice("shortlist", "all"),
    "low_price.basis": choice("comparable", "unit"),
    "low_price.any": number("0", above=True),
    "low_price.oral-solid": number("0", above=True),
    "low_price.injection": number("0", above=True),
    "low_price.other": number("0", above=True),
    "price_line.below": number("0", above=True),
    "price_line.column": text,
    "line.price": number("0", above=True),
    "line.by_class": named(number("0", above=True)),
    "line.class_column": text,
    "line.highest": named(number("0")),
    "line.price_columns": each(text),
    "elimination.enabled": flag,
    "elimination.largest": whole(1),
    "outlier.deviations": number("0", above=True),
    "outlier.ratio": SHARE,
    "revival.shortlisted": flag,
    "revival.shortlisted_sole_multiplier": number("1"),
    "revival.unlisted": flag,
    "revival.unlisted_demand_share": number("0"),
    "revival.unlisted_not_highest": flag,
    "revival.unlisted_chooses_regions": flag,
    "revival.unlisted_volume": choice("own-brand", "shared", "none"),
    "revival.reference": flag,
    "revival.reference_volume": choice("own-brand", "shared", "none"),
    "statement.below_anchor": flag,
    "volume.general": each(SHARE),
    "volume.class_b": each(SHARE),
    "volume.class_c": each(SHARE),
    "volume.tiers": tiers,
    "volume.grades": named(SHARE),
    "volume.fixed": SHARE,
    "volume.incumbent": SHARE,
    "volume.other": SHARE,
    "volume.antimicrobial": SHARE,
    "volume.base_share": SHARE,
    "volume.waterfall_two": each(SHARE),
    "volume.waterfall_three": each(SHARE, least=2),
    "volume.waterfall_many": SHARE,
    "volume.counted": choice("carrying", "all", "choosing"),
    "intent.share": SHARE,
    "period.by_winners": each(whole(1, MOST_YEARS)),
    "period.years": whole(1, MOST_YEARS),
    "period.until": day,
    "draft.enabled": flag,
    "draft.first_picks": whole(0),
    "draft.backup": flag,
    "group.column": text,
    "units.share": number("0", "1", above=True),
    "units.minimum": whole(1),
    "units.crossing_counts": flag,
    "units.commitments": each(text),
    "demand.floor": SHARE,
    "score.weights": named(number("0", above=True)),
}

LAZY = ("low_price.oral-solid", "low_price.injection", "low_price.other", "low_price.any")
"""Parameters that are asked for only when a bid of that form is there; any other unset one stops the evaluation."""

EXCLUSIVE = (
    ("shortlist.table", "shortlist.fixed"),
    ("period.by_winners", "period.until", "period.years"),
    ("volume.general", "volume.tiers", "volume.grades", "volume.fixed", "volume.incumbent", "volume.waterfall_many"),
)
NEEDS = (
    ("limit.multiplier", "anchor.type"),
    ("outlier.deviations", "anchor.deviation"),
    ("outlier.deviations", "outlier.ratio"),
    ("cut.reach", "cut.minimum"),
    ("line.by_class", "line.class_column"),
    ("elimination.enabled", "elimination.largest"),
    ("revival.shortlisted", "limit.multiplier"),
    ("revival.unlisted", "revival.unlisted_demand_share"),
    ("revival.reference", "limit.multiplier"),
    ("statement.below_anchor", "anchor.type"),
    ("volume.class_b", "volume.general"),
    ("volume.class_c", "volume.general"),
    ("volume.incumbent", "volume.other"),
    ("volume.waterfall_many", "volume.waterfall_two"),
    ("volume.waterfall_many", "volume.waterfall_three"),
    ("units.share", "units.minimum"),
)


def contradictions(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (parameter, what is wrong) for values that don't go together."""
    found = []
    for names in EXCLUSIVE:
        present = [name for name in names if name in values]
        found += [(name, f"can't stand beside {present[0]}") for name in present[1:]]
    found += [(name, f"needs {other}") for name, other in NEEDS if name in values and other not in values]
    anchor = values.get("anchor.type")
    if anchor in ("mean", "mean-sd") and "anchor.factor" not in values:
        found.append(("anchor.type", "needs anchor.factor"))
    if anchor == "mean-sd" and "anchor.deviation" not in values:
        found.append(("anchor.type", "needs anchor.deviation"))
    return found
