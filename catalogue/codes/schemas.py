"""A code as plain data, for the command and the call. No web needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from catalogue.codes.rules.kinds import LAYOUTS, PartName
from catalogue.codes.rules.reading import ParsedCode, Part, readings
from kernel.errors import Issue
from kernel.working import plain

if TYPE_CHECKING:
    from catalogue.codes.queries import Found


def as_json(parsed: ParsedCode, records: Mapping[PartName, Sequence[Found]] | None = None) -> dict[str, Any]:
    """Return what was read, what is wrong, and how the check character comes about."""
    known = records or {}
    out: dict[str, Any] = {
        "text": parsed.text, "kind": parsed.kind, "valid": parsed.valid, "length": len(parsed.text),
        "wanted_length": LAYOUTS[parsed.kind].length if parsed.kind else None, "standing": parsed.standing,
        "notes": list(parsed.notes),
        "also": [kind for kind in readings(parsed.text) if kind is not parsed.kind] if parsed.valid else [],
        "issues": [_issue(issue) for issue in parsed.issues], "corrected": parsed.corrected or None,
        "parts": [_part(part, known.get(part.name, ())) for part in parsed.parts],
        "records": [each.title for each in known.get(PartName.WHOLE, ())], "check": None,
    }  # fmt: skip
    if parsed.check:
        steps = [step.as_dict() for step in parsed.check.steps]
        out["check"] = {"expected": parsed.check.value, "passed": parsed.check.steps[-1].passed, "steps": steps}
    return out


def _part(part: Part, found: Sequence[Found]) -> dict[str, Any]:
    return {
        "name": part.name, "start": part.start, "end": part.end, "value": part.value, "meaning": part.meaning,
        "catalogue": [each.title for each in found],
    }  # fmt: skip


def _issue(issue: Issue) -> dict[str, Any]:
    return {"code": issue.code, **{name: plain(value) for name, value in issue.facts.items()}}
