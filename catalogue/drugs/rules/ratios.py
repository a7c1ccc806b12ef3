"""What a different strength does to a price and to a volume.

Source: 药品差比价规则, 发改价格〔2011〕2452号 (content 1.7^log2 X, fill 1.9^log2 X, packs 1.95^log2 X).
`X` is always target ÷ reference. Factors come with 50 digits; rounding is the caller's named act.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from kernel.errors import DomainError
from kernel.money import NotANumber, parse_decimal, working
from kernel.policy import load

POLICY = load(Path(__file__).resolve().parent.parent / "policy.toml")
Number = Decimal | Fraction | int
_DIGITS = Decimal("1e-30")  # a power is settled here, so that an exact tie is a tie again before it is rounded


class UnreadableMeasure(DomainError):
    """The text is not a positive number with a known unit; `text` is what was written."""

    code = "unreadable-measure"


class IncomparableStrength(DomainError):
    """Two specifications have no common basis; their factors must be stated by hand."""

    code = "incomparable-strength"


class Basis(StrEnum):
    """What two specifications are compared by."""

    CONTENT = "content"
    FILL = "fill"


_UNITS: dict[str, tuple[str, Fraction]] = {
    "": ("", Fraction(1)),
    "kg": ("mass", Fraction(1_000_000)),
    "g": ("mass", Fraction(1000)),
    "mg": ("mass", Fraction(1)),
    "μg": ("mass", Fraction(1, 1000)),
    "ng": ("mass", Fraction(1, 1_000_000)),
    "L": ("volume", Fraction(1000)),
    "ml": ("volume", Fraction(1)),
    "IU": ("IU", Fraction(1)),
    "U": ("U", Fraction(1)),
    "AXaIU": ("AXaIU", Fraction(1)),
    "mCi": ("mCi", Fraction(1)),
    "mmol": ("mmol", Fraction(1)),
}
_SPELLINGS = {unit.lower(): unit for unit in _UNITS} | {
    "克": "g", "毫克": "mg", "ug": "μg", "mcg": "μg", "微克": "μg", "升": "L", "毫升": "ml",
    "单位": "U", "国际单位": "IU", "i.u.": "IU",
}  # fmt: skip
_SCALES = {"万": 10_000, "亿": 100_000_000}
UNITS = "|".join(sorted((re.escape(unit) for unit in _SPELLINGS if unit), key=len, reverse=True))
_MEASURE = re.compile(rf"(\d+(?:\.\d+)?)(万|亿)?({UNITS})?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measure:
    """A positive amount with its unit, as written: 0.25 g is not turned into 250 mg."""

    value: Decimal
    unit: str = ""

    def __post_init__(self) -> None:
        if self.unit not in _UNITS or not self.value.is_finite() or not 0 < self.value < Decimal("1e12"):
            raise UnreadableMeasure(text=str(self))

    @property
    def dimension(self) -> str:
        """Name what is measured; only like dimensions compare."""
        return _UNITS[self.unit][0]

    @property
    def base(self) -> Fraction:
        """Return the amount in the dimension's base unit (mg, ml, IU …)."""
        return Fraction(self.value) * _UNITS[self.unit][1]

    def __str__(self) -> str:
        return f"{self.value.normalize():f}{self.unit}"


