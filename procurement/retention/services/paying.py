"""Send a run to its hospitals, publish it, apply for the money, record the payment and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.clock import after_lock, today
from kernel.errors import Conflict, Forbidden, Invalid, Issue
from kernel.money import places
from kernel.notices.services import notify
from procurement.orders.rules import due
from procurement.retention.flow import RUN_FLOW, LineState, RunAction
from procurement.retention.models.runs import RetentionRun, RunLine, RunShare
from procurement.retention.queries import lines, runs, shares
from procurement.tags import Tag


def send(session: Session, *, run_id: int, actor: Actor, at: datetime) -> RetentionRun:
    """Ask the hospitals to confirm or dispute. Every indicator of each must have points."""
    run = runs.held(session, run_id, actor)
    state = RUN_FLOW.after(run.state, RunAction.SEND)
    shares = select(RunShare).where(RunShare.run_id == run.id)
    runs.must_be_alone(session, run)
    found = session.scalars(shares).all()
    unscored = sum(not share.scored for share in found)
    if unscored:
        raise Conflict("retention-unscored", count=unscored)
    days = int(Decimal(lines.parameters(run).value("days.confirm", 0)))
    run.state, run.sent_at, run.confirm_by = state, at, due(at, f"{days} days")
    record(session, Tag.RETENTION_SENT, run, actor, at, {"confirm_by": run.confirm_by, "hospitals": len(found)})
    notify(
        session, code="retention-sent", facts={"round": run.round.title, "year": run.year},
        organisations=[share.hospital_id for share in found], url=_url(run), at=at,
    )  # fmt: skip
    return run


def publish(session: Session, *, run_id: int, actor: Actor, at: datetime) -> RetentionRun:
    """Make a run public as a second person, once every dispute is decided; silence after the hour counts as consent."""
    run = runs.held(session, run_id, actor)
    state = RUN_FLOW.after(run.state, RunAction.PUBLISH)
    must_be_another(actor, run.made_by_id)
    runs.must_be_settled(session, run)
    granted = runs.granted(session, run)
    if granted:
        raise Conflict("retention-to-correct", count=len(granted))
    silent = exists().where(RunLine.run_id == run.id, RunLine.state == LineState.OPEN)
    if (run.confirm_by is None or after_lock(session) < run.confirm_by) and session.scalar(select(silent)):
        raise Conflict("retention-unanswered", until=run.confirm_by)
    days = int(Decimal(lines.parameters(run).value("days.publicity", 0)))
    run.state, run.published_at, run.published_by_id = state, at, actor.user_id
    run.objections_until = due(at, f"{days} days")
    record(session, Tag.RETENTION_PUBLISHED, run, actor, at, {"until": run.objections_until, "retained": run.retained})
    return run


def apply(session: Session, *, run_id: int, document: str, actor: Actor, at: datetime) -> RetentionRun:
    """Apply to the fund for the money, when the publicity is over."""
    run = runs.held(session, run_id, actor)
    state = RUN_FLOW.after(run.state, RunAction.APPLY)
    if run.objections_until is None or after_lock(session) < run.objections_until:
        raise Conflict("retention-publicity", until=run.objections_until)
    if not document.strip():
        raise Invalid({"document": Issue("needed")})
    run.state, run.application, run.applied_at, run.applied_by_id = state, document.strip(), at, actor.user_id
    record(session, Tag.RETENTION_APPLIED, run, actor, at, {"document": run.application, "retained": run.retained})
    return run


def pay(session: Session, *, run_id: int, reference: str, paid_on: date, actor: Actor, at: datetime) -> RetentionRun:
    """Record the one payment of a run, by another person than who applied for it."""
    run = runs.held(session, run_id, actor)
    state = RUN_FLOW.after(run.state, RunAction.PAY)
    must_be_another(actor, run.applied_by_id)
    wrong = {} if reference.strip() else {"reference": Issue("needed")}
    if run.applied_at is None or not today(run.applied_at) <= paid_on <= today(at):
        wrong["paid_on"] = Issue("retention-paid-on")
    if wrong:
        raise Invalid(wrong)
    run.state, run.payment, run.paid_on, run.paid_by_id = state, reference.strip(), paid_on, actor.user_id
    told = {"reference": run.payment, "paid_on": paid_on, "retained": run.retained}
    record(session, Tag.RETENTION_PAID, run, actor, at, told)
    query = select(RunShare.hospital_id).where(RunShare.run_id == run.id, RunShare.retained > 0)
    notify(
        session, code="retention-paid", facts={"round": run.round.title, "reference": run.payment},
        organisations=session.scalars(query).all(), url=_url(run), at=at,
    )  # fmt: skip
    return run


def report(
    session: Session, *, run_id: int, distributed: Decimal, text: str, actor: Actor, at: datetime
) -> RunShare:  # fmt: skip
    """Report what one's own hospital paid to its staff of what it retained."""
    run = runs.held(session, run_id, actor)
    RUN_FLOW.after(run.state, RunAction.REPORT)
    if actor.organisation_id is None or actor.runs_platform:
        raise Forbidden
    share = shares.one(session, run, actor.organisation_id, actor)
    wrong = {} if text.strip() else {"text": Issue("needed")}
    if not 0 <= distributed <= share.retained or places(distributed) > 2:
        wrong["distributed"] = Issue("retention-distributed", facts={"most": share.retained})
    if wrong:
        raise Invalid(wrong)
    share.distributed, share.distribution = distributed, text.strip()
    share.reported_at, share.reported_by_id = at, actor.user_id
    record(session, Tag.RETENTION_DISTRIBUTED, share, actor, at, {"distributed": distributed, "text": text.strip()})
    return share


def close(session: Session, *, run_id: int, actor: Actor, at: datetime) -> RetentionRun:
    """Close a run whose hospitals have all reported what became of the money."""
    run = runs.held(session, run_id, actor)
    state = RUN_FLOW.after(run.state, RunAction.CLOSE)
    silent = select(RunShare.id).where(RunShare.run_id == run.id, RunShare.retained > 0, RunShare.reported_at.is_(None))
    count = len(session.scalars(silent).all())
    if count:
        raise Conflict("retention-unreported", count=count)
    run.state, run.closed_at = state, at
    record(session, Tag.RETENTION_CLOSED, run, actor, at, {})
    return run


def _url(run: RetentionRun) -> str:
    return f"/procurement/retention/runs/{run.id}"
