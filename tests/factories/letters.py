"""Commitment letters as tests need them: signed for every year in which tests play."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kernel import clock
from kernel.auth.actor import Actor
from pricing.credit.flow import LetterState
from pricing.credit.models import CommitmentLetter

YEARS = range(2025, 2030)


def bind(session: Session, actor: Actor) -> Actor:
    """Let an actor's company have signed, so that it may bid and list; whoever signed before stays the one."""
    signed = session.query(CommitmentLetter).filter_by(company_id=actor.organisation_id).count()
    session.add_all(
        CommitmentLetter(
            company_id=actor.organisation_id, year=year, state=LetterState.SIGNED, signed_by_id=actor.user_id,
            signed_at=clock.now(), digest="d" * 64,
        )
        for year in YEARS if not signed
    )  # fmt: skip
    session.flush()
    return actor
