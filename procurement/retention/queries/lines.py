"""Lines of a run with their working, and the rows that each number comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import NotFound
from kernel.money import round_amount, round_ratio
from kernel.policy import Parameters, levels
from procurement.agreements.ledger.models import VolumeAccount, VolumeEntry
from procurement.agreements.ledger.rules import elapsed
from procurement.agreements.models import Agreement
from procurement.demand.models import Lot
from procurement.orders.figures.models import OfflinePurchase
from procurement.retention.figuring.rules import kept
from procurement.retention.models.inputs import Exemption, OtherUse, PriorPurchase
from procurement.retention.models.runs import LineDispute, RetentionRun, RunLine
from procurement.retention.queries import beside, runs
from procurement.retention.queries.outside import outside
from procurement.retention.rules import ZERO, Line, Retained, retained
from procurement.retention.sets.rules import read
from procurement.rounds.models.awards import Award

MOST = 200
"""How many entries a page shows of what a number comes from."""


def line_of(row: RunLine) -> Line:
    """Return what the rule asks for, as it was kept."""
    return Line(
        str(row.hospital_id), str(row.lot_id), row.q0, row.p0, row.qc, row.pw, row.n, row.r, row.s, row.score,
        row.completed, row.exempt, row.n_passed, row.n_drg, row.r_last, row.s_last,
        row.won, row.early,
    )  # fmt: skip


def parameters(run: RetentionRun) -> Parameters:
    """Return the parameters that a run goes by."""
    return read(run.rules.values)


def listed(run: RetentionRun, hospital_id: int) -> Select[RunLine]:
    """Return the query of a hospital's lines by lot. The caller has asked whether the reader may see them."""
    query = select(RunLine).where(RunLine.run_id == run.id, RunLine.hospital_id == hospital_id)
    query = query.join(Lot, Lot.id == RunLine.lot_id).options(contains_eager(RunLine.lot).joinedload(Lot.variety))
    return query.order_by(Lot.number)


def of_hospital(session: Session, run: RetentionRun, hospital_id: int) -> Sequence[RunLine]:
    """Return all of a hospital's lines."""
    return session.scalars(listed(run, hospital_id)).unique().all()


def of_run(run: RetentionRun) -> Select[RunLine]:
    """Return the query of all lines of a run, by hospital and lot."""
    query = select(RunLine).where(RunLine.run_id == run.id)
    options = (joinedload(RunLine.lot).joinedload(Lot.variety), joinedload(RunLine.hospital))
    return query.options(*options).order_by(RunLine.hospital_id, RunLine.lot_id)


def one(session: Session, line_id: int, actor: Actor) -> RunLine:
    """Return a line of a run that the actor may see, or NotFound."""
    query = select(RunLine).where(
        RunLine.id == line_id, RunLine.run_id.in_(runs.visible(actor).with_only_columns(RetentionRun.id))
    )
    if not actor.runs_platform:
        query = query.where(RunLine.hospital_id == actor.organisation_id)
    options = (joinedload(RunLine.lot).joinedload(Lot.variety), joinedload(RunLine.hospital), joinedload(RunLine.run))
    found = session.scalars(query.options(*options)).unique().one_or_none()
    if found is None:
        raise NotFound(line=line_id)
    return found


def working(row: RunLine, held: Parameters) -> Retained:
    """Return a line's figures with every step, computed anew from what was kept."""
    return retained(line_of(row), held)


def what_if(
    row: RunLine, held: Parameters, *, completion: Decimal | None = None, other: Decimal | None = None,
    score: Decimal | None = None,
) -> Retained:  # fmt: skip
    """Return a line as it would be with another completion, non-winning share or score; what is None stays as it is.

    `completion` is what was received of the agreed volume, `other` the share of non-winning products in what the winner
    and they cost together (below 1); where nothing was received the winner's cost is that of the agreed volume.
    """
    asked: dict[str, Any] = {}
    if completion is not None:
        asked["completed"] = completion >= 1
    if other is not None:
        cost = row.won or row.qc * row.pw
        asked |= {"n": round_amount(cost * other / (1 - other)), "n_passed": ZERO, "n_drg": ZERO, "won": cost}
    if score is not None:
        asked["score"] = score
    return retained(replace(line_of(row), **asked), held)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a hospital would retain at the end of the agreement year, and the share of it that was over."""

    retained: Decimal
    elapsed: Decimal
    day: date


def forecast(session: Session, run: RetentionRun, hospital_id: int, held: Parameters) -> Forecast | None:
    """Foretell a hospital's retained balance from the pace until the run was computed; None where the year is over.

    Assumes that receipts and non-winning use go on as they did, and that the score stays.
    """
    day = today(run.made_at)
    gone = elapsed(run.starts, run.ends, day)
    if not 0 < gone < 1:
        return None
    rows = session.scalars(select(RunLine).where(RunLine.run_id == run.id, RunLine.hospital_id == hospital_id))
    grown = [
        replace(line_of(row), n=round_amount(row.n / gone), n_passed=round_amount(row.n_passed / gone),
                n_drg=round_amount(row.n_drg / gone), won=round_amount(row.won / gone),
                completed=row.used / gone >= row.qc)
        for row in rows
    ]  # fmt: skip
    return Forecast(max(ZERO, sum(kept(grown, held), ZERO)), gone, day)


def standing(row: RunLine) -> tuple[Decimal, Decimal]:
    """Return a line's completion and its non-winning share, where a what-if begins."""
    completion = row.used / row.qc if row.qc else Decimal(1)
    cost = row.won or row.qc * row.pw
    return round_ratio(completion), round_ratio(row.n / (cost + row.n)) if cost + row.n else ZERO


