"""Specification texts (规格) as people keep them: `75mg*8粒`, `0.25g×24片/盒`, `10ml:0.1g`.

What can't be read without a guess is refused: a reader of prices must know exactly how much a unit holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from catalogue.drugs.rules.forms import FILLED, Form
from catalogue.drugs.rules.ratios import UNITS, Measure, Strength, as_decimal, read_measure
from kernel.errors import DomainError


class UnreadableSpecification(DomainError):
    """The text can't be read without a guess; `text` is what was written, `part` what stopped the reader."""

    code = "unreadable-specification"


@dataclass(frozen=True, slots=True)
class SpecificationText:
    """What a specification says: a unit's strength, how many units a pack holds, and what a unit is called."""

    strength: Strength
    pack: int | None = None
    unit: str = ""
    sugar_free: bool = False


SOLID_UNITS = "片粒丸枚"
PIECES = f"[{SOLID_UNITS}支袋包瓶贴揿喷吸]|安瓿"
_BOX = r"(?:/?(?:小盒|盒|瓶|支|袋|板|听|罐|管|包|桶))"
_M = rf"\d+(?:\.\d+)?[万亿]?(?:{UNITS})"
_NAME = r"[一-鿿]*?(?:按[一-鿿]+计)?"
_COUNT = re.compile(rf"(\d+)({PIECES})?{_BOX}*")
_SUGAR_FREE = re.compile(r"[,，]?\(?无糖型?\)?")
_NOTE = re.compile(r"\((?:薄膜衣片?|软胶囊|[IⅠ]{1,3}|V|IV)\)")


def read_specification(text: str, *, form: Form | None = None) -> SpecificationText:
    """Read a specification text. `form` settles what the text alone leaves open (15g in a cream is its fill).

    >>> found = read_specification("75mg*8粒")
    >>> str(found.strength), found.pack, found.unit
    ('75mg', 8, '粒')
    >>> str(read_specification("10ml:0.1g").strength)
    '10ml:0.1g'
    """
    plain, sugar_free = _normalise(text)
    head, *factors = re.split(r"[*×]", plain)
    pack, unit = _packing(text, factors)
    bare = re.fullmatch(rf"(\d+)({PIECES}){_BOX}*", head)
    if bare and (bare[2] in SOLID_UNITS or _BOX_END.search(head)):
        count = int(bare[1]) * (pack or 1)
        return SpecificationText(Strength(), _counted(text, count), bare[2], sugar_free)
    if head == "复方" and pack:
        return SpecificationText(Strength(), pack, unit, sugar_free)
    strength, container = _strength(text, head, unit, form)
    if pack is None and container:
        pack, unit = 1, container
    return SpecificationText(strength, pack, unit, sugar_free)


_BOX_END = re.compile(_BOX + r"$")


def _normalise(text: str) -> tuple[str, bool]:
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    plain = re.sub(r"(?<=[\d片粒丸支袋瓶])[xX✕](?=\d)|(?<=[A-Za-z])[xX✕](?=\d)", "*", plain)
    plain = re.sub(rf",(?=\d+(?:{PIECES})/)", "*", plain)
    plain, count = _SUGAR_FREE.subn("", plain)
    return _NOTE.sub("", plain).replace(";", ":"), count > 0


def _counted(text: str, count: int) -> int:
    if not 0 < count <= 1_000_000:
        raise UnreadableSpecification(text=text, part=str(count))
    return count


def _packing(text: str, factors: list[str]) -> tuple[int | None, str]:
    """Multiply `*10片*2板/盒`; the first factor must say what is counted."""
    total, unit = 1, ""
    for place, factor in enumerate(factors):
        found = _COUNT.fullmatch(factor)
        if not found or (place == 0 and not found[2]):
            raise UnreadableSpecification(text=text, part=factor)
        if place and not found[2] and not _BOX_END.search(factor):
            raise UnreadableSpecification(text=text, part=factor)
        unit = unit or found[2] or ""
        total = _counted(text, total * int(found[1]))
    return (total, unit) if factors else (None, "")


def _strength(text: str, head: str, unit: str, form: Form | None) -> tuple[Strength, str]:
    """Read what stands before the count, and the container or piece it names (`100ml/瓶`)."""
    container = ""
    while found := re.search(rf"/({PIECES}|听|罐|管|盒|板)$", head):
        container, head = found[1], head[: found.start()]
    for pattern, build in _PATTERNS:
        if matched := pattern.fullmatch(head):
            return build(_Head(text, unit or container, form), *matched.groups()), container
    raise UnreadableSpecification(text=text, part=head)


