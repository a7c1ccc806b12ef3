"""What a specification becomes before it is stored: its text read, its factors computed or stated."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from catalogue.drugs.rules.codes import Part
from catalogue.drugs.rules.forms import Form
from catalogue.drugs.rules.ratios import Strength, price_factor, volume_factor
from catalogue.drugs.rules.specification import UnreadableSpecification, read_specification
from kernel.errors import DomainError
from kernel.money import round_factor


class BadFactors(DomainError):
    """Stated factors must come together and lie between 0.000001 and 1000000."""

    code = "bad-factors"


@dataclass(frozen=True, slots=True)
class SpecificationDraft:
    """A specification as entered. Without stated factors the text must say the strength, and both are computed."""

    text: str
    form: Form
    is_reference: bool = False
    price_factor: Decimal | None = None
    volume_factor: Decimal | None = None
    part: Part = Part.PRODUCT
    unit: str = ""

    @property
    def stated(self) -> tuple[Decimal, Decimal] | None:
        """Return the factors that were typed in, None where they are to be computed."""
        if self.price_factor is None and self.volume_factor is None:
            return None
        if self.price_factor is None or self.volume_factor is None:
            raise BadFactors(text=self.text)
        return usable((self.price_factor, self.volume_factor), self.text)


@dataclass(frozen=True, slots=True)
class ReadSpecification:
    """What could be read from a text; with stated factors nothing needs to be."""

    strength: Strength
    pack: int | None
    unit: str
    sugar_free: bool


def read(draft: SpecificationDraft) -> ReadSpecification:
    """Read the text of a draft; one that can't be read needs stated factors, or is the reference itself.

    A consumable's text says no content: nothing is read from it, and its factors are 1.

    >>> str(read(SpecificationDraft("0.25g*24片", Form.TABLET)).strength)
    '0.25g'
    """
    if draft.form is Form.DEVICE:
        return ReadSpecification(Strength(), None, draft.unit, False)
    try:
        found = read_specification(draft.text, form=draft.form)
    except UnreadableSpecification:
        if draft.stated is None and not draft.is_reference:
            raise
        return ReadSpecification(Strength(), None, "", False)
    return ReadSpecification(found.strength, found.pack, found.unit, found.sugar_free)


def factors(reference: Strength, target: Strength) -> tuple[Decimal, Decimal]:
    """Return price and volume factor of a specification against its variety's reference, half-up to 12 decimals.

    >>> from catalogue.drugs.rules.ratios import Measure
    >>> five, ten = (Strength((Measure(Decimal(mg), "mg"),)) for mg in (5, 10))
    >>> factors(five, ten)
    (Decimal('1.700000000000'), Decimal('2.000000000000'))
    """
    if reference == target:
        return Decimal(1), Decimal(1)
    found = (round_factor(price_factor(reference, target)), round_factor(volume_factor(reference, target)))
    return usable(found, str(target))


def rebased(factor: Decimal, *, reference: Decimal) -> Decimal:
    """Return a factor against a new reference whose old factor is given.

    >>> rebased(Decimal("3.4"), reference=Decimal("1.7"))
    Decimal('2.000000000000')
    """
    return round_factor(factor / reference)


def usable(pair: tuple[Decimal, Decimal], text: str) -> tuple[Decimal, Decimal]:
    """Return factors that can be stored and divided by, or refuse."""
    if not all(Decimal("0.000001") <= factor <= 1_000_000 for factor in pair):
        raise BadFactors(text=text)
    return round_factor(pair[0]), round_factor(pair[1])
