"""What changed from one edition to the next, entry by entry.

Numbers begin anew in every edition, so entries are found again by what they name: first where nothing moved, then
across classes and parts, at last by the name without its brackets where only one is left on either side.
Source: catalogue.md, "National drug list" (added, removed, moved A/B, price, restriction, part).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from catalogue.editions.rules.parts import Grade, Part
from catalogue.editions.rules.texts import key, stem


class ChangeKind(StrEnum):
    """What can differ between two editions."""

    ADDED = "added"
    REMOVED = "removed"
    PART = "part"
    GRADE = "grade"
    STANDARD = "standard"
    AGREEMENT = "agreement"
    RESTRICTION = "restriction"
    CLASS = "class"
    FORM = "form"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of an edition, as it is compared."""

    id: int
    part: Part
    number: str
    grade: Grade | None
    class_code: str
    name: str
    form: str
    standard: str
    since: date | None
    until: date | None
    restriction: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that came, went, or differs; `kinds` says in what."""

    old: Listed | None
    new: Listed | None
    kinds: tuple[ChangeKind, ...]

    @property
    def shown(self) -> Listed:
        """Return the entry as it stands now, or as it stood last."""
        found = self.new or self.old
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes in the order of the new edition, removed ones last, and how many entries stayed as they were."""

    changes: tuple[Change, ...]
    unchanged: int

    def of(self, kind: ChangeKind) -> tuple[Change, ...]:
        """Return the changes of one kind."""
        return tuple(change for change in self.changes if kind in change.kinds)


_STEPS: tuple[Callable[[Listed], Hashable], ...] = (
    lambda e: (e.part, e.class_code, key(e.name), key(e.form), key(e.restriction), e.grade),
    lambda e: (e.part, e.class_code, key(e.name), key(e.form)),
    lambda e: (e.part, key(e.name), key(e.form)),
    lambda e: (key(e.name), key(e.form)),
    lambda e: (e.part, key(e.name)),
    lambda e: (e.part, e.class_code, stem(e.name), key(e.form)),
)


def compare(old: Sequence[Listed], new: Sequence[Listed]) -> Comparison:
    """Compare two editions."""
    pairs: dict[int, Listed] = {}
    left = list(old)
    for step in _STEPS:
        found = _paired(left, [entry for entry in new if entry.id not in pairs], step)
        pairs |= found
        taken = {entry.id for entry in found.values()}
        left = [entry for entry in left if entry.id not in taken]
    changes, unchanged = [], 0
    for entry in new:
        before = pairs.get(entry.id)
        kinds = differences(before, entry) if before else (ChangeKind.ADDED,)
        unchanged += not kinds
        if kinds:
            changes.append(Change(before, entry, kinds))
    changes += [Change(entry, None, (ChangeKind.REMOVED,)) for entry in left]
    return Comparison(tuple(changes), unchanged)


def _paired(old: Iterable[Listed], new: Iterable[Listed], step: Callable[[Listed], Hashable]) -> dict[int, Listed]:
    """Pair what has the same key; of several the first with the first, as long as both sides have as many."""
    before, after = defaultdict(list), defaultdict(list)
    for entry in old:
        before[step(entry)].append(entry)
    for entry in new:
        after[step(entry)].append(entry)
    return {
        now.id: then
        for each, entries in after.items()
        if len(entries) == len(before.get(each, ()))
        for then, now in zip(before[each], entries, strict=True)
    }


def differences(old: Listed, new: Listed) -> tuple[ChangeKind, ...]:
    """Say in what an entry differs; where texts only broke elsewhere for print it does not."""
    tests = (
        (ChangeKind.PART, old.part != new.part),
        (ChangeKind.GRADE, old.grade != new.grade),
        (ChangeKind.STANDARD, key(old.standard) != key(new.standard)),
        (ChangeKind.AGREEMENT, (old.since, old.until) != (new.since, new.until)),
        (ChangeKind.RESTRICTION, key(old.restriction) != key(new.restriction)),
        (ChangeKind.CLASS, old.class_code != new.class_code),
        (ChangeKind.FORM, key(old.form) != key(new.form)),
        (ChangeKind.NAME, key(old.name) != key(new.name)),
    )
    return tuple(kind for kind, differs in tests if differs)
