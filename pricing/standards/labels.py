"""Names of the steps, refusals as sentences, and a working as people read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kernel.i18n import _, _l
from kernel.money import places
from kernel.problems import sentences
from kernel.working import Step

sentences(
    {
        "standard-field-missing": _l("Fill in this field."),
        "standard-unreadable": _l("“%(text)s” can't be read."),
        "standard-bad-price": _l("A price is above 0 and below 1000000000 yuan, with at most 4 decimals."),
        "standard-bad-year": _l("The schedule has the years 1 to %(years)s, not %(year)s."),
        "standard-missing": _l(
            "The price %(price)s is above twice the winning price (%(limit)s), so the price at the start of the "
            "agreement is needed, and the year where one year is asked."
        ),
        "standard-no-schedule": _l("There is no schedule %(schedule)s."),
    }
)
STEPS = {
    "standard.passed": _l("Consistency evaluation passed, or reference"),
    "standard.lower": _l("Not passed: the lower of price and winning price"),
    "standard.price-to-winning": _l("Price against the winning price"),
    "standard.price": _l("Not above the winning price: the product's own price"),
    "standard.price-to-double": _l("Price against twice the winning price"),
    "standard.start-to-double": _l("Start price against twice the winning price"),
    "standard.winning": _l("Not above twice as much: the winning price"),
    "standard.share": _l("The year's share of the start price"),
    "standard.floor": _l("Not below the winning price"),
    "standard.lower-of-both": _l("Not above the product's own price"),
    "standard.rounded": _l("Payment standard, rounded half-up"),
}


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as a line: what it is, the arithmetic with real numbers, its result and source."""

    name: str
    calculation: str
    value: str
    source: str


def shown_steps(steps: Iterable[Step]) -> list[ShownStep]:
    """Return the lines of a working."""
    return [ShownStep(str(STEPS[step.code]), _calculation(step), _value(step), step.source) for step in steps]


def _value(step: Step) -> str:
    if step.passed is not None:
        return str(_("yes") if step.passed else _("no"))
    return str(step.value) if step.code == "standard.rounded" else _plain(step.value)


def _plain(value: object) -> str:
    """Write a number without zeros that carry nothing."""
    return f"{value:.{places(value)}f}" if isinstance(value, Decimal) else str(value)


def _calculation(step: Step) -> str:
    facts = {name: _plain(value) for name, value in step.facts}
    if step.limit is not None:
        return f"{_plain(step.value)} {'≤' if step.passed else '>'} {_plain(step.limit)}"
    if step.code == "standard.share":
        return f"{facts['start']} × {facts['share']}"
    if step.code == "standard.floor":
        return f"max({facts['winning']}, {facts['step']})"
    if "price" in facts:
        return f"min({facts['price']}, {facts.get('floor') or facts['winning']})"
    return ""
