"""An invented register of drug codes: licences of makers, each in several packs, column by column.

Codes have the structure of catalogue.codes: X for western drugs (23 characters), Z for traditional ones and T for
formula granules (20).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import Any

from importers.demo import names
from importers.demo.names import SALTS, SHAPES, TRADITIONAL, Shape
from importers.demo.parties import credit_code

Columns = dict[str, list[Any]]
WESTERN, PATENT, GRANULES = "X", "Z", "T"
SHARES = {WESTERN: 80, PATENT: 17, GRANULES: 3}
STRENGTHS = (5, 10, 20, 25, 50, 100, 150, 200, 250, 500)
PACKS = tuple(sorted({pack for shape in (*SHAPES, *TRADITIONAL) for pack in shape.packs}))
_ANATOMY = "ABCDGHJLMNPRSV"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NOTES = ("限二级及以上医疗机构", "限住院使用", "限有明确诊断的患者", "限门诊慢特病")
NAMES = (
    "code", "registered_name", "trade_name", "registered_form", "actual_form", "registered_spec", "actual_spec",
    "packaging", "pack_quantity", "preparation_unit", "packing_unit", "company", "company_code", "approval_number",
    "standard_code", "list_class", "list_number", "list_name", "list_form", "note",
)  # fmt: skip
"""The columns in the order of the workbook."""


@dataclass(frozen=True, slots=True)
class Maker:
    """A company as the register names it; `number` are its five digits in codes."""

    name: str
    code: str
    number: int


@dataclass(frozen=True, slots=True)
class Substance:
    """What all salts of a substance share: what the national list says of it, and its strengths."""

    name: str
    list_class: str | None
    list_number: str | None
    note: str | None
    strengths: tuple[int, ...]


@dataclass(slots=True)
class _Book:
    """Chance, and what was given out so far: parts of codes by name, and numbers within classes, makers and years."""

    chance: random.Random
    keys: dict[str, str] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)

    def next(self, of: str) -> int:
        """Count up."""
        self.numbers[of] += 1
        return self.numbers[of]


class Draw:
    """Draw from things by how common they are."""

    def __init__(self, things: Sequence[Any], weights: Iterable[float]) -> None:
        self.things, self.weights = things, list(accumulate(weights))

    def __call__(self, chance: random.Random) -> Any:
        return chance.choices(self.things, cum_weights=self.weights)[0]


def falling(things: Sequence[Any], head: int, power: float) -> Draw:
    """Draw from thousands of things, the first of which come up far more often."""
    return Draw(things, (1 / (at + head) ** power for at in range(len(things))))


def drugs(makers: Sequence[Maker], count: int, *, seed: int, block: int = 0) -> Iterator[Columns]:
    """Yield so many rows of the register as whole columns, a block at a time where a block is given."""
    rows = islice(_rows(makers, seed), count)
    while some := list(islice(rows, block or count)):
        yield dict(zip(NAMES, map(list, zip(*some, strict=True)), strict=True))


def invented(count: int, *, seed: int) -> list[Maker]:
    """Return makers that stand in no database."""
    found = names.makers(random.Random(seed), count)  # noqa: S311 - as below
    return [Maker(name, credit_code(10_000 + number), number) for number, name in enumerate(found, start=1)]


def _rows(makers: Sequence[Maker], seed: int) -> Iterator[tuple[Any, ...]]:
    """Yield rows without end: licences drawn by how common substances and makers are, then their packs."""
    book = _Book(random.Random(seed))  # noqa: S311 - invented drugs, and the same at every build
    chance = book.chance
    draw = {
        WESTERN: falling(_substances(book, names.substances(chance, 2_400)), 8, 0.8),
        PATENT: falling(_substances(book, names.recipes(chance, 900)), 8, 0.8),
        GRANULES: falling(_substances(book, names.herbs(chance, 400)), 30, 0.5),
    }
    shapes = {WESTERN: SHAPES, PATENT: TRADITIONAL, GRANULES: TRADITIONAL[1:2]}
    shape_of = {kind: Draw(found, (shape.weight for shape in found)) for kind, found in shapes.items()}
    maker_of = falling(makers, 20, 0.7)
    seen: set[tuple[str, str, int, int]] = set()
    while True:
        kind = chance.choices(tuple(SHARES), tuple(SHARES.values()))[0]
        substance: Substance = draw[kind](chance)
        salted = chance.choice(SALTS) + substance.name if kind == WESTERN else substance.name
        shape, maker, strength = shape_of[kind](chance), maker_of(chance), chance.choice(substance.strengths)
        licence = (salted, shape.name, strength, maker.number)
        if licence not in seen:
            seen.add(licence)
            yield from _packs(book, kind, salted, substance, shape, strength, maker)


def _substances(book: _Book, found: Sequence[str]) -> list[Substance]:
    """Say of substances whether the national list names them, and in which strengths they come."""
    chance, made = book.chance, []
    for name in found:
        listed = chance.choices(("甲", "乙", "丙", None), (15, 45, 3, 37))[0]
        number = str(book.next("list")) if listed else None
        note = chance.choice(_NOTES) if chance.random() < 0.1 else None
        strengths = tuple(sorted(chance.sample(STRENGTHS, chance.choice((1, 2, 2, 3)))))
        made.append(Substance(name, listed, number, note, strengths))
    return made


def _key(book: _Book, kind: str, salted: str) -> str:
    """Return the class and name in a code: numbers of names begin anew in each class."""
    known = book.keys.get(salted)
    if known is None:
        letters = book.chance.choice(_ANATOMY if kind == WESTERN else _LETTERS[:7])
        group = f"{letters}{book.chance.randint(1, 20):02}{''.join(book.chance.choices(_LETTERS, k=2))}"
        number = book.next(kind if kind == GRANULES else kind + group)
        known = {
            WESTERN: f"{group}{_LETTERS[number // 1000]}{number % 1000:03}", PATENT: f"{group}A{number:04}",
            GRANULES: f"{number:05}",
        }[kind]  # fmt: skip
        book.keys[salted] = known
    return known


def _packs(
    book: _Book, kind: str, salted: str, substance: Substance, shape: Shape, strength: int, maker: Maker
) -> Iterator[tuple[Any, ...]]:
    """Yield the packs of one licence: they share its approval number and standard code."""
    chance, key, granules = book.chance, _key(book, kind, salted), kind == GRANULES
    title = f"{salted}配方颗粒" if granules else names.medicine(salted, shape)
    trade = names.trade(chance) if not granules and chance.random() < 0.4 else None
    approval = None if granules else _approval(book, kind, salted)
    standard = f"869{maker.number:05}{book.next(f'maker {maker.number}'):05}{chance.randrange(10)}"
    dose, listed = _dose(shape, strength), substance.list_class
    for pack in sorted(chance.sample(shape.packs, min(len(shape.packs), chance.choice((1, 2, 2, 3, 4))))):
        yield (
            _code(kind, key, shape, strength, pack, maker.number), title, trade, shape.registered,
            names.written(shape), dose, f"{dose}×{pack}{shape.unit}/{shape.packed}", shape.packaging, pack, shape.unit,
            shape.packed, maker.name, maker.code, approval, standard, listed, substance.list_number,
            substance.name if listed else None, shape.listed if listed else None, substance.note,
        )  # fmt: skip


def _dose(shape: Shape, strength: int) -> str:
    if shape.name == "注射液":
        return f"2ml:{strength}mg"
    if shape.unit in ("袋", "丸"):
        return f"{1 + strength // 50}.{strength // 5 % 10}g"
    return f"5ml:{strength}mg" if shape.name in ("滴眼液", "口服溶液", "口服液") else f"{strength}mg"


def _approval(book: _Book, kind: str, salted: str) -> str:
    """Return the next number of its letter in a year of chance: 国药准字H20123456."""
    letter = PATENT if kind == PATENT else "S" if salted.endswith("单抗") or salted.startswith("重组人") else "H"
    year = book.chance.randint(1999, 2025)
    return f"国药准字{letter}{year}{5000 + book.next(f'{letter}{year}'):04}"


def _code(kind: str, key: str, shape: Shape, strength: int, pack: int, maker: int) -> str:
    """Put the parts together; a place in a table is the number of a form, strength or pack."""
    of, packed = STRENGTHS.index(strength), PACKS.index(pack) + 1
    if kind == WESTERN:
        return f"X{key}A{SHAPES.index(shape) + 1:03}{of + 1:02}{packed:02}{maker:05}"
    if kind == PATENT:
        return f"Z{key}{TRADITIONAL.index(shape) + 1}{of}{packed:02}{maker:05}"
    return f"T{key}{of + 1:02}{packed:02}00000{maker:05}"
