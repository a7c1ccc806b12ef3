"""Deadlines, reminders and what a kept commitment is.

Source: governance.md "Inquiry → interview"; numbers in policy.toml beside this file. When reminders go out is ours: it
decides nothing.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from kernel.money import places
from kernel.periods import last_second
from kernel.policy import Parameters, regional
from kernel.workdays import add_workdays
from pricing.governance.cases.flow import CaseReason, CaseState
from pricing.listings.rules import MOST

POLICY = Path(__file__).with_name("policy.toml")
LONGEST, MOST_LINES, MOST_FILES = 4_000, 40, 20
SOON, LONG = timedelta(days=2), timedelta(days=3)
REMINDED, LATE, ESCALATED = 1, 2, 3
"""How much was told of a deadline: it is near, it is over, and nobody has acted since."""


def policy(region_code: str) -> Parameters:
    """Return a region's parameters of inquiries and interviews."""
    return regional(POLICY, region_code)


def answer_days(region_code: str, reason: CaseReason) -> int:
    """Return how many working days a company has for its answer.

    >>> answer_days("980000", CaseReason.HIGH), answer_days("450100", CaseReason.COMPLAINT)
    (5, 7)
    """
    name = "complaint" if reason is CaseReason.COMPLAINT else "workdays"
    return int(policy(region_code).value(f"answer.{name}"))


def answer_by(day: date, region_code: str, reason: CaseReason) -> datetime:
    """Return by when an inquiry sent on a day is answered: the last second of the last working day.

    >>> answer_by(date(2026, 9, 29), "980000", CaseReason.HIGH).isoformat()
    '2026-10-12T15:59:59+00:00'
    """
    return last_second(add_workdays(day, answer_days(region_code, reason)))


def state_on(state: CaseState, due_at: datetime | None, at: datetime) -> CaseState:
    """Return the state as the clock shows it."""
    late = state is CaseState.ASKED and due_at is not None and at >= due_at
    return CaseState.OVERDUE if late else state


def stage(due_at: datetime, at: datetime) -> int:
    """Return how much is to have been told of a deadline by now.

    >>> due = last_second(date(2026, 11, 20))
    >>> [stage(due, due + timedelta(days=days)) for days in (-3, -2, 0, 3)]
    [0, 1, 2, 3]
    """
    if at >= due_at + LONG:
        return ESCALATED
    if at >= due_at:
        return LATE
    return REMINDED if at >= due_at - SOON else 0


def fits(price: Decimal) -> bool:
    """Say whether a number can be a listed price, yuan per unit."""
    return 0 < price < MOST and places(price) <= 4


def mended(*, now: Decimal | None, was: Decimal, committed: Decimal | None) -> bool:
    """Say whether a price is what was committed to; without a commitment, whether it fell. None: it is not listed.

    >>> two, three = Decimal(2), Decimal(3)
    >>> [mended(now=two, was=three, committed=two), mended(now=three, was=three, committed=None)]
    [True, False]
    """
    if now is None:
        return True
    return now < was if committed is None else now <= committed
