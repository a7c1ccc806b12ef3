"""From the price of one specification to that of another.

Source: 药品差比价规则, 发改价格〔2011〕2452号:
P_target = P_reference × K_form × K_content × K_fill × K_pack (+ container), half-up to 0.01 yuan a pack.
Order: form, content, fill, pack count, container; from small-volume or powder to lyophilised or large-volume
injections content goes before form, and form before content the other way round (第十六条).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from catalogue.drugs.rules.forms import CAPSULES, INJECTIONS, TABLETS, Form, packs_as_oral
from catalogue.drugs.rules.ratios import (
    Measure,
    as_decimal,
    content_factor,
    fill_factor,
    pack_factor,
    ratio,
    settle,
)
from kernel.errors import DomainError
from kernel.money import round_amount, working
from kernel.policy import load
from kernel.working import Step, Working

POLICY = load(Path(__file__).resolve().parent / "policy.toml")
SOURCE = "发改价格〔2011〕2452号"
_INJECTION_LEVELS = {
    Form.SMALL_VOLUME_INJECTION: 0,
    Form.POWDER_INJECTION: 0,
    Form.LYOPHILISED_INJECTION: 1,
    Form.SOLVENT_CRYSTAL_INJECTION: 1,
    Form.LARGE_VOLUME_INJECTION: 2,
}


class Inconvertible(DomainError):
    """The rules give no way from one presentation to the other; the code says what is missing."""

    code = "inconvertible"


class Container(StrEnum):
    """What a large-volume injection is filled into."""

    GLASS_BOTTLE = "glass-bottle"
    PLASTIC_BOTTLE = "plastic-bottle"
    SOFT_BAG = "soft-bag"


@dataclass(frozen=True, slots=True)
class Presentation:
    """One side of a conversion. What neither side names plays no part; what only one side names is refused.

    `fill` counts where content is not the basis: leave it out of presentations that are compared by content.
    """

    content: Measure | None = None
    fill: Measure | None = None
    pack: int | None = None
    form: Form | None = None
    sugar_free: bool = False
    container: Container | None = None


@dataclass(frozen=True, slots=True)
class FormRatio:
    """A form ratio of a document of one's own, where the rules give none: a factor, or yuan a unit to add."""

    factor: Decimal = Decimal(1)
    addition: Decimal = Decimal(0)
    source: str = ""


def form_factor(reference: Form, target: Form) -> Decimal:
    """Return the price factor between two forms (剂型差比价); pairs that the rules do not relate are refused.

    >>> form_factor(Form.TABLET, Form.DISPERSIBLE_TABLET), form_factor(Form.ENTERIC_CAPSULE, Form.ENTERIC_CAPSULE)
    (Decimal('1.2'), Decimal('1'))
    """
    if reference is target:
        return Decimal(1)
    family = "tablet" if target in TABLETS else "capsule" if target in CAPSULES else "none"
    factors = [POLICY.value(f"{family}.{form.value}") for form in (reference, target)]
    if None in factors:
        raise Inconvertible("unknown-form-ratio", reference=reference, target=target)
    with working():
        return Decimal(factors[1] / factors[0])


def sugar_factor(*, reference: bool, target: bool) -> Decimal:
    """Return the factor of a sugar-free traditional medicine against the one with sugar.

    >>> sugar_factor(reference=False, target=True)
    Decimal('1.1')
    """
    if reference == target:
        return Decimal(1)
    with working():
        return Decimal(POLICY.value("sugar-free") ** (1 if target else -1))


def container_addition(reference: Container, target: Container) -> Decimal:
    """Return how many yuan a container the price may rise at most, or falls (包装材料差比价).

    >>> container_addition(Container.GLASS_BOTTLE, Container.SOFT_BAG)
    Decimal('4')
    """
    return Decimal(POLICY.value(f"container.{target}") - POLICY.value(f"container.{reference}"))


def content_first(reference: Form | None, target: Form | None) -> bool:
    """Say whether content is applied before form: upwards among injections (第十六条（一）).

    >>> content_first(Form.POWDER_INJECTION, Form.LARGE_VOLUME_INJECTION), content_first(Form.TABLET, Form.LOZENGE)
    (True, False)
    """
    if reference not in _INJECTION_LEVELS or target not in _INJECTION_LEVELS:
        return False
    return _INJECTION_LEVELS[reference] < _INJECTION_LEVELS[target]


def convert(
    price: Decimal,
    *,
    reference: Presentation,
    target: Presentation,
    oral: bool | None = None,
    form_ratio: FormRatio | None = None,
) -> Working[Decimal]:
    """Return the pack price of `target` from that of `reference` (yuan), with every step.

    `oral` says how pack counts go; by default the form decides. `form_ratio` stands in where the rules give none.

    >>> hundred, five_hundred = (Presentation(content=Measure(Decimal(mg), "mg")) for mg in (100, 500))
    >>> convert(Decimal(810), reference=hundred, target=five_hundred).value
    Decimal('2776.97')
    """
    check_price(price)
    _refuse_one_sided(reference, target)
    if oral is None:
        oral = not any(form is not None and not packs_as_oral(form) for form in (reference.form, target.form))
    run = _Run(price, reference, target, oral, form_ratio)
    for act in (run.content, run.form, run.sugar) if content_first(reference.form, target.form) else (
        run.form, run.sugar, run.content,
    ):  # fmt: skip
        act()
    run.fill()
    run.pack()
    run.container()
    run.smaller_injection()
    if run.price <= 0:
        raise Inconvertible("price-vanishes", price=price)
    run.note("rounded", round_amount(settle(run.price)))
    return Working(run.price, tuple(run.steps))


