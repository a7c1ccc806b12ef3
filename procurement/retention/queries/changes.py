"""In which lines a run differs from the version before, and why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from procurement.demand.models import Lot
from procurement.retention.models.runs import RetentionRun, RunLine, RunShare


@dataclass(frozen=True, slots=True)
class Change:
    """A line that differs from the version before; a side that is missing has no line."""

    before: RunLine | None
    after: RunLine | None

    @property
    def line(self) -> RunLine:
        """Return the line that is there."""
        found = self.after or self.before
        assert found is not None  # a change has a side
        return found

    @property
    def by(self) -> Decimal:
        """Return by how much what is retained changed."""
        now = self.after.retained if self.after else Decimal(0)
        return now - (self.before.retained if self.before else Decimal(0))

    @property
    def terms(self) -> list[tuple[str, object, object]]:
        """Return what of the inputs changed: name, before, after."""
        if self.before is None or self.after is None:
            return []
        pairs = [(name, getattr(self.before, name), getattr(self.after, name)) for name in TERMS]
        return [(name, old, new) for name, old, new in pairs if old != new]


TERMS = ("q0", "p0", "qc", "pw", "n", "n_passed", "n_drg", "r", "s", "used", "completed", "exempt", "early", "score",
         "k")  # fmt: skip


def changes(
    session: Session, run: RetentionRun, *, hospital_id: int | None = None, most: int | None = None
) -> list[Change]:
    """Return the lines in which a run differs from the version before, the largest difference first.

    All of them or so many; those of a hospital, where one is named. Hospitals whose inputs, score and rule set are
    what they were have none, and are not looked through.
    """
    if run.previous_id is None:
        return []
    old = aliased(RunLine)
    options = (joinedload(RunLine.lot).joinedload(Lot.variety), joinedload(RunLine.hospital))
    pairs = ((getattr(RunLine, name), getattr(old, name)) for name in (*TERMS, "retained"))
    differ = or_(*(now.is_distinct_from(before) for now, before in pairs))
    elsewhere: ColumnElement[bool] = RunLine.hospital_id.not_in(_same(run))
    if hospital_id is not None:
        elsewhere &= RunLine.hospital_id == hospital_id
    by = func.abs(RunLine.retained - func.coalesce(old.retained, 0))
    query = select(RunLine, old).outerjoin(old, _pair(old, run.previous_id)).options(*options)
    query = query.where(RunLine.run_id == run.id, elsewhere, differ).order_by(by.desc(), RunLine.id).limit(most)
    found = session.execute(query).unique()
    changed = [Change(before, after) for after, before in found]
    still = exists().where(_pair(old, run.id))
    gone = select(RunLine).where(RunLine.run_id == run.previous_id, elsewhere, ~still).options(*options)
    gone = gone.order_by(RunLine.retained.desc(), RunLine.id).limit(most)
    changed += [Change(each, None) for each in session.scalars(gone)]
    return sorted(changed, key=lambda one: (-abs(one.by), one.line.id))[:most]


def _pair(other: Any, run_id: int | None) -> ColumnElement[bool]:
    """Say whether another line is the same hospital's variety in a run."""
    mine = (other.hospital_id == RunLine.hospital_id) & (other.lot_id == RunLine.lot_id)
    return and_(mine, other.run_id == run_id)


def _same(run: RetentionRun) -> Select[int]:
    """Return the query of the hospitals in which nothing changed since the version before."""
    old, before = aliased(RunShare), aliased(RetentionRun)
    return (
        select(RunShare.hospital_id)
        .join(old, (old.hospital_id == RunShare.hospital_id) & (old.run_id == run.previous_id))
        .join(before, before.id == old.run_id)
        .where(
            RunShare.run_id == run.id, before.rules_id == run.rules_id, RunShare.digest != "",
            RunShare.digest == old.digest, RunShare.score == old.score,
        )
    )  # fmt: skip
