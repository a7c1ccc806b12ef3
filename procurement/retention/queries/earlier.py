"""The version before a run: what need not be figured again, and what its hospitals said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.columns import Scaled
from kernel.sets import among
from kernel.wholes import whole
from procurement.retention.flow import Indicator, LineState
from procurement.retention.models.inputs import RuleVersion
from procurement.retention.models.runs import Points, RetentionRun, RunLine, RunShare
from procurement.retention.queries import runs

SUMS = ("budget", "spend", "base", "retained", "earlier")
INPUTS = ("q0", "p0", "qc", "pw", "n", "n_passed", "n_drg", "r", "s", "r_last", "s_last", "used", "won", "completed",
          "exempt", "early")  # fmt: skip
"""What went into a line; RunLine and Given have these names."""
inputs = attrgetter(*INPUTS)
ANSWERED = (LineState.CONFIRMED, LineState.DECIDED)
Answer = tuple[LineState, tuple[Any, ...]]
"""What was said to a line, and its inputs, score and result, in whole numbers."""


def wholes(model: Any, names: Sequence[str]) -> list[Any]:
    """Return columns of a model by their names, decimals as whole numbers."""
    columns = [getattr(model, name) for name in names]
    pairs = zip(names, columns, strict=True)
    return [whole(one).label(name) if isinstance(one.type, Scaled) else one for name, one in pairs]


@dataclass(frozen=True, slots=True)
class Earlier:
    """`shares` are (digest, score, sums in fen) by hospital, empty where another rule set was gone by."""

    run_id: int | None = None
    number: int = 0
    points: Mapping[tuple[int, Indicator], Points] = field(default_factory=dict)
    granted: frozenset[int] = frozenset()
    shares: Mapping[int, tuple[str, Decimal, dict[str, int]]] = field(default_factory=dict)

    def same(self, hospital: int, digest: str, score: Decimal) -> dict[str, int] | None:
        """Return a hospital's sums if its inputs and its score are what they were."""
        known, last, sums = self.shares.get(hospital, ("", score, {}))
        return sums if known == digest and last == score else None

    def answers(self, session: Session, hospitals: Sequence[int]) -> dict[tuple[int, int], Answer]:
        """Return what hospitals said to their lines, by hospital and lot; lines with a granted dispute are left out."""
        if self.run_id is None:
            return {}
        names = (*INPUTS, "score", "retained")
        query = select(RunLine.id, RunLine.hospital_id, RunLine.lot_id, RunLine.state, *wholes(RunLine, names)).where(
            RunLine.run_id == self.run_id, among(RunLine.hospital_id, hospitals), RunLine.state.in_(ANSWERED)
        )
        found = session.execute(query)
        return {
            (hospital, lot): (state, tuple(held))
            for line, hospital, lot, state, *held in found
            if line not in self.granted
        }


def earlier(session: Session, previous: RetentionRun | None, rules: RuleVersion) -> Earlier:
    """Read what a new version takes over of the one before."""
    if previous is None:
        return Earlier()
    shares = {}
    if previous.rules_id == rules.id:
        query = select(RunShare.hospital_id, RunShare.digest, RunShare.score, *wholes(RunShare, SUMS))
        for hospital, digest, score, *sums in session.execute(query.where(RunShare.run_id == previous.id)):
            shares[hospital] = (digest, score, dict(zip(SUMS, sums, strict=True)))
    given, granted = runs.given_points(session, previous), runs.granted(session, previous)
    return Earlier(previous.id, previous.number, given, granted, shares)