@dataclass(frozen=True, slots=True)
class _Head:
    """What is known beside the amounts themselves."""

    text: str
    unit: str
    form: Form | None

    @property
    def solid(self) -> bool:
        return self.unit in tuple(SOLID_UNITS) and self.unit != ""

    def single(self, amount: str) -> Strength:
        measure = read_measure(amount)
        filled = measure.dimension == "volume" or (measure.dimension == "mass" and self.form in FILLED)
        return Strength(fill=measure) if filled else Strength((measure,))

    def fill(self, amount: str) -> Strength:
        return Strength(fill=read_measure(amount))

    def content(self, amount: str) -> Strength:
        return Strength((read_measure(amount),))

    def shared(self, count: str, amount: str) -> Strength:
        """`每10丸重1g`: a unit holds the tenth part."""
        whole = read_measure(amount)
        part = Fraction(whole.value) / int(count)
        if Fraction(as_decimal(part)) != part:  # 1 g in 3 pills can't be written down
            raise UnreadableSpecification(text=self.text, part=amount)
        return Strength(fill=Measure(as_decimal(part).normalize(), whole.unit))

    def concentration(self, amount: str, percent: str) -> Strength:
        """`5ml(0.1%)` holds 5 mg: percent is g in 100 ml, or g in 100 g."""
        fill = read_measure(amount)
        if fill.dimension not in ("volume", "mass"):
            raise UnreadableSpecification(text=self.text, part=amount)
        milligrams = as_decimal(
            fill.base * Fraction(Decimal(percent)) / 100 * (1000 if fill.dimension == "volume" else 1)
        )
        return Strength((Measure(milligrams.normalize(), "mg"),), fill)

    def per_unit(self, amount: str, part: str, of: str) -> Strength:
        """`100ml(60mg/ml)` holds 6 g."""
        fill, content, unit = read_measure(amount), read_measure(part), read_measure("1" + of)
        if fill.dimension != unit.dimension:
            raise UnreadableSpecification(text=self.text, part=amount)
        times = as_decimal(fill.base / unit.base)
        return Strength((Measure((content.value * times).normalize(), content.unit),), fill)

    def pair(self, first: str, second: str) -> Strength:
        """`10ml:0.1g` is fill and content; `150mg:12.5mg` in a tablet is a compound."""
        one, two = read_measure(first), read_measure(second)
        volumes = [measure.dimension == "volume" for measure in (one, two)]
        if volumes == [True, False]:
            return Strength((two,), one)
        if volumes == [False, True]:
            return Strength((one,), two)
        if volumes == [True, True]:
            raise UnreadableSpecification(text=self.text, part=f"{first}:{second}")
        if self.solid:
            return Strength((one, two))
        if self.form in FILLED and one.base > two.base:
            return Strength((two,), one)
        raise UnreadableSpecification(text=self.text, part=f"{first}:{second}")

    def checked_pair(self, first: str, second: str, percent: str) -> Strength:
        """`5ml:7.5mg(0.15%)` says the same twice, or is refused."""
        found, said = self.pair(first, second), self.concentration(first, percent)
        if [part.base for part in found.components] != [part.base for part in said.components]:
            raise UnreadableSpecification(text=self.text, part=f"{percent}%")
        return found

    def split(self, amount: str, shares: str) -> Strength:
        """`0.375g(2:1)` is a compound of 0.25 g and 0.125 g."""
        whole, parts = read_measure(amount), [Fraction(part) for part in shares.split(":")]
        if not all(parts):
            raise UnreadableSpecification(text=self.text, part=shares)
        exact = [Fraction(whole.value) * part / sum(parts) for part in parts]
        values = [as_decimal(part) for part in exact]
        if [Fraction(value) for value in values] != exact:
            raise UnreadableSpecification(text=self.text, part=shares)
        return Strength(tuple(Measure(value.normalize(), whole.unit) for value in values))

    def compound(self, *amounts: str | None) -> Strength:
        return Strength(tuple(read_measure(amount) for amount in amounts if amount))


Build = Callable[..., Strength]
_PATTERNS: list[tuple[re.Pattern[str], Build]] = [
    (re.compile(rf"({_M})", re.I), _Head.single),
    (re.compile(rf"({_M})\((\d+(?:\.\d+)?(?::\d+(?:\.\d+)?)+)\)", re.I), _Head.split),
    (re.compile(rf"每[{SOLID_UNITS}袋包支瓶](?:装|重)?({_M})", re.I), _Head.fill),
    (re.compile(rf"每(\d+)[{SOLID_UNITS}](?:重|相当于(?:原生药|饮片)?)({_M})", re.I), _Head.shared),
    (re.compile(rf"每[{SOLID_UNITS}袋包支](?:重{_M}\()?含{_NAME}({_M})\)?", re.I), _Head.content),
    (re.compile(rf"({_M})\((\d+(?:\.\d+)?)%\)", re.I), _Head.concentration),
    (re.compile(rf"({_M}):(\d+(?:\.\d+)?)%", re.I), _Head.concentration),
    (re.compile(rf"({_M}):({_M})\((\d+(?:\.\d+)?)%\)", re.I), _Head.checked_pair),
    (re.compile(rf"({_M})\(({_M})/(ml|g)\)", re.I), _Head.per_unit),
    (re.compile(rf"({_M})[:/,]({_M})", re.I), _Head.pair),
    (re.compile(rf"({_M})[:/]({_M})[:/]({_M})", re.I), _Head.compound),
    (
        re.compile(rf"(?:每[{SOLID_UNITS}支瓶]含)?{_NAME}({_M})[:与和,]?{_NAME}({_M})(?:\({_NAME}\))?", re.I),
        _Head.compound,
    ),
]
