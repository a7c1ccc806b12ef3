"""What an item is, as a catalogue says it, and what a new edition of it does to the version that stands.

Source: rules/service_prices.md, "Items": columns of the 2001 norm (connotation, excluded content) and of guidelines
(output, composition, add-ons and reductions as an amount or a share, extensions at the main item's price).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import groupby
from typing import Any

from kernel.errors import DomainError
from kernel.money import NotANumber, parse_decimal, places
from pricing.items.flow import AddOnKind, ItemStandard, Pricing

STANDARD_WORDS = {
    ItemStandard.NORM_2001: "2001年规范", ItemStandard.GUIDELINE: "立项指南", ItemStandard.LOCAL: "地方项目",
}  # fmt: skip
PRICING_WORDS = {
    Pricing.GUIDED: "政府指导价", Pricing.TRIAL: "新增试行", Pricing.SPECIAL: "特需", Pricing.MARKET: "市场调节价",
}  # fmt: skip
PLAIN = (
    "name", "unit", "pricing", "category_code", "category_name", "charge_class", "connotation", "excluded", "note",
    "output", "composition", "specification", "origin", "technical", "variable", "listed_price",
)  # fmt: skip
"""What of a version's content is one value each."""
LISTS = {"adds": AddOnKind.ADD, "reductions": AddOnKind.REDUCE, "extensions": AddOnKind.EXTENSION}
"""Cells that hold lists, by what they hold."""
_LINES = re.compile(r"[\n;；]+")
_ADD_ON = re.compile(r"(?P<name>.+?)\s*[:：]\s*(?P<value>[0-9.]+)\s*(?P<sign>[%％元])")
_CATEGORY = re.compile(r"C[0-9]{2,16}")


class BadCell(DomainError):
    """A cell that holds a list can't be read."""

    code = "service-bad-cell"


@dataclass(frozen=True, slots=True, order=True)
class AddOn:
    """An add-on, reduction or extension: yuan, or a share of the main item's price; extensions have neither."""

    kind: AddOnKind
    name: str
    amount: Decimal | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a version of an item says; the texts are empty where its catalogue has no such column."""

    name: str
    unit: str
    pricing: Pricing = Pricing.GUIDED
    category_code: str = ""
    category_name: str = ""
    charge_class: str = ""
    connotation: str = ""
    excluded: str = ""
    note: str = ""
    output: str = ""
    composition: str = ""
    specification: str = ""
    origin: str = ""
    technical: bool = False
    variable: bool = False
    listed_price: Decimal | None = None
    add_ons: tuple[AddOn, ...] = ()
    exclusions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """An item as a catalogue brings it. `row` is its row there, where it came in a file."""

    code: str
    content: Content
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Last:
    """The last version of an item that stands."""

    item_id: int
    version_id: int
    starts_on: date
    standard: ItemStandard
    content: Content


class Edition(Enum):
    """What a draft does: nothing, begins an item, follows its last version, or corrects one of the same day."""

    KEEP = "keep"
    CREATE = "create"
    FOLLOW = "follow"
    CORRECT = "correct"


def edition(draft: Draft, last: Last | None, *, starts_on: date) -> Edition:
    """Say what a draft does; raises DomainError where a later version stands already."""
    if last is None:
        return Edition.CREATE
    if last.content == draft.content:
        return Edition.KEEP
    if starts_on < last.starts_on:
        raise DomainError("service-version-early", starts=last.starts_on)
    return Edition.CORRECT if starts_on == last.starts_on else Edition.FOLLOW


def add_ons(kind: AddOnKind, cell: str) -> tuple[AddOn, ...]:
    """Read a cell of add-ons, reductions or extensions, one a line: "儿童加收:20%", "双侧加收:30元", "经口".

    >>> [(one.name, one.percent) for one in add_ons(AddOnKind.ADD, "儿童加收：20%；夜间:12.5%")]
    [('儿童加收', Decimal('0.20')), ('夜间', Decimal('0.125'))]
    """
    lines = [line.strip() for line in _LINES.split(cell) if line.strip()]
    found = [AddOn(kind, line) if kind is AddOnKind.EXTENSION else _add_on(kind, line) for line in lines]
    if len({one.name for one in found}) < len(found):
        raise BadCell(text=cell)
    return tuple(sorted(found))


def _add_on(kind: AddOnKind, line: str) -> AddOn:
    match = _ADD_ON.fullmatch(line)
    if match is None:
        raise BadCell(text=line)
    try:
        value = parse_decimal(match["value"])
    except NotANumber:
        raise BadCell(text=line) from None
    if match["sign"] == "元":
        amount, percent = value, None
    else:
        amount, percent = None, value.scaleb(-2)
    if value >= 10_000 or places(value) > 4:
        raise BadCell(text=line)
    return AddOn(kind, match["name"].strip(), amount, percent)


def written(found: Iterable[AddOn], kind: AddOnKind) -> str:
    """Write the cell that `add_ons` reads.

    >>> written(add_ons(AddOnKind.REDUCE, "第二例：50%\\n同日:8.5元"), AddOnKind.REDUCE)
    '同日:8.5元\\n第二例:50%'
    """
    return "\n".join(_line(one) for one in sorted(found) if one.kind is kind)


def _line(one: AddOn) -> str:
    if one.percent is not None:
        return f"{one.name}:{_plain(one.percent.scaleb(2))}%"
    return one.name if one.amount is None else f"{one.name}:{_plain(one.amount)}元"


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def exclusions(cell: str) -> tuple[str, ...]:
    """Read the categories of consumables that are charged beside an item, as beginnings of their codes.

    >>> exclusions("C0201010520；C03")
    ('C0201010520', 'C03')
    """
    found = sorted({part for part in re.split(r"[\s;；,，、]+", cell) if part})
    if wrong := [part for part in found if not _CATEGORY.fullmatch(part)]:
        raise BadCell(text="、".join(wrong))
    return tuple(found)


def cells(content: Content) -> dict[str, Any]:
    """Return a content as the cells of a catalogue's row."""
    found = {name: getattr(content, name) for name in PLAIN}
    found |= {name: written(content.add_ons, kind) for name, kind in LISTS.items()}
    return {**found, "exclusions": "；".join(content.exclusions)}


def changed(old: Content, new: Content) -> list[tuple[str, str, str]]:
    """Return the cells that differ between two versions, as text before and after."""
    before, after = cells(old), cells(new)
    return [
        (name, "" if value is None else str(value), "" if after[name] is None else str(after[name]))
        for name, value in before.items()
        if value != after[name]
    ]


def by_version(pairs: Sequence[tuple[int, AddOn]]) -> dict[int, tuple[AddOn, ...]]:
    """Gather add-ons by their version, in the order in which `add_ons` reads them."""
    ordered = sorted(pairs)
    return {one: tuple(each for _one, each in some) for one, some in groupby(ordered, key=lambda pair: pair[0])}