def check_price(price: Decimal) -> Decimal:
    """Return a price that can be converted: above 0 and below a thousand million yuan."""
    if not price.is_finite() or not 0 < price < Decimal("1e9"):
        raise Inconvertible("price-out-of-range", price=price)
    return price


def _refuse_one_sided(reference: Presentation, target: Presentation) -> None:
    for name in ("content", "fill", "pack", "form", "container"):
        if (getattr(reference, name) is None) != (getattr(target, name) is None):
            raise Inconvertible("one-sided", aspect=name)
    for count in (reference.pack, target.pack):
        if count is not None and not 0 < count <= 1_000_000:
            raise Inconvertible("pack-out-of-range", pack=count)
    if reference.container and {reference.form, target.form} - {None, Form.LARGE_VOLUME_INJECTION}:
        raise Inconvertible("container-not-large-volume", reference=reference.form, target=target.form)


class _Run:
    """One conversion under way: the price so far and the steps that led to it."""

    def __init__(
        self, price: Decimal, reference: Presentation, target: Presentation, oral: bool, form_ratio: FormRatio | None
    ) -> None:
        self.reference, self.target, self.oral, self.form_ratio = reference, target, oral, form_ratio
        self.start = self.price = price
        self.units = reference.pack or 1
        self.steps: list[Step] = [Step("ratio.start", price)]

    def note(self, code: str, price: Decimal, **facts: object) -> None:
        """Take the new price over and say how it came about; the step shows it to 6 decimals at most."""
        facts = {**facts, "before": _shown(self.price)}
        self.price = price
        shown = price if code == "rounded" else _shown(price)
        self.steps.append(Step(f"ratio.{code}", shown, source=SOURCE, facts=tuple(facts.items())))

    def times(self, code: str, factor: Decimal, **facts: object) -> None:
        """Multiply by a factor."""
        with working():
            self.note(code, self.price * factor, factor=_shown(factor, 10), **facts)

    def form(self) -> None:
        reference, target, own = self.reference.form, self.target.form, self.form_ratio
        if reference is None or target is None or reference is target:
            return
        if own is None:
            self.times("form", form_factor(reference, target), reference=reference, target=target)
            return
        with working():
            price = self.price * own.factor + own.addition * self.units
        facts = {"addition": own.addition, "document": own.source}
        self.note("own-form", price, factor=own.factor, reference=reference, target=target, **facts)

    def sugar(self) -> None:
        if self.reference.sugar_free is not self.target.sugar_free:
            factor = sugar_factor(reference=self.reference.sugar_free, target=self.target.sugar_free)
            self.times("sugar-free", factor)

    def content(self) -> None:
        self._measured("content", self.reference.content, self.target.content)

    def fill(self) -> None:
        self._measured("fill", self.reference.fill, self.target.fill)

    def _measured(self, name: str, reference: Measure | None, target: Measure | None) -> None:
        if reference is None or target is None:
            return
        x = _within(ratio(reference, target))
        factor = content_factor(x) if name == "content" else fill_factor(x)
        self.times(name, factor, reference=str(reference), target=str(target), ratio=_shown(as_decimal(x)))

    def pack(self) -> None:
        reference, target = self.reference.pack, self.target.pack
        if reference is None or target is None:
            return
        x = Fraction(target, reference)
        code = "pack-oral" if self.oral else "pack-linear"
        self.times(
            code, pack_factor(x, oral=self.oral), reference=reference, target=target, ratio=_shown(as_decimal(x))
        )
        self.units = target

    def container(self) -> None:
        reference, target = self.reference.container, self.target.container
        if reference is None or target is None or reference is target:
            return
        addition = container_addition(reference, target) * self.units
        with working():
            price = self.price + addition
        self.note("container", price, addition=addition, reference=reference, target=target)

    def smaller_injection(self) -> None:
        """Hold a smaller injection at the unit price of the larger one it was computed from (第十六条（一）)."""
        forms = {self.reference.form, self.target.form}
        mine, theirs = self.target.content or self.target.fill, self.reference.content or self.reference.fill
        if not forms <= INJECTIONS or mine is None or theirs is None or ratio(theirs, mine) >= 1:
            return
        with working():
            limit = self.start / (self.reference.pack or 1) * self.units
        if self.price > limit:
            self.note("smaller-injection", limit, computed=_shown(self.price))


def _within(x: Fraction) -> Fraction:
    if not Fraction(1, 1_000_000) <= x <= 1_000_000:
        raise Inconvertible("ratio-out-of-range", ratio=_shown(as_decimal(x)))
    return x


def _shown(value: Decimal, digits: int = 6) -> Decimal:
    """A figure for people: at most `digits` decimals, no trailing zeros."""
    with working():
        short = round(settle(value), digits)
        return short.quantize(Decimal(1)) if short == short.to_integral() else short.normalize()
