"""Payment runs, and the claims that wait for one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.errors import NotFound
from procurement.settlement.claims import queries as claims
from procurement.settlement.flow import ClaimState, RunState
from procurement.settlement.models.claims import Claim, Run
from procurement.settlement.models.invoices import Invoice, Payment

MOST = 1_000
"""So many claims are shown to be ticked for one run."""


def visible(actor: Actor) -> Select[Run]:
    """Return the runs: for those who run the platform only."""
    return select(Run) if actor.runs_platform else select(Run).where(false())


def one(session: Session, fund_run_id: int, actor: Actor) -> Run:
    """Return a run with its people, or NotFound."""
    people = (joinedload(Run.prepared_by), joinedload(Run.decided_by))
    found = session.scalars(visible(actor).where(Run.id == fund_run_id).options(*people)).one_or_none()
    if found is None:
        raise NotFound(run=fund_run_id)
    return found


def held(session: Session, fund_run_id: int, actor: Actor) -> Run:
    """Return a run with its row locked, or NotFound."""
    query = visible(actor).where(Run.id == fund_run_id).with_for_update(of=Run)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(run=fund_run_id)
    return found


def claims_of(run: Run) -> Select[Claim]:
    """Return a run's claims in the order of their ids."""
    parties = (joinedload(Claim.hospital), joinedload(Claim.seller))
    return select(Claim).where(Claim.run_id == run.id).options(*parties).order_by(Claim.id)


def payments_of(session: Session, claims_: Collection[Claim]) -> Mapping[int, Payment]:
    """Return the payments of claims by claim."""
    query = select(Payment).where(Payment.claim_id.in_([each.id for each in claims_]))
    return {each.claim_id: each for each in session.scalars(query) if each.claim_id is not None}


def listing(actor: Actor, *, state: RunState | None = None, text: str = "") -> Select[Run]:
    """Return the query of the list page, the latest first."""
    query = visible(actor).options(joinedload(Run.prepared_by), joinedload(Run.decided_by))
    if state is not None:
        query = query.where(Run.state == state)
    if text:
        query = query.where((Run.number == text) | (Run.reference == text))
    return query.order_by(Run.id.desc())


def asked(parts: Mapping[str, str]) -> dict[str, Any]:
    """Return the filter of the list page from the parts of its address."""
    state = parts.get("state", "")
    return {"state": RunState(state) if state in set(RunState) else None, "text": parts.get("q", "").strip()[:80]}


def counts(session: Session, actor: Actor) -> dict[RunState, int]:
    """Count runs by state."""
    query = visible(actor).with_only_columns(Run.state, func.count()).group_by(Run.state)
    return dict(session.execute(query).all())


def _free(actor: Actor) -> Select[Claim]:
    return claims.visible(actor).where(Claim.state == ClaimState.APPROVED, Claim.run_id.is_(None))


def approved(actor: Actor) -> Select[Claim]:
    """Return the approved claims that no run has taken yet, the first approved first."""
    query = _free(actor).options(joinedload(Claim.hospital), joinedload(Claim.seller))
    return query.order_by(Claim.reviewed_at, Claim.id)


def open_notes(run: Run) -> Select[Invoice]:
    """Return credit notes that a run's claims do not net though they correct their invoices."""
    ids = select(Claim.id).where(Claim.run_id == run.id)
    return claims.notes_of(ids).where(Invoice.claim_id.is_(None))


def to_prepare(session: Session, actor: Actor) -> tuple[Sequence[Claim], set[int]]:
    """Return the claims a run can take, and those of them that wait for their seller's credit note."""
    found = session.scalars(approved(actor).limit(MOST)).all()
    return found, set(claims.sent_back(session, [each.id for each in found]))


def waiting(session: Session, actor: Actor, most: int = 3) -> Sequence[Run]:
    """Return the runs that wait for a second person who is not the actor's own first."""
    query = visible(actor).where(Run.state == RunState.PREPARED, Run.prepared_by_id.is_distinct_from(actor.user_id))
    return session.scalars(query.options(joinedload(Run.prepared_by)).order_by(Run.id).limit(most)).all()


def waiting_counts(session: Session, actor: Actor, at: datetime) -> tuple[int, int, int]:
    """Count approved claims to be paid, runs that wait for a second person, and claims not reviewed in time."""
    late = claims.visible(actor).where(Claim.state == ClaimState.FILED, Claim.due_at <= at)
    free, over = (session.scalar(query.with_only_columns(func.count(Claim.id))) or 0 for query in (_free(actor), late))
    return free, counts(session, actor).get(RunState.PREPARED, 0), over
