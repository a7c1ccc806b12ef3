"""What a region says of dual channel: the policy's figures with the region's own in their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from catalogue.dual_channel.rules.fixings import Fixing
from catalogue.editions.rules.parts import AGREED
from kernel import policy
from kernel.errors import DomainError
from kernel.money import NotANumber, parse_decimal, places
from kernel.policy import Parameters

POLICY = policy.load(Path(__file__).parent.with_name("policy.toml"))
Said = Mapping[str, Mapping[str, Any]]
"""{parameter: {"value": as JSON keeps it, "source": the region's document}}"""


def parameters_of(said: Said) -> Parameters:
    """Return the policy with what a region said."""
    found = POLICY
    for name, line in said.items():
        if name in POLICY:
            value = Decimal(line["value"]) if READERS[name] is share else line["value"]
            found = found.filled({name: value}, str(line["source"]))
    return found


def count(text: str) -> int:
    """Read a whole number up to 9999."""
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise ValueError(text)
    return int(text)


def months(text: str) -> int:
    """Read a time, which can't be nothing."""
    if not (found := count(text)):
        raise ValueError(text)
    return found


def share(text: str) -> str:
    """Read a share between 0 and 1 and keep it as text.

    >>> share("0.30")
    '0.30'
    """
    try:
        found = parse_decimal(text)
    except NotANumber as error:
        raise ValueError(text) from error
    if not 0 <= found <= 1 or places(found) > 6:
        raise ValueError(text)
    return format(found, "f")


def flag(text: str) -> bool:
    """Read yes or no."""
    return {"yes": True, "no": False}[text]


def fixings(text: str) -> list[str]:
    """Read the fixings a region uses, in their order; one at least."""
    asked = {Fixing(part) for part in text.split()}
    if not asked:
        raise ValueError(text)
    return [fixing.value for fixing in Fixing if fixing in asked]


def parts(text: str) -> list[str]:
    """Read the parts of the national list whose drugs may be listed; one at least."""
    asked = set(text.split())
    known: list[str] = [part.value for part in sorted(AGREED) if part.value in asked]
    if not known or len(known) != len(asked):
        raise ValueError(text)
    return known


READERS: Mapping[str, Callable[[str], Any]] = {
    "list.parts": parts, "fixings.used": fixings, "pharmacy.no_penalty_years": count, "pharmacy.traceability": flag,
    "pharmacy.stock_upload": flag, "pharmacy.per_chain": count, "pharmacy.per_district": count,
    "publicity.workdays": count, "review.months": months, "stock.most_days": months, "payment.own_share": share,
    "circulation.keep_months": months,
}  # fmt: skip


def read(name: str, text: str) -> Any:
    """Read what a region says of a parameter, or refuse it by name."""
    try:
        return READERS[name](text.strip())
    except (ValueError, KeyError):
        raise DomainError("dual-bad-parameter", parameter=name, value=text) from None


def written(name: str, parameters: Parameters) -> str:
    """Return a parameter's value as a form shows it; empty where nobody has said it."""
    parameter = parameters[name]
    if not parameter.is_set:
        return ""
    value = parameter.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(value) if isinstance(value, list) else str(value)
