"""A run of the retained balance for each hospital, as rows: its line, its share and a dispute."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.demand.models import Lot
from procurement.retention.flow import RunState, Term
from procurement.retention.models.inputs import RuleVersion
from procurement.retention.models.runs import LineDispute, RetentionRun, RunLine, RunShare
from procurement.rounds.models.rounds import Round

from .market import NOW, REGION, Market

ZERO = Decimal(0)
FIGURES = ("q0", "p0", "qc", "pw", "n", "n_passed", "n_drg", "r", "s", "used", "won", "score", "k")


def runs(session: Session, market: Market) -> dict[str, dict[str, int]]:
    """Write a run that was sent out for each hospital; return its ids by their names in addresses."""
    rules = RuleVersion(code="x", number=1, title="x", values={}, made_at=NOW)
    round_ = session.scalars(select(Round)).one()
    lot = session.scalars(select(Lot).order_by(Lot.id)).all()[0]
    session.add(rules)
    session.flush()
    found = {}
    for year, who in enumerate(("h1", "h2"), start=1):
        run = RetentionRun(
            round_id=round_.id, year=year, area_code=REGION, number=1, rules_id=rules.id, state=RunState.SENT,
            starts=date(2025, 1, 1), ends=date(2026, 1, 1), digest="", lines_count=1, made_at=NOW, sent_at=NOW,
        )  # fmt: skip
        session.add(run)
        session.flush()
        own = {"run_id": run.id, "hospital_id": market.organisations[who]}
        figures = dict.fromkeys(
            ["q0", "p0", "qc", "pw", "n", "n_passed", "n_drg", "r", "s", "used", "won", "score", "k"], ZERO
        )
        line = RunLine(**own, lot_id=lot.id, completed=True, exempt=False, **figures)
        session.add_all([line, RunShare(**own, lines_count=1, score=ZERO, scored=True)])
        session.flush()
        dispute = LineDispute(line_id=line.id, term=next(iter(Term)), text=f"dispute-{who}", asked_at=NOW)
        session.add(dispute)
        session.flush()
        found[who] = {"run_id": run.id, "line_id": line.id, "dispute_id": dispute.id}
    return found
