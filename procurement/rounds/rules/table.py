"""The flat table of bids, from lines of text to bids, with every mistake at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kernel.errors import FileRefused, Issue
from kernel.money import round_price
from procurement.rounds.rules import cells as reading
from procurement.rounds.rules.columns import NAMES, STANDARD, Column, columns_of
from procurement.rounds.rules.model import BidRow, Extra, Form
from procurement.rounds.rules.ruleset import RuleSet

FLOAT_DIGITS = range(15, 18)  # significant digits of a binary float written in full
PRICES = ("unit_price", "cap")
DEFAULTS: Mapping[str, Extra] = {"price_factor": Decimal(1), "declared": True, "is_reference": False}
Record = tuple[int, list[str]]


@dataclass(slots=True)
class Table:
    """Bids with the line each stands on, and what a reader should know about the file."""

    bids: list[BidRow]
    lines: list[int]
    ignored: list[str] = field(default_factory=list)
    has_form: bool = True
    rounded: list[int] = field(default_factory=list)


def read_table(records: Sequence[Record], rule_set: RuleSet) -> Table:
    """Read the bids under a header; raises FileRefused with every mistake (line, column, reason)."""
    if not records:
        raise FileRefused([Issue("empty")])
    return _Reader(records[0], rule_set).read(records[1:])


class _Reader:
    """Reads the lines under one header, collecting issues."""

    def __init__(self, header: Record, rule_set: RuleSet) -> None:
        self.line, names = header
        self.names = [name.strip().lstrip("\ufeff") for name in names]
        self.issues: list[Issue] = []
        self.seen: dict[tuple[str, ...], int] = {}
        self.rounded: list[int] = []
        self.columns = {column.name: column for column in (*STANDARD, *columns_of(rule_set))}
        self.rule_set = rule_set
        for name in {name for name in self.names if name and self.names.count(name) > 1}:
            self._wrong("column-twice", self.line, name)
        for column in self.columns.values():
            if column.required and column.name not in self.names:
                own = column.name not in NAMES
                self._wrong("not-in-table" if own else "missing-column", self.line, column.name, by=rule_set.id)

    def _wrong(self, code: str, line: int, column: str, value: str = "", **facts: object) -> None:
        self.issues.append(Issue(code, row=line, column=column, value=value, facts=dict(facts)))

    def read(self, records: Sequence[Record]) -> Table:
        """Read every line; raises FileRefused where anything is wrong."""
        lines, bids = [], []
        for line, cells in records:
            bids.append(self._bid(line, cells))
            lines.append(line)
        if not records:
            self._wrong("no-bids", self.line, "variety")
        self._consistent(lines, bids)
        if self.issues:
            raise FileRefused(sorted(self.issues, key=lambda issue: issue.row or 0))
        ignored = [name for name in self.names if name and name not in self.columns]
        return Table([bid for bid in bids if bid is not None], lines, ignored, "form" in self.names, self.rounded)

    def _bid(self, line: int, cells: Sequence[str]) -> BidRow | None:
        if len(cells) > len(self.names) and any(cells[len(self.names) :]):
            self._wrong("too-many-cells", line, "", cells[len(self.names)])
        texts = {name: cell.strip() for name, cell in zip(self.names, cells, strict=False)}
        before = len(self.issues)
        values = {name: self._value(line, column, texts.get(name, "")) for name, column in self.columns.items()}
        self._repeated(line, values)
        declared, priced = values["declared"] is not False, values["unit_price"] is not None
        for name, column in self.columns.items():
            blank = values[name] is None and not texts.get(name)
            asked = column.filled and (priced or column.parts or name in NAMES)
            if asked and blank and name in self.names and (declared or name in ("variety", "company")):
                self._wrong("blank", line, name)
        for name in ("cap", "price_factor"):
            value = values[name]
            if isinstance(value, Decimal) and value <= 0:
                self._wrong("not-positive", line, name, texts.get(name, ""))
        return None if len(self.issues) > before else self._row(values)

    def _row(self, values: Mapping[str, Extra]) -> BidRow:
        known = {name: values[name] for name in NAMES}
        known |= {"cap": known["cap"] or Decimal(0), "form": Form(str(known["form"] or Form.OTHER))}
        known |= {name: known[name] or "" for name in ("variety", "spec", "company", "group", "accepted_as")}
        known["revival_offer"] = bool(known["revival_offer"])
        extra = {name: value for name, value in values.items() if name not in NAMES}
        return BidRow(**known, extra=extra)  # type: ignore[arg-type]  # reason: each kind was read as its column says

    def _value(self, line: int, column: Column, text: str) -> Extra:
        """Read one cell; a mistake is noted and gives None."""
        if not text:
            return DEFAULTS.get(column.name)
        try:
            value = reading.read(column, text)
        except reading.BadCell as bad:
            self._wrong(bad.code, line, column.name, text, **bad.facts)
            return None
        return self._price(line, column, value) if isinstance(value, Decimal) else value

    def _price(self, line: int, column: Column, number: Decimal) -> Decimal:
        """Round a price to 4 decimals where it carries a binary float's tail; a price typed too precisely stays."""
        if column.name not in PRICES or len(number.as_tuple().digits) not in FLOAT_DIGITS:
            return number
        if round_price(number) != number and line not in self.rounded:
            self.rounded.append(line)
        return round_price(number)

    def _repeated(self, line: int, values: Mapping[str, Extra]) -> None:
        """Note the second line of a variety, company and specification, whatever else is wrong with either."""
        variety, company = values["variety"], values["company"]
        if not variety or not company:
            return
        key = (str(variety), str(company), str(values["spec"] or ""), str(values.get("component") or ""))
        first = self.seen.setdefault(key, line)
        if first != line:
            self._wrong("repeated", line, "company", str(company), first=first)

    def _consistent(self, lines: Sequence[int], bids: Sequence[BidRow | None]) -> None:
        """A company belongs to one group of a variety, a variety to one volume class."""
        groups: dict[tuple[str, str], tuple[str, int]] = {}
        classes: dict[str, tuple[str, int]] = {}
        for line, bid in zip(lines, bids, strict=True):
            if bid is None:
                continue
            if bid.group:
                first = groups.setdefault((bid.variety, bid.company), (bid.group, line))
                if first[0] != bid.group:
                    self._wrong("other-group", line, "group", bid.group, first=first[1])
            volume_class = str(bid.extra.get("class") or "")
            if volume_class:
                first = classes.setdefault(bid.variety, (volume_class, line))
                if first[0] != volume_class:
                    self._wrong("other-class", line, "class", volume_class, first=first[1])