@dataclass(frozen=True, slots=True)
class Sources:
    """The rows behind a line's numbers."""

    agreements: Sequence[Agreement]
    accounts: dict[int, tuple[Decimal, Decimal]]
    prior: Sequence[PriorPurchase]
    entries: Sequence[VolumeEntry]
    other: OtherUse | None
    offline: Sequence[OfflinePurchase]
    exemption: Exemption | None
    disputes: Sequence[LineDispute]


def sources(session: Session, row: RunLine) -> Sources:
    """Return what a line's numbers come from: agreements, receipts, purchases before the round, other use."""
    run = row.run
    held = select(Agreement).join(Award, Award.id == Agreement.award_id)
    held = held.where(Award.lot_id == row.lot_id, Agreement.hospital_id == row.hospital_id, Agreement.year == run.year)
    agreements = session.scalars(held.options(joinedload(Agreement.company)).order_by(Agreement.id)).all()
    mine = (row.hospital_id, row.lot_id, run.year)
    other = select(OtherUse).where(
        OtherUse.hospital_id == mine[0], OtherUse.lot_id == mine[1], OtherUse.year == mine[2]
    )
    imported = session.scalars(other).one_or_none()
    disputes = select(LineDispute).where(LineDispute.line_id == row.id).order_by(LineDispute.id)
    return Sources(
        agreements, _received(session, [one.id for one in agreements]), _prior(session, row),
        session.scalars(_entries(row, run)).all(), imported, () if imported else beside.of_line(session, row),
        session.scalars(exemption(row)).one_or_none(), session.scalars(disputes).all(),
    )  # fmt: skip


def exemption(row: RunLine) -> Select[Exemption]:
    """Return the query of a line's exemption."""
    return select(Exemption).where(
        Exemption.hospital_id == row.hospital_id, Exemption.lot_id == row.lot_id, Exemption.year == row.run.year
    )


def _received(session: Session, agreements: Sequence[int]) -> dict[int, tuple[Decimal, Decimal]]:
    """Return what was received and sent back of agreements, in units."""
    one = VolumeAccount
    sums = [func.sum(column, type_=column.type) for column in (one.received, one.returned)]
    query = select(one.agreement_id, *sums).where(one.agreement_id.in_(agreements)).group_by(one.agreement_id)
    return {row[0]: (row[1], row[2]) for row in session.execute(query) if row[0] is not None}


def _prior(session: Session, row: RunLine) -> Sequence[PriorPurchase]:
    near = levels(row.hospital.region_code or row.run.area_code)
    query = select(PriorPurchase).where(PriorPurchase.lot_id == row.lot_id, PriorPurchase.area_code.in_(near))
    found = session.scalars(query.order_by(PriorPurchase.id)).all()
    nearest = next((code for code in reversed(near) if any(each.area_code == code for each in found)), "")
    return [each for each in found if each.area_code == nearest]


def _entries(row: RunLine, run: RetentionRun) -> Select[VolumeEntry]:
    options = contains_eager(VolumeEntry.account).joinedload(VolumeAccount.company)
    query = outside(select(VolumeEntry), (run.starts, run.ends)).options(options)
    query = query.where(VolumeAccount.hospital_id == row.hospital_id, Lot.id == row.lot_id)
    found: Select[VolumeEntry] = query.order_by(VolumeEntry.day, VolumeEntry.id).limit(MOST)
    return found


def dispute(session: Session, dispute_id: int, actor: Actor) -> LineDispute:
    """Return a dispute of a line that the actor may see, or NotFound."""
    found = session.get(LineDispute, dispute_id)
    if found is None:
        raise NotFound(dispute=dispute_id)
    one(session, found.line_id, actor)
    return found
