"""What a page, a call or a workbook of monitoring asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from catalogue.drugs.rules.codes import VarietyKind
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.periods import Period, month_of, months
from pricing.monitoring.flow import Split, Step

_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)
SHOWN, MOST = 12, 60
"""Months of a series where none are named, and at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Months from `start` to `last`, the periods they make, and which purchases; '' and None are all of them.

    `company_id` narrows to one maker's items: that of a company that asks for items, amounts or savings.
    """

    start: date
    last: date
    step: Step = Step.MONTH
    base: str = ""
    chained: bool = False
    goods: VarietyKind | None = None
    class_code: str = ""
    region: str = ""
    grade: str = ""
    source: str = ""
    company_id: int | None = None

    @property
    def months(self) -> list[date]:
        """Return the first days of the months."""
        return months(Period(self.start, month_of(self.last, 1)))

    @property
    def periods(self) -> list[str]:
        """Return the names of the periods, oldest first."""
        return list(dict.fromkeys(self.period(month) for month in self.months))

    @property
    def base_period(self) -> str:
        """Return the period that counts as 1."""
        return self.base if self.base in self.periods else self.periods[0]

    @property
    def compared(self) -> tuple[str, str]:
        """Return the two periods whose items the last figure compares: the base, or chained the one before the last."""
        names = self.periods
        return (names[max(0, len(names) - 2)] if self.chained else self.base_period), names[-1]

    def period(self, month: date) -> str:
        """Name the period of a month.

        >>> Asked(date(2026, 1, 1), date(2026, 6, 1), Step.QUARTER).periods
        ['2026Q1', '2026Q2']
        """
        names = {Step.MONTH: f"{month:%Y-%m}", Step.QUARTER: f"{month.year}Q{(month.month + 2) // 3}"}
        return names.get(self.step, str(month.year))


def read(parts: Mapping[str, str], at: datetime) -> Asked:
    """Read the parts of an address; without months the twelve before the present one. What is none is left out."""
    last = _month(parts.get("to", "")) or month_of(today(at), -1)
    start = _month(parts.get("from", "")) or month_of(last, 1 - SHOWN)
    start = max(min(start, last), month_of(last, 1 - MOST))
    step, goods = parts.get("step", ""), parts.get("goods", "")
    return Asked(
        start, last, Step(step) if step in set(Step) else Step.MONTH, parts.get("base", "")[:7],
        parts.get("method", "") == "chained", VarietyKind(goods) if goods in set(VarietyKind) else None,
        parts.get("class", "")[:10], parts.get("region", "")[:6], parts.get("grade", "")[:20],
        parts.get("source", "")[:80],
    )  # fmt: skip


def split_of(parts: Mapping[str, str], splits: Sequence[Split]) -> Split:
    """Read by which of the splits a page takes purchases apart."""
    wanted = parts.get("by", "")
    return Split(wanted) if wanted in splits else Split.CLASS


def within(asked: Asked, actor: Actor) -> Asked:
    """Narrow to what the actor may see item by item: a company its own, who runs the platform all."""
    return asked if actor.runs_platform else replace(asked, company_id=actor.organisation_id or 0)


def _month(text: str) -> date | None:
    return date.fromisoformat(f"{text}-01") if _MONTH.fullmatch(text) else None
