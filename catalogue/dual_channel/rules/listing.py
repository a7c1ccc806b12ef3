"""When a drug may be sold through two channels. Source: 医保发〔2021〕28号; catalogue.md, "Dual channel"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kernel.errors import DomainError
from kernel.periods import Period


class Layer(StrEnum):
    """The two lists: what pharmacies may sell, and what is paid for separately (单独支付)."""

    ORDINARY = "ordinary"
    SEPARATE = "separate"


class DrugState(StrEnum):
    """What a listed drug is on a day."""

    UPCOMING = "upcoming"
    VALID = "valid"
    TRANSITION = "transition"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Term:
    """From the first day on the list to the day it leaves, and to the end of a transition; ends are first days after.

    `transition` is None where the drug leaves at once.
    """

    begins: date
    leaves: date | None = None
    transition: date | None = None

    def state_on(self, day: date) -> DrugState:
        """Return what a drug of this term is on a day.

        >>> term = Term(date(2025, 1, 1), date(2027, 1, 1), date(2027, 7, 1))
        >>> [term.state_on(date(year, 1, 1)).value for year in (2024, 2026, 2027, 2028)]
        ['upcoming', 'valid', 'transition', 'ended']
        """
        if day < self.begins:
            return DrugState.UPCOMING
        if self.leaves is None or day < self.leaves:
            return DrugState.VALID
        return DrugState.TRANSITION if self.transition and day < self.transition else DrugState.ENDED

    @property
    def whole(self) -> Period:
        """Return all the days on which the drug is on sale."""
        return Period(self.begins, self.transition or self.leaves)


def must_hold(term: Term) -> Term:
    """Refuse a term whose days are in the wrong order."""
    if term.leaves is not None and term.leaves <= term.begins:
        raise DomainError("dual-leaves-before-beginning")
    if term.transition is not None and (term.leaves is None or term.transition <= term.leaves):
        raise DomainError("dual-transition-without-leaving")
    return term
