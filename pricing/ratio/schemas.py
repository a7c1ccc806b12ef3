"""What the command, the calculator page and the call ask: read field by field, all mistakes at once. No web needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from catalogue.drugs.rules.forms import packs_as_oral, read_form
from catalogue.drugs.rules.ratios import read_measure
from kernel.errors import DomainError, Unreadable
from kernel.money import NotANumber, parse_decimal
from kernel.working import Working, plain
from pricing.ratio.rules import Container, FormRatio, Inconvertible, Presentation, check_price, convert

T = TypeVar("T")
ASPECTS = ("content", "fill", "pack", "form", "container")


@dataclass(frozen=True, slots=True)
class Question:
    """A conversion to do."""

    price: Decimal
    reference: Presentation
    target: Presentation
    oral: bool | None = None
    form_ratio: FormRatio | None = None

    def answer(self) -> Working[Decimal]:
        """Do it."""
        return convert(
            self.price, reference=self.reference, target=self.target, oral=self.oral, form_ratio=self.form_ratio
        )


def read(given: Mapping[str, Any]) -> Question:
    """Read `price`, `from_content` … `to_container`, `oral`, `form_factor` and `form_add`; empty ones are absent."""
    reading = _Reading(given)
    price = reading.read("price", lambda written: check_price(parse_decimal(written)), required=True)
    reference, target = reading.side("from"), reading.side("to")
    own = reading.own_form_ratio()
    oral = reading.oral(reference, target)
    reading.check_pairs()
    if reading.refused or price is None:
        raise Unreadable(reading.refused)
    return Question(price, reference, target, oral, own)


def as_json(result: Working[Decimal]) -> dict[str, Any]:
    """Return an answer as plain data."""
    return {"price": plain(result.value), "steps": [step.as_dict() for step in result.steps]}


class _Reading:
    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given
        self.refused: list[tuple[str, DomainError]] = []

    def written(self, name: str) -> str:
        return str(self.given.get(name) or "").strip()

    def read(self, name: str, reader: Callable[[str], T], *, required: bool = False) -> T | None:
        written = self.written(name)
        try:
            if written:
                return reader(written)
            if required:
                raise Inconvertible("missing", field=name)
        except DomainError as refusal:
            self.refused.append((name, refusal))
        except (NotANumber, ValueError):
            self.refused.append((name, Inconvertible("unreadable-value", text=written)))
        return None

    def side(self, side: str) -> Presentation:
        return Presentation(
            content=self.read(f"{side}_content", read_measure),
            fill=self.read(f"{side}_fill", read_measure),
            pack=self.read(f"{side}_pack", _count),
            form=self.read(f"{side}_form", read_form),
            container=self.read(f"{side}_container", Container),
            sugar_free=bool(self.given.get(f"{side}_sugar_free")),
        )

    def own_form_ratio(self) -> FormRatio | None:
        factor = self.read("form_factor", _positive)
        addition = self.read("form_add", parse_decimal)
        if factor is None and addition is None:
            return None
        return FormRatio(factor=factor or Decimal(1), addition=addition or Decimal(0))

    def oral(self, *sides: Presentation) -> bool | None:
        said = self.given.get("oral")
        oral = {True: True, False: False, "oral": True, "other": False}.get(said) if said is not None else None
        if oral and any(side.form is not None and not packs_as_oral(side.form) for side in sides):
            self.refused.append(("oral", Inconvertible("not-oral")))
        return oral

    def check_pairs(self) -> None:
        for name in ASPECTS:
            sides = [bool(self.written(f"{side}_{name}")) for side in ("from", "to")]
            if sides[0] != sides[1]:
                missing = f"to_{name}" if sides[0] else f"from_{name}"
                self.refused.append((missing, Inconvertible("one-sided", aspect=name)))


def _positive(written: str) -> Decimal:
    number = parse_decimal(written)
    if number <= 0:
        raise NotANumber(written)
    return number


def _count(written: str) -> int:
    number = parse_decimal(written)
    if number != number.to_integral() or not 0 < number <= 1_000_000:
        raise Inconvertible("pack-out-of-range", pack=written)
    return int(number)
