"""The five fixings (五定): which a region uses, and whether a prescription keeps to them.

Source: 医保发〔2021〕28号; places use three to five of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fixing(StrEnum):
    """What has to be fixed before a drug is paid for."""

    HOSPITAL = "hospital"
    DOCTOR = "doctor"
    PHARMACY = "pharmacy"
    PATIENT = "patient"
    DRUG = "drug"


AT_ISSUE = (Fixing.HOSPITAL, Fixing.DOCTOR, Fixing.DRUG)
AT_CHOICE = (Fixing.PHARMACY,)
AT_DISPENSING = tuple(Fixing)


@dataclass(frozen=True, slots=True)
class Check:
    """One fixing of a prescription: whether the region uses it, and whether it holds."""

    fixing: Fixing
    used: bool
    holds: bool

    @property
    def passed(self) -> bool | None:
        """None where the region does not use the fixing."""
        return self.holds if self.used else None


def checks(
    used: Collection[str], holds: Mapping[Fixing, bool], stage: Collection[Fixing] = AT_DISPENSING
) -> tuple[Check, ...]:
    """Check a prescription at a stage of its way.

    >>> found = checks({"hospital", "drug"}, {Fixing.HOSPITAL: True, Fixing.DRUG: False}, AT_ISSUE)
    >>> [(check.fixing.value, check.passed) for check in found]
    [('hospital', True), ('doctor', None), ('drug', False)]
    """
    return tuple(Check(fixing, fixing in used, holds.get(fixing, False)) for fixing in stage)


def failing(found: Collection[Check]) -> list[Fixing]:
    """Return the fixings that a prescription does not keep to."""
    return [check.fixing for check in found if check.passed is False]
