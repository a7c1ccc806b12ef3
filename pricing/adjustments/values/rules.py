"""Numbers of plans as people write them. Source: service_prices.md "Adjustment plan"; units as policy.toml has them."""

from __future__ import annotations

from decimal import Decimal

from kernel.errors import Invalid, Issue
from kernel.money import NotANumber, parse_decimal, places
from kernel.working import plain

LIMITS = {
    "growth": (Decimal(-1), Decimal(1)), "neighbours": (Decimal(0), Decimal(10)),
    "publicity": (Decimal(1), Decimal(90)),
}  # fmt: skip
"""Lowest and highest; other numbers are shares."""
SHARE = (Decimal(0), Decimal(1))
NEEDED = ("growth", "technical.number", "technical.amount", "publicity", "fund.third", "fund.second", "fund.first")
"""What has to be filled in before a plan is decided on."""


def typed(name: str, text: str) -> str:
    """Read a value; raises Invalid.

    >>> typed("growth", "0.025"), typed("publicity", "7")
    ('0.025', '7')
    """
    low, high = LIMITS.get(name, SHARE)
    try:
        value = parse_decimal(text.strip())
    except NotANumber:
        value = high + 1
    whole = name == "publicity"
    if not low <= value <= high or places(value) > (0 if whole else 6):
        raise Invalid({"text": Issue("plan-number", value=text, facts={"low": str(low), "high": str(high)})})
    return str(plain(value))
