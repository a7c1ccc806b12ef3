"""Sums of the runs in force by round, year, area, grade or hospital; who retains far more or less than others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, distinct, func, literal, select
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.parties import regions
from kernel.parties.models import Organisation
from kernel.parties.regions import prefix
from procurement.retention.flow import RunState
from procurement.retention.models.runs import RetentionRun, RunShare
from procurement.retention.queries import runs
from procurement.retention.reports.flow import Cut
from procurement.retention.reports.rules import fences, share
from procurement.rounds.models.rounds import Round

PAID = (RunState.PAID, RunState.CLOSED)
SUMS = (RunShare.budget, RunShare.spend, RunShare.base, RunShare.retained, RunShare.earlier)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is over: a round (by its id) or all, an area or all, paid runs or all in force."""

    round_id: int | None = None
    area: str = ""
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the report: hospitals and varieties of hospitals, amounts in yuan."""

    key: str
    name: str
    hospitals: int
    lines: int
    budget: Decimal
    spend: Decimal
    base: Decimal
    retained: Decimal
    earlier: Decimal

    @property
    def share(self) -> Decimal | None:
        """Return what is retained of the budget."""
        return share(self.retained, self.budget)


def asked(parts: Mapping[str, str]) -> Asked:
    """Return the filter of the report from the parts of its address."""
    round_id = parts.get("round", "")
    return Asked(int(round_id) if round_id.isdecimal() and len(round_id) < 10 else None, parts.get("area", "")[:6],
                 parts.get("state") == "paid")  # fmt: skip


def _shares(actor: Actor, what: Asked) -> Select[Any]:
    """Return the query of what hospitals retain by the runs they were asked about, of those that the actor may see."""
    seen = (
        runs.visible(actor)
        .with_only_columns(RetentionRun.id)
        .where(RetentionRun.sent_at.is_not(None), RetentionRun.state != RunState.REPLACED)
    )
    if what.round_id is not None:
        seen = seen.where(RetentionRun.round_id == what.round_id)
    if what.paid:
        seen = seen.where(RetentionRun.state.in_(PAID))
    query = (
        select(literal(1))
        .select_from(RunShare)
        .join(RetentionRun, RetentionRun.id == RunShare.run_id)
        .join(Round, Round.id == RetentionRun.round_id)
        .join(Organisation, Organisation.id == RunShare.hospital_id)
        .where(RunShare.run_id.in_(seen))
    )
    if what.area:
        query = query.where(Organisation.region_code.startswith(prefix(what.area), autoescape=True))
    return query if actor.runs_platform else query.where(RunShare.hospital_id == actor.organisation_id)


KEYS: dict[Cut, tuple[Any, ...]] = {
    Cut.BATCH: (RetentionRun.round_id, RetentionRun.year, Round.title),
    Cut.YEAR: (func.extract("year", RetentionRun.starts),),
    Cut.AREA: (func.substr(Organisation.region_code, 1, 4),),
    Cut.GRADE: (Organisation.grade,),
    Cut.HOSPITAL: (RunShare.hospital_id, Organisation.name),
}
"""What a cut groups by; the last says what a row is called where it is a name."""


def rows(session: Session, actor: Actor, cut: Cut, what: Asked) -> list[Row]:
    """Return the rows of a cut, those that retain most first."""
    keys = KEYS[cut]
    sums = (func.sum(column, type_=column.type) for column in SUMS)
    counts = func.count(distinct(RunShare.hospital_id)), func.sum(RunShare.lines_count)
    query = _shares(actor, what).with_only_columns(*keys, *counts, *sums).group_by(*keys)
    names = {code: one.name for code, one in regions.by_code(session).items()} if cut is Cut.AREA else {}
    found = [_row(cut, row[: len(keys)], row[len(keys) :], names) for row in session.execute(query)]
    return sorted(found, key=lambda one: (-one.retained, one.key))


def _row(cut: Cut, of: Any, figures: Any, names: Mapping[str, str]) -> Row:
    if cut is Cut.AREA:
        code = f"{of[0] or '':0<6}"
        return Row(code, names.get(code, code), *figures)
    if cut is Cut.BATCH:
        return Row(f"{of[0]}-{of[1]}", f"{of[2]} · {of[1]}", *figures)
    return Row(str(of[0]), str(of[-1] or "—"), *figures)


def total(found: list[Row], hospitals: int) -> Row:
    """Add rows up; a hospital counts once, however many rows it stands in."""
    sums = (sum((getattr(one, column.key) for one in found), Decimal(0)) for column in SUMS)
    return Row("", "", hospitals, sum(one.lines for one in found), *sums)


@dataclass(frozen=True, slots=True)
class Outlier:
    """A hospital whose share of its budget lies beyond a fence."""

    row: Row
    share: Decimal
    bound: Decimal


def outliers(hospitals: list[Row]) -> list[Outlier]:
    """Return the hospitals that retain far more or less of their budget than the others, the farthest first."""
    shares = {one.key: one.share for one in hospitals}
    bounds = fences([one for one in shares.values() if one is not None])
    if bounds is None:
        return []
    low, high = bounds
    beyond = [(one, found) for one in hospitals if (found := shares[one.key]) is not None and not low <= found <= high]
    listed = [Outlier(one, found, low if found < low else high) for one, found in beyond]
    return sorted(listed, key=lambda one: (-abs(one.share - one.bound), one.row.key))


def rounds(session: Session) -> list[tuple[str, str]]:
    """Return the rounds that have runs, the latest first."""
    query = select(Round.id, Round.title).where(Round.id.in_(select(RetentionRun.round_id)))
    return [(str(one), title) for one, title in session.execute(query.order_by(Round.id.desc()))]