def read_measure(text: str) -> Measure:
    """Read an amount such as 0.25g, 5万IU, 10毫升; the unit may be left out.

    >>> str(read_measure("5万IU")), read_measure("0.25 g").base == read_measure("250MG").base
    ('50000IU', True)
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    found = _MEASURE.fullmatch(plain)
    try:
        if not found:
            return Measure(parse_decimal(plain))
        return Measure(Decimal(found[1]) * _SCALES.get(found[2], 1), _SPELLINGS[(found[3] or "").lower()])
    except (NotANumber, UnreadableMeasure):
        raise UnreadableMeasure(text=text) from None


def ratio(reference: Measure, target: Measure) -> Fraction:
    """Return target ÷ reference exactly; unlike units are refused.

    >>> ratio(read_measure("100mg"), read_measure("0.5g"))
    Fraction(5, 1)
    """
    if reference.dimension != target.dimension:
        raise IncomparableStrength(reference=str(reference), target=str(target))
    return target.base / reference.base


def log_power(base: Decimal, x: Number) -> Decimal:
    """Return base ** log2(x), exact where x is a power of two.

    >>> log_power(Decimal("1.7"), 4)
    Decimal('2.89')
    """
    exact = Fraction(x)
    if exact <= 0:
        raise ValueError(f"a ratio must be positive: {x}")
    up, down = exact.numerator.bit_length() - 1, exact.denominator.bit_length() - 1
    with working():
        if exact == Fraction(1 << up, 1 << down):
            return base ** (up - down)
        quotient = Decimal(exact.numerator) / Decimal(exact.denominator)
        return base ** (quotient.ln() / Decimal(2).ln())


def content_factor(x: Number) -> Decimal:
    """Return the price factor of a content ratio (含量差比价).

    >>> round(content_factor(5) * 810, 4)
    Decimal('2776.9678')
    """
    return log_power(POLICY.value("content.base"), x)


def fill_factor(x: Number) -> Decimal:
    """Return the price factor of a fill ratio (装量差比价), where content is not the basis.

    >>> fill_factor(2), fill_factor(Fraction(1, 2)) * fill_factor(2) == 1
    (Decimal('1.9'), True)
    """
    return log_power(POLICY.value("fill.base"), x)


def pack_factor(x: Number, *, oral: bool) -> Decimal:
    """Return the price factor of a pack-count ratio (包装数量差比价): a power for oral forms, linear for others.

    >>> pack_factor(2, oral=True), pack_factor(2, oral=False)
    (Decimal('1.95'), Decimal('2'))
    """
    if oral:
        return log_power(POLICY.value("pack.base"), x)
    return as_decimal(Fraction(x))


def as_decimal(x: Fraction) -> Decimal:
    """Write a fraction with 50 digits."""
    with working():
        return Decimal(x.numerator) / Decimal(x.denominator)


def settle(value: Decimal) -> Decimal:
    """Drop the digits a power can't be trusted in, so that what is exactly half is seen as half.

    >>> settle(Decimal("0.105") * log_power(Decimal("1.7"), 2) * log_power(Decimal("1.7"), Fraction(1, 2)))
    Decimal('0.105000000000000000000000000000')
    """
    with working():
        return value.quantize(_DIGITS) if value.adjusted() < 15 else +value


@dataclass(frozen=True, slots=True)
class Strength:
    """What one tablet, vial or bag holds: its substances, and the mass or volume around them."""

    components: tuple[Measure, ...] = ()
    fill: Measure | None = None

    def __str__(self) -> str:
        parts = ":".join(str(part) for part in self.components)
        return ":".join(part for part in (str(self.fill) if self.fill else "", parts) if part) or "-"


def strength_ratio(reference: Strength, target: Strength) -> tuple[Basis, Fraction]:
    """Return what two strengths are compared by, and target ÷ reference. Content is the basis where both state it.

    A compound compares only where all its substances stand in one proportion (80:12.5 to 160:25).

    >>> strength_ratio(Strength((Measure(Decimal(100), "mg"),)), Strength((Measure(Decimal("0.5"), "g"),)))
    (<Basis.CONTENT: 'content'>, Fraction(5, 1))
    """
    if reference.components and len(reference.components) == len(target.components):
        pairs = zip(reference.components, target.components, strict=True)
        ratios = {ratio(mine, theirs) for mine, theirs in pairs}
        if len(ratios) == 1:
            return Basis.CONTENT, ratios.pop()
    elif not reference.components and not target.components and reference.fill and target.fill:
        return Basis.FILL, ratio(reference.fill, target.fill)
    raise IncomparableStrength(reference=str(reference), target=str(target))


def price_factor(reference: Strength, target: Strength) -> Decimal:
    """Return what a unit price of `target` is divided by to compare it with the reference specification.

    >>> price_factor(Strength((Measure(Decimal(5), "mg"),)), Strength((Measure(Decimal(10), "mg"),)))
    Decimal('1.7')
    """
    basis, x = strength_ratio(reference, target)
    return content_factor(x) if basis is Basis.CONTENT else fill_factor(x)


def volume_factor(reference: Strength, target: Strength) -> Decimal:
    """Return how many units of the reference one unit of `target` counts for (linear content), for adding demand.

    >>> volume_factor(Strength((Measure(Decimal(5), "mg"),)), Strength((Measure(Decimal(10), "mg"),)))
    Decimal('2')
    """
    return as_decimal(strength_ratio(reference, target)[1])
