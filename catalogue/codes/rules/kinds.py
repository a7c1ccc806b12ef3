"""What codes there are, and what stands at which place in them.

Source: the handbook's table of codes. F: found in a public document; M: recalled with medium confidence.
Lengths and leading letters are F for every kind. The split of a traditional patent medicine's code and which of its
places hold letters is M; how the 19 places after the T of formula granules are split is not known, so they stay one
part. The two and three places of a consumable's class and the digits of all its parts are F. The split of the
standard code is 国食药监办〔2009〕315号; its check digit follows GB 18937, which is not at hand: it is not verified.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from string import ascii_uppercase, digits

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters of GB 32100-2015 in the order of their numbers: no I, O, S, V, Z."""


class CodeKind(StrEnum):
    """A kind of code."""

    WESTERN = "western-drug"
    PATENT = "traditional-patent"
    CONSUMABLE = "consumable"
    CONSUMABLE_MODEL = "consumable-model"
    GRANULES = "formula-granules"
    STANDARD = "standard-code"
    UDI = "udi-di"
    CREDIT = "credit-code"


class PartName(StrEnum):
    """What a part of a code stands for."""

    TYPE = "type"
    CLASS = "class"
    NAME = "name"
    FORM = "form"
    SPECIFICATION = "specification"
    PACK = "pack"
    PRESENTATION = "presentation"
    COMPANY = "company"
    UNSPLIT = "unsplit"
    FIELD = "field"
    USE = "use"
    SITE = "site"
    GENERIC_NAME = "generic-name"
    FEATURE = "feature"
    SERIAL = "serial"
    COUNTRY = "country"
    CATEGORY = "category"
    PRODUCT = "product"
    INDICATOR = "indicator"
    ITEM = "item"
    AUTHORITY = "authority"
    ORGANISATION_TYPE = "organisation-type"
    REGION = "region"
    ORGANISATION = "organisation"
    CHECK = "check"
    SURPLUS = "surplus"
    WHOLE = "whole"


class Expected(StrEnum):
    """What may stand at a place."""

    DIGIT = "digit"
    LETTER = "letter"
    LETTER_OR_DIGIT = "letter-or-digit"
    AUTHORITY = "authority-character"
    CREDIT_CHARACTER = "credit-character"


class Standing(StrEnum):
    """How sure the layout is: found in a public document, or recalled."""

    FOUND = "found"
    RECALLED = "recalled"


_MASKS = {
    "9": (Expected.DIGIT, frozenset(digits)),
    "A": (Expected.LETTER, frozenset(ascii_uppercase)),
    "N": (Expected.LETTER_OR_DIGIT, frozenset(ascii_uppercase + digits)),
    "R": (Expected.AUTHORITY, frozenset("123456789ANY")),
    "U": (Expected.CREDIT_CHARACTER, frozenset(CREDIT_ALPHABET)),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a code: which part it belongs to, what it may hold, and what a reader is told."""

    part: PartName
    allowed: frozenset[str]
    expected: Expected | str


@dataclass(frozen=True, slots=True)
class Field:
    """A part of a layout: a mask with one sign a place, or the very characters that must stand there."""

    name: PartName
    mask: str = ""
    literal: str = ""

    @property
    def width(self) -> int:
        """Return how many characters the part has."""
        return len(self.literal or self.mask)

    def slots(self) -> tuple[Slot, ...]:
        """Return its places."""
        if self.literal:
            return tuple(Slot(self.name, frozenset(char), char) for char in self.literal)
        return tuple(Slot(self.name, allowed, expected) for expected, allowed in (_MASKS[sign] for sign in self.mask))


@dataclass(frozen=True, slots=True)
class Layout:
    """How the codes of a kind are built. The example is made up."""

    fields: tuple[Field, ...]
    example: str
    standing: Standing = Standing.FOUND
    checked: bool = False

    @property
    def length(self) -> int:
        """Return how many characters a code of the kind has."""
        return sum(field.width for field in self.fields)

    @property
    def lead(self) -> str:
        """Return the characters every code of the kind begins with."""
        return self.fields[0].literal

    def cut(self, text: str) -> list[tuple[Field, int, str]]:
        """Return each field with the position it starts at and what stands there; a short text runs out."""
        out, start = [], 0
        for field in self.fields:
            out.append((field, start + 1, text[start : start + field.width]))
            start += field.width
        return out

    def slots(self) -> tuple[Slot, ...]:
        """Return the places in order."""
        return tuple(slot for field in self.fields for slot in field.slots())


_P = PartName
_CONSUMABLE = (
    Field(_P.TYPE, literal="C"), Field(_P.FIELD, "99"), Field(_P.USE, "99"), Field(_P.SITE, "99"),
    Field(_P.GENERIC_NAME, "999"), Field(_P.FEATURE, "99999"), Field(_P.COMPANY, "99999"),
)  # fmt: skip

LAYOUTS: dict[CodeKind, Layout] = {
    CodeKind.WESTERN: Layout(
        (
            Field(_P.TYPE, literal="X"), Field(_P.CLASS, "A99AA"), Field(_P.NAME, "A999"), Field(_P.FORM, "A999"),
            Field(_P.SPECIFICATION, "99"), Field(_P.PACK, "99"), Field(_P.COMPANY, "99999"),
        ),
        example="XJ01CAA040A001010198001",
    ),
    CodeKind.PATENT: Layout(
        (
            Field(_P.TYPE, literal="Z"), Field(_P.CLASS, "A99AA"), Field(_P.NAME, "A9999"),
            Field(_P.PRESENTATION, "9999"), Field(_P.COMPANY, "99999"),
        ),
        example="ZA01AAA0001010198001",
        standing=Standing.RECALLED,
    ),
    CodeKind.CONSUMABLE: Layout(_CONSUMABLE, example="C9901020030010298001"),
    CodeKind.CONSUMABLE_MODEL: Layout(
        (*_CONSUMABLE, Field(_P.SERIAL, "9999999")), example="C99010200300102980010000012"
    ),
    CodeKind.GRANULES: Layout(
        (Field(_P.TYPE, literal="T"), Field(_P.UNSPLIT, "N" * 19)), example="T0100010101000098001"
    ),
    CodeKind.STANDARD: Layout(
        (
            Field(_P.COUNTRY, literal="86"), Field(_P.CATEGORY, "9"), Field(_P.COMPANY, "99999"),
            Field(_P.PRODUCT, "99999"), Field(_P.CHECK, "9"),
        ),
        example="86998001000123",
    ),
    CodeKind.UDI: Layout(
        (Field(_P.INDICATOR, "9"), Field(_P.ITEM, "9" * 12), Field(_P.CHECK, "9")),
        example="09529800100013", checked=True,
    ),
    CodeKind.CREDIT: Layout(
        (
            Field(_P.AUTHORITY, "R"), Field(_P.ORGANISATION_TYPE, "U"), Field(_P.REGION, "999999"),
            Field(_P.ORGANISATION, "U" * 9), Field(_P.CHECK, "U"),
        ),
        example="91980100MADEM0010H", checked=True,
    ),
}  # fmt: skip
"""The order decides where a code reads two ways: 14 digits that begin with 86 are a standard code first."""
