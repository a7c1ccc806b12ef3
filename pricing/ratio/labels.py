"""Names of containers and steps, refusals as sentences, and a working as people read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kernel.i18n import _, _l, labels
from kernel.problems import sentences, shown
from kernel.working import Step
from pricing.ratio.rules import Container

labels(
    {
        Container.GLASS_BOTTLE: _l("Glass bottle"),
        Container.PLASTIC_BOTTLE: _l("Plastic bottle"),
        Container.SOFT_BAG: _l("Soft bag"),
    }
)
sentences(
    {
        "inconvertible": _l("The rules give no way from one to the other."),
        "missing": _l("Fill in this field."),
        "unreadable-value": _l("“%(text)s” can't be read."),
        "unknown-form-ratio": _l(
            "The ratio rules relate %(reference)s and %(target)s in no way; state a form ratio with its document."
        ),
        "one-sided": _l("State it for both specifications or for neither."),
        "price-out-of-range": _l("The price must be above 0 and below 1000000000 yuan."),
        "pack-out-of-range": _l("A pack holds between 1 and 1000000 units, not %(pack)s."),
        "ratio-out-of-range": _l("The two are too far apart to convert (%(ratio)s times)."),
        "container-not-large-volume": _l("Containers count for large-volume injections only."),
        "not-oral": _l("Packs of this form go by number."),
        "compound": _l("%(text)s is a compound; the ratio rules compare it by its stated factors only."),
        "price-vanishes": _l("Nothing is left of %(price)s yuan."),
    }
)
STEPS = {
    "ratio.start": _l("Price of the reference"),
    "ratio.form": _l("Form ratio"),
    "ratio.own-form": _l("Own form ratio"),
    "ratio.sugar-free": _l("Sugar-free"),
    "ratio.content": _l("Content ratio"),
    "ratio.fill": _l("Fill ratio"),
    "ratio.pack-oral": _l("Pack ratio, oral forms"),
    "ratio.pack-linear": _l("Pack ratio, other forms"),
    "ratio.container": _l("Container"),
    "ratio.smaller-injection": _l("A smaller injection costs no more a unit"),
    "ratio.rounded": _l("Rounded half-up to 0.01 yuan"),
}
_BASES = {"ratio.content": "1.7", "ratio.fill": "1.9", "ratio.pack-oral": "1.95"}


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as a line: what it is, the arithmetic with real numbers, its result and source."""

    name: str
    calculation: str
    value: str
    source: str


def shown_steps(steps: Iterable[Step]) -> list[ShownStep]:
    """Return the lines of a working."""
    return [ShownStep(str(STEPS[step.code]), _calculation(step), shown(step.value), step.source) for step in steps]


def _calculation(step: Step) -> str:
    facts: dict[str, Any] = {name: shown(value) for name, value in step.facts}
    sides = f"{facts['reference']} → {facts['target']}" if "reference" in facts else ""
    if step.code in _BASES:
        power = f"{_BASES[step.code]}^log₂({facts['ratio']}) = {facts['factor']}"
        return _join(sides, power, f"{facts['before']} × {facts['factor']}")
    if step.code == "ratio.smaller-injection":
        return str(_("%(computed)s is held at the unit price of the larger one", computed=facts["computed"]))
    if step.code == "ratio.container":
        return _join(sides, f"{facts['before']} + {facts['addition']}")
    if step.code == "ratio.own-form":
        return _join(sides, f"{facts['before']} × {facts['factor']} + {facts['addition']}")
    return _join(sides, f"{facts['before']} × {facts['factor']}" if "factor" in facts else "")


def _join(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
