"""The columns of a bid table: those every rule set reads, and those that a rule set asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kernel.policy import UNSET
from procurement.rounds.rules.model import BidRow
from procurement.rounds.rules.plan import DRAW
from procurement.rounds.rules.ruleset import RuleSet


class Kind(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `required`: the table must have it. `filled`: a declared bid must have a value in it.

    `parts`: also one without a price must, because the value says among whom its company counts.
    """

    name: str
    kind: Kind
    required: bool = False
    filled: bool = False
    parts: bool = False
    options: tuple[str, ...] = ()


STANDARD = (
    Column("variety", Kind.TEXT, required=True, filled=True),
    Column("spec", Kind.TEXT),
    Column("company", Kind.TEXT, required=True, filled=True),
    Column("group", Kind.TEXT),
    Column("unit_price", Kind.NUMBER, required=True),
    Column("cap", Kind.NUMBER, required=True, filled=True),
    Column("price_factor", Kind.NUMBER),
    Column("form", Kind.FORM),
    Column("declared", Kind.FLAG),
    Column("is_reference", Kind.FLAG),
    Column("brand_demand", Kind.NUMBER),
    Column("revival_offer", Kind.FLAG),
    Column("accepted_as", Kind.TEXT, options=("revival-shortlisted", "revival-unlisted", "reference-preparation")),
    Column("accepted_price", Kind.NUMBER),
)
NAMES = tuple(column.name for column in STANDARD)
FLAGS = ("own_ingredient", "incumbent", "antimicrobial")
STATEMENTS = ("missing", "refused")


class Item(StrEnum):
    """Columns that built-in rule sets read, so that pages can name them; a rule set may name any other."""

    ANTIMICROBIAL = "antimicrobial"
    APPROVAL_DATE = "approval_date"
    CLASS = "class"
    CLASS_B_LINE = "class_b_line"
    COMPONENT = "component"
    FULL_SUPPLY = "full_supply"
    GRADE = "grade"
    INCUMBENT = "incumbent"
    INTENDED_VOLUME = "intended_volume"
    LOWEST_PROVINCIAL_PRICE = "lowest_provincial_price"
    MATERIAL = "material"
    OWN_INGREDIENT = "own_ingredient"
    QUALITY_LEVEL = "quality_level"
    REGIONS_COVERED = "regions_covered"
    REPORTED_VOLUME = "reported_volume"
    REQUIRED_FEATURE = "required_feature"
    SALES = "sales"
    SCORE_PRICE = "score_price"
    SCORE_QUALITY = "score_quality"
    SERVICE_FEE = "service_fee"
    STATEMENT = "statement"


def item(name: str) -> Item | str:
    """Return a column as what pages can name, its own name where nobody did."""
    return Item(name) if name in set(Item) else name


def columns_of(rule_set: RuleSet) -> tuple[Column, ...]:
    """Return every column the rule set reads beyond the standard ones."""
    found = {column.name: column for column in (*_asked(rule_set), *_optional(rule_set))}
    return tuple(column for name, column in found.items() if name not in NAMES)


def lacking(bids: Iterable[BidRow], columns: Sequence[Column]) -> list[tuple[BidRow, Column]]:
    """Return where a declared bid has no value in a column that must have one."""
    filled = [column for column in columns if column.filled]
    asked = [(bid, one) for bid in bids if bid.declared for one in filled if bid.unit_price is not None or one.parts]
    return [(bid, one) for bid, one in asked if bid.extra.get(one.name) is None]


def _asked(rule_set: RuleSet) -> list[Column]:
    """Columns without which the rule set can't decide."""
    found: list[Column] = []
    if line := _value(rule_set, "price_line.column"):
        found.append(Column(line, Kind.NUMBER, required=True))
    number = [*_value(rule_set, "line.highest", {}), *(f"score_{name}" for name in scored_by_people(rule_set))]
    found += [Column(name, Kind.NUMBER, required=True, filled=True) for name in number]
    found += [Column(name, Kind.NUMBER, required=True) for name in _value(rule_set, "line.price_columns", [])]
    if _value(rule_set, "bidder.sum_components"):
        found.append(Column("component", Kind.TEXT, required=True, filled=True, parts=True))
    if _value(rule_set, "units.share"):
        found.append(Column("intended_volume", Kind.NUMBER, required=True, filled=True, parts=True))
    commitments = _value(rule_set, "units.commitments", [])
    found += [Column(name, Kind.FLAG, required=True, filled=True, parts=True) for name in commitments]
    if group := _value(rule_set, "group.column"):
        found.append(Column(group, Kind.TEXT, required=True, filled=True, parts=True))
    return found


def scored_by_people(rule_set: RuleSet) -> list[str]:
    """Name the parts of a composite score that somebody has to give: all but a price score that is computed."""
    computed = _value(rule_set, "score.price_formula")
    return [name for name in _value(rule_set, "score.weights", {}) if not (computed and name == "price")]


def _optional(rule_set: RuleSet) -> list[Column]:
    """Columns that are read where the table has them."""
    keys = [key.split()[0] for key in _value(rule_set, "ties.keys", []) if key != DRAW]
    found = [Column(name, _kind(name)) for name in keys]
    if "volume.general" in rule_set.parameters:
        found.append(Column("class", Kind.TEXT, options=("general", "b", "c")))
    if grades := _value(rule_set, "volume.grades"):
        found.append(Column("grade", Kind.TEXT, options=tuple(grades)))
    if line_class := _value(rule_set, "line.class_column"):
        found.append(Column(line_class, Kind.TEXT, options=tuple(_value(rule_set, "line.by_class", {}))))
    if "volume.incumbent" in rule_set.parameters:
        found += [Column("incumbent", Kind.FLAG), Column("antimicrobial", Kind.FLAG)]
    if _value(rule_set, "statement.missing") == "bar":
        found.append(Column(Item.STATEMENT, Kind.TEXT, options=STATEMENTS))
    return found


def _kind(name: str) -> Kind:
    if name in FLAGS:
        return Kind.FLAG
    return Kind.DATE if name.endswith("_date") else Kind.NUMBER


def _value(rule_set: RuleSet, name: str, default: Any = None) -> Any:
    """Return a parameter's value, the default where it is absent or unset."""
    parameter = rule_set.parameters.get(name)
    return default if parameter is None or parameter.value == UNSET else parameter.value
