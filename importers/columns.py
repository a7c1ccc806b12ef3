"""What a workbook holds, declared once: columns, rows as they were read, and the plan made from them.

How to write a kind (one file in importers/kinds, found by itself, holding `KIND = Kind(...)` of importers.registry)::

    KIND = Kind(
        name="regions", version=1, title_zh="地区", title_en="Regions", permission=P.REGION_EDIT,
        columns=(
            Column("code", "地区代码", "Region code", ColumnKind.CODE, required=True, aliases=("编码",)),
            Column("name", "地区名称", "Region name", required=True, max_length=60),
        ),
        key=("code",),                     # may stand in one row only; a repeat is an issue without your doing
        plan=plan, apply=apply,
    )

    def plan(session, rows, *, context, actor, at) -> Plan:
        out = Plan()
        for row in rows:                   # only rows whose cells could all be read; row["price"] is a Decimal or None
            if row["price"] > cap:
                out.issues.append(row.issue("over-cap", "price", cap=cap, rule="4.2"))
            elif old is None:
                out.creates.append(row.planned(title=row["name"]))
            elif old is the same:
                out.unchanged += 1
            else:
                out.changes.append(row.planned(title=row["name"], before={"price": old.price}))
        return out

    def apply(session, plan, *, context, actor, at, source) -> None:
        for item in plan.creates: ...      # item.values as read; call the owning package's services, never its models

- `plan` only reads; it runs at the upload and again, inside the writing transaction, at the confirmation. Where the
  two differ the person is shown the new preview and nothing is written, so `apply` may trust the plan.
- `context` is what your `Kind.context` made of the page's query (`{"round": "3"}` → `{"round": 3}`): JSON values only.
  It raises NotFound for what the actor may not see. It is part of the template's stamp: a template of another round
  is refused.
- A code that you use in `row.issue` needs a sentence (and may have a cure) in your area's labels.py:
  `sentences({"over-cap": _l("%(value)s is above the cap %(cap)s")})`, `sentences({"over-cap.fix": _l("…")})`.
  The facts always hold `value` and `column`; `rule`, where given, is shown as the clause.
- A workbook in an official layout (several sheets, titles, merged cells, hierarchy rows) is turned into one flat sheet
  with the kind's headers by `Kind.flatten`, called with the sheets as read; it answers None where the sheets are not
  in that layout, and they are then read as they stand, so that the flat sheet and our template import as well. It keeps
  where a row came from: `Kind.origin` names the two columns that hold sheet and Excel row, `Sheet.letters` says which
  letter a column had in each sheet. Issues then name the official sheet, row and cell (`Issue.sheet`, `Issue.cell`,
  the facts `sheet` and `row`), while `Issue.row` stays the row of the flat sheet, which is what is kept and annotated.
- `Plan.facts` carries what `apply` should know of the whole file (counts), beside its rows.
- Column-wise work (many rows): `rows.columns["code"]` is a list as long as `rows.numbers`; `rows.good` lists the
  positions without issues.

The values: TEXT, CODE, CHOICE are str; PRICE, QUANTITY, DECIMAL are Decimal; INT is int; DATE is date; FLAG is bool;
an empty cell is None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kernel.errors import Issue


class ColumnKind(StrEnum):
    """How a cell is read and how the template formats it."""

    TEXT = "text"
    CODE = "code"
    PRICE = "price"
    QUANTITY = "quantity"
    DECIMAL = "decimal"
    INT = "int"
    DATE = "date"
    CHOICE = "choice"
    FLAG = "flag"


PLACES = {ColumnKind.PRICE: 4, ColumnKind.QUANTITY: 3, ColumnKind.DECIMAL: 6, ColumnKind.INT: 0}
NUMERIC = frozenset(PLACES)


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value; the cell may hold the value or either label."""

    value: str
    zh: str = ""
    en: str = ""

    def label(self, locale: str) -> str:
        """What the drop-down shows."""
        return (self.zh if locale.startswith("zh") else self.en) or self.value


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `places` and `minimum` are for numbers, `length` lists the allowed lengths of a code."""

    name: str
    header_zh: str
    header_en: str
    kind: ColumnKind = ColumnKind.TEXT
    required: bool = False
    present: bool = False
    """The sheet has to have the column, though its cells may be empty or are checked by the kind itself."""
    places: int | None = None
    minimum: Decimal | None = Decimal(0)
    choices: tuple[Choice, ...] = ()
    aliases: tuple[str, ...] = ()
    length: tuple[int, ...] = ()
    max_length: int = 400
    width: int = 16
    help_zh: str = ""
    help_en: str = ""
    example: str = ""
    locked: bool = False
    """Prefilled by the template and not for editing (grey); still read and checked."""

    def header(self, locale: str = "zh_CN") -> str:
        """The header the template shows."""
        return self.header_zh if locale.startswith("zh") else self.header_en

    def help(self, locale: str = "zh_CN") -> str:
        """What the instructions sheet says about the column."""
        return self.help_zh if locale.startswith("zh") else self.help_en

    @property
    def decimals(self) -> int:
        """How many decimals a number may have."""
        return PLACES.get(self.kind, 0) if self.places is None else self.places


@dataclass(frozen=True, slots=True)
class Planned:
    """One row that will be written. `before` holds the present values of the fields that change."""

    row: int
    title: str
    values: Mapping[str, Any]
    before: Mapping[str, Any] = field(default_factory=dict)
    warning: Issue | None = None
    """Something a person should look at before confirming (a large cut, an order in flight); does not block."""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole columns to write at once (see importers.bulk); a plan with a block shows its first rows only as samples."""

    columns: Mapping[str, Sequence[Any]]
    created: int
    changed: int
    mark: str
    """A digest of the columns."""


