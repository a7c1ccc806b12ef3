"""What a check and a plan found, as plain data that can be kept and shown again."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from importers.checking import Checked
from importers.columns import ColumnKind, Plan, Planned
from importers.registry import Kind
from kernel.columns import canonical
from kernel.errors import Issue, kept, told

SHOWN = 500


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a row that would change, as text."""

    row: int
    title: str
    name: str
    before: str
    after: str
    warning: Issue | None = None


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that would be written anew, with what a person should look at first."""

    row: int
    title: str
    warning: Issue | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """Issues and notes of an import, the first rows it would write, and a fingerprint of its whole plan."""

    issues: tuple[Issue, ...]
    notes: tuple[Issue, ...]
    creates: tuple[NewRow, ...]
    changes: tuple[FieldChange, ...]
    counts: tuple[int, int, int, int]
    fingerprint: str
    marker: tuple[str, ...] = ()
    salt: str = ""
    titles: Mapping[int, str] = field(default_factory=dict)

    @property
    def codes(self) -> Counter[str]:
        """How often each issue stands."""
        return Counter(issue.code for issue in self.issues)

    def dump(self) -> bytes:
        """As JSON."""
        whole = asdict(self)
        warned = (row["warning"] for row in (*whole["creates"], *whole["changes"]) if row["warning"])
        for issue in (*whole["issues"], *whole["notes"], *warned):
            issue["facts"] = {name: kept(fact) for name, fact in issue["facts"].items()}
        return canonical(whole).encode()

    @classmethod
    def load(cls, data: bytes) -> Findings:
        """From `dump`."""
        found: dict[str, Any] = json.loads(data)
        return cls(
            issues=tuple(_issue(issue) for issue in found["issues"]),
            notes=tuple(_issue(note) for note in found["notes"]),
            creates=tuple(NewRow(**_warned(row)) for row in found["creates"]),
            changes=tuple(FieldChange(**_warned(change)) for change in found["changes"]),
            counts=tuple(found["counts"]),
            fingerprint=found["fingerprint"],
            marker=tuple(found["marker"]),
            salt=found["salt"],
            titles={int(row): title for row, title in found["titles"].items()},
        )


def _issue(found: Mapping[str, Any]) -> Issue:
    return Issue(**{**found, "facts": {name: told(fact) for name, fact in found["facts"].items()}})


def _warned(found: Mapping[str, Any]) -> dict[str, Any]:
    warning = found["warning"]
    return {**found, "warning": _issue(warning) if warning else None}


def gather(kind: Kind, checked: Checked, plan: Plan, *, marker: tuple[str, ...] = (), salt: str = "") -> Findings:
    """Put the check and the plan together."""
    issues = (*checked.issues, *plan.issues)
    faulty = {issue.row for issue in issues if issue.row is not None}
    return Findings(
        issues=tuple(sorted(issues, key=lambda issue: (issue.row or 0, issue.cell))),
        notes=checked.notes,
        creates=tuple(NewRow(item.row, item.title, item.warning) for item in _warned_first(plan.creates)[:SHOWN]),
        changes=tuple(_field_changes(kind, plan.changes))[:SHOWN],
        counts=(*plan.counts, len(faulty)),
        fingerprint=fingerprint(plan),
        marker=marker,
        salt=salt,
        titles=_titles(kind, checked, faulty),
    )


def refusal(issues: Iterable[Issue]) -> Findings:
    """Put together why a file can't be taken as a whole."""
    return Findings(tuple(issues), (), (), (), (0, 0, 0, 0), "")


def fingerprint(plan: Plan) -> str:
    """A digest of everything the plan would write: the confirmation writes this or nothing."""
    digest = hashlib.sha256(plan.block.mark.encode() if plan.block else b"")
    for what in (plan.creates, plan.changes):
        digest.update(b"\n--\n")
        for item in what:
            digest.update(canonical([item.row, item.values, item.before]).encode() + b"\n")
    return digest.hexdigest()


def _warned_first(items: Iterable[Planned]) -> list[Planned]:
    return sorted(items, key=lambda item: item.warning is None)


def _field_changes(kind: Kind, changes: Iterable[Planned]) -> Iterable[FieldChange]:
    names = {column.name: column.header_zh for column in kind.columns}
    for item in _warned_first(changes):
        for name, before in item.before.items():
            after = item.values.get(name)
            yield FieldChange(item.row, item.title, names.get(name, name), _shown(before), _shown(after), item.warning)


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _titles(kind: Kind, checked: Checked, faulty: set[int]) -> dict[int, str]:
    """What a faulty row is about: the first text that could be read of it, beside its key and codes."""
    if not faulty:
        return {}
    rows = checked.rows
    told = [column for column in kind.columns if column.kind is not ColumnKind.CODE]
    names = [column.name for column in told if column.name in rows.raw and column.name not in kind.key]
    titles: dict[int, str] = {}
    for position, number in enumerate(rows.numbers):
        if number in faulty:
            texts = (rows.raw[name][position] for name in names[:3])
            titles[number] = next((text for text in texts if text), "")[:60]
    return titles
