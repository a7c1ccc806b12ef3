"""Read a code: its kind, its parts, and every character that is wrong.

Positions count from 1, without the spaces and hyphens that were taken out.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.codes.rules.checks import check_character
from catalogue.codes.rules.cleaning import Note, clean, is_shortened, looks_rounded
from catalogue.codes.rules.kinds import LAYOUTS, CodeKind, Layout, PartName, Slot, Standing
from catalogue.codes.rules.meanings import Meaning, meaning
from kernel.errors import DomainError, Issue
from kernel.working import Working

LONGEST = 60
_LOOKALIKES = {
    "O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8",
    "0": "O", "1": "I", "2": "Z", "5": "S", "6": "G", "8": "B",
}  # fmt: skip


class WrongCode(DomainError):
    """Not a correct code; `parsed` holds what could be read and `issues` every mistake."""

    code = "wrong-code"

    def __init__(self, parsed: ParsedCode) -> None:
        self.parsed, self.issues = parsed, parsed.issues
        super().__init__(text=parsed.text, kind=parsed.kind or "", positions=list(parsed.wrong_positions))


class UnknownCode(DomainError):
    """The text looks like none of the kinds."""

    code = "unknown-code"


@dataclass(frozen=True, slots=True)
class Part:
    """Some characters of a code, from `start` to `end`; `value` is shorter than that where the code ends early."""

    name: PartName
    start: int
    end: int
    value: str
    meaning: Meaning | None = None


@dataclass(frozen=True, slots=True)
class ParsedCode:
    """A code as read. Without issues it is correct; `check` is there where a check character was computed."""

    kind: CodeKind | None
    text: str
    parts: tuple[Part, ...] = ()
    notes: tuple[Note, ...] = ()
    issues: tuple[Issue, ...] = ()
    check: Working[str] | None = None

    @property
    def valid(self) -> bool:
        """Say whether nothing is wrong."""
        return self.kind is not None and not self.issues

    @property
    def standing(self) -> Standing | None:
        """Return how sure the layout is."""
        return LAYOUTS[self.kind].standing if self.kind else None

    @property
    def wrong_positions(self) -> tuple[int, ...]:
        """Return the places with a wrong character, in order."""
        return tuple(sorted({int(str(i.facts["position"])) for i in self.issues if "position" in i.facts}))

    @property
    def corrected(self) -> str:
        """Return the code with characters that look alike exchanged, where that makes it correct; else nothing."""
        text = list(self.text)
        for issue in self.issues:
            if issue.code != "lookalike-character":
                return ""
            text[int(str(issue.facts["position"])) - 1] = str(issue.facts["suggestion"])
        fixed = "".join(text)
        return fixed if self.issues and self.kind and examine(fixed, kind=self.kind).valid else ""


def parse(text: str, *, kind: CodeKind | None = None) -> ParsedCode:
    """Read a correct code, of the given kind or the one it looks like. Raises WrongCode.

    >>> [(part.name.value, part.value) for part in parse("C9901020030010298001").parts][:3]
    [('type', 'C'), ('field', '99'), ('use', '01')]
    """
    parsed = examine(text, kind=kind)
    if not parsed.valid:
        raise WrongCode(parsed)
    return parsed


def recognise(text: str) -> CodeKind:
    """Return the kind a text looks most like. Raises UnknownCode.

    >>> recognise("86998001000123"), recognise("0952 9800 1000 13")
    (<CodeKind.STANDARD: 'standard-code'>, <CodeKind.UDI: 'udi-di'>)
    """
    found = candidates(text)
    if not found:
        raise UnknownCode(text=text[:LONGEST])
    return found[0]


def candidates(text: str) -> tuple[CodeKind, ...]:
    """Return the kinds a text may be, best first; 14 digits that begin with 86 may well be two."""
    plain, _notes = clean(text[: LONGEST * 2])
    ranked = []
    for kind, layout in LAYOUTS.items():
        misfit, led = _misfit(kind, layout, plain), bool(layout.lead) and plain.startswith(layout.lead)
        if not led and layout.fields[-1].name is PartName.UNSPLIT:
            continue  # nothing but its letter tells the kind
        begun = led and len(plain) <= layout.length and not _wrong(layout, plain)
        if begun or misfit <= (layout.length if led and layout.lead.isalpha() else layout.length // 2):
            ranked.append((misfit - 2 * (led and layout.lead.isalpha()), kind))
    ranked.sort(key=lambda each: each[0])  # stable: ties stay in the order of LAYOUTS
    return tuple(kind for _misfit, kind in ranked)


def readings(text: str) -> tuple[CodeKind, ...]:
    """Return the kinds of which a text is a correct code."""
    return tuple(kind for kind in candidates(text) if examine(text, kind=kind).valid)


def examine(text: str, *, kind: CodeKind | None = None) -> ParsedCode:
    """Read a code as far as it goes; what is wrong stands in `issues`, all at once."""
    plain, notes = clean(text[: LONGEST * 2])
    if is_shortened(plain):
        return ParsedCode(kind, plain, notes=notes, issues=(Issue("shortened-number", value=plain),))
    found = candidates(plain) if kind is None else (kind,)
    if not plain or len(plain) > LONGEST or not found:
        return ParsedCode(None, plain[:LONGEST], notes=notes, issues=(Issue("unknown-code", value=plain[:LONGEST]),))
    layout = LAYOUTS[found[0]]
    issues = [*_wrong(layout, plain), *_length(found[0], layout, plain)]
    check = check_character(found[0], plain) if layout.checked and not issues else None
    if check is not None and check.value != plain[-1]:
        issues.append(_wrong_check(plain, check.value))
    return ParsedCode(found[0], plain, _parts(found[0], layout, plain), notes, tuple(issues), check)


def _misfit(kind: CodeKind, layout: Layout, text: str) -> int:
    """Count what speaks against a kind: 2 a wrong, missing or surplus character, 3 more for a wrong leading letter."""
    wrong = _wrong(layout, text)
    points = 2 * len(wrong) + 2 * abs(len(text) - layout.length) + 3 * (not text.startswith(layout.lead))
    if layout.checked and not points:
        points += 2 * (check_character(kind, text).value != text[-1])
    return points


def _wrong(layout: Layout, text: str) -> list[Issue]:
    pairs = enumerate(zip(text, layout.slots(), strict=False), 1)
    return [_wrong_character(place, char, slot) for place, (char, slot) in pairs if char not in slot.allowed]


def _wrong_character(place: int, char: str, slot: Slot) -> Issue:
    facts: dict[str, object] = {"position": place, "found": char, "expected": slot.expected, "part": slot.part}
    if (twin := _LOOKALIKES.get(char, "")) in slot.allowed:
        return Issue("lookalike-character", value=char, facts={**facts, "suggestion": twin})
    return Issue("wrong-character", value=char, facts=facts)


def _length(kind: CodeKind, layout: Layout, text: str) -> list[Issue]:
    facts: dict[str, object] = {"length": len(text), "wanted": layout.length}
    if len(text) > layout.length:
        surplus = text[layout.length :]
        return [Issue("code-too-long", value=surplus, facts={**facts, "position": layout.length + 1, "found": surplus})]
    if len(text) == layout.length:
        return []
    facts |= {"position": len(text) + 1, "missing": layout.length - len(text)}
    if kind is CodeKind.UDI and len(text) == 13:
        return [Issue("code-of-13-digits", value=text, facts=facts)]
    if kind in (CodeKind.CONSUMABLE, CodeKind.CONSUMABLE_MODEL) and len(text) in (3, 5, 7, 10):
        return [Issue("code-of-category", value=text, facts=facts)]
    return [Issue("code-too-short", value=text, facts=facts)]


def _wrong_check(text: str, expected: str) -> Issue:
    facts: dict[str, object] = {
        "position": len(text), "found": text[-1], "expected": expected, "part": PartName.CHECK,
    }  # fmt: skip
    return Issue("rounded-number" if looks_rounded(text) else "wrong-check-character", value=text[-1], facts=facts)


def _parts(kind: CodeKind, layout: Layout, text: str) -> tuple[Part, ...]:
    parts, slots = [], layout.slots()
    for field, start, value in layout.cut(text):
        right = len(value) == field.width and all(
            char in slot.allowed for char, slot in zip(value, slots[start - 1 :], strict=False)
        )
        said = meaning(kind, field.name, value, text[: start - 1]) if right else None
        parts.append(Part(field.name, start, start + field.width - 1, value, said))
    if surplus := text[layout.length :]:
        parts.append(Part(PartName.SURPLUS, layout.length + 1, len(text), surplus))
    return tuple(parts)