@dataclass(slots=True)
class Plan:
    """What would be written, what already stands there, and what can't be taken."""

    creates: list[Planned] = field(default_factory=list)
    changes: list[Planned] = field(default_factory=list)
    unchanged: int = 0
    issues: list[Issue] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    block: Block | None = None

    @property
    def empty(self) -> bool:
        """Say whether there is nothing to write."""
        return not self.creates and not self.changes

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many rows are new, changed and left as they are."""
        block = self.block
        made = (block.created, block.changed) if block else (len(self.creates), len(self.changes))
        return (*made, self.unchanged)


class Row:
    """One row that could be read: `row["price"]`, `row.number` as Excel shows it."""

    __slots__ = ("_position", "_rows")

    def __init__(self, rows: Rows, position: int) -> None:
        self._rows, self._position = rows, position

    def __getitem__(self, name: str) -> Any:
        """The value; None where the cell is empty or the workbook lacks the (optional) column."""
        column = self._rows.columns.get(name)
        return None if column is None else column[self._position]

    @property
    def number(self) -> int:
        """The row's number in Excel."""
        return self._rows.numbers[self._position]

    @property
    def values(self) -> dict[str, Any]:
        """All values by column name."""
        return {name: column[self._position] for name, column in self._rows.columns.items()}

    def issue(self, code: str, column: str = "", **facts: object) -> Issue:
        """A mistake in this row, at the cell of `column` where one is named."""
        return self._rows.issue(self._position, code, column, **facts)

    def planned(self, *, title: str, before: Mapping[str, Any] | None = None, **extra: Any) -> Planned:
        """This row as something to write; `extra` adds or replaces values (ids that were looked up)."""
        return Planned(self.number, title, {**self.values, **extra}, before or {})


class Texts(Mapping[str, Sequence[str | None]]):
    """The cells as people wrote them, by column; made only of the columns somebody asks for."""

    def __init__(self) -> None:
        self._makers: dict[str, Callable[[], Sequence[str | None]]] = {}
        self._made: dict[str, Sequence[str | None]] = {}

    def promise(self, name: str, maker: Callable[[], Sequence[str | None]]) -> None:
        """Say how a column's texts are made."""
        self._makers[name] = maker

    def __getitem__(self, name: str) -> Sequence[str | None]:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers  # the Mapping's own would make the column

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


@dataclass(slots=True)
class Rows:
    """The read rows of one sheet, column by column. `faulty` holds the positions that have issues already."""

    sheet: str
    numbers: Sequence[int]
    columns: dict[str, list[Any]]
    headers: dict[str, str] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    raw: Texts = field(default_factory=Texts)
    faulty: set[int] = field(default_factory=set)
    origin: tuple[str, str] | None = None
    """The columns that hold the official sheet and row of a flattened sheet's rows."""
    origin_letters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def good(self) -> list[int]:
        """Positions without issues."""
        return [position for position in range(len(self.numbers)) if position not in self.faulty]

    def __iter__(self) -> Iterator[Row]:
        return (Row(self, position) for position in self.good)

    def issue(self, position: int, code: str, column: str = "", **facts: object) -> Issue:
        """A mistake at a position, with the header, cell and value as the person wrote them."""
        number, letter, sheet = self.numbers[position], self.letters.get(column, ""), self.sheet
        raw, place = self.raw.get(column), self.place(position)
        at = number
        if place is not None:
            sheet, at = place
            letter = self.origin_letters.get(sheet, {}).get(column, "")
            facts = {"sheet": sheet, "row": at, **facts}
        return Issue(
            code=code,
            sheet=sheet,
            row=number,
            column=self.headers.get(column, ""),
            cell=f"{letter}{at}" if letter else "",
            value=(raw[position] or "") if raw is not None else "",
            facts=dict(facts),
        )

    def place(self, position: int) -> tuple[str, int] | None:
        """Where a row of a flattened workbook stood: its official sheet and row. None in an ordinary one."""
        if self.origin is None or not self.origin_letters:
            return None
        sheet, row = (self.raw[name][position] for name in self.origin)
        return sheet or "", int(row or 0)
