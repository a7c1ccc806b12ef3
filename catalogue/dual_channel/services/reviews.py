"""Hold the yearly review of a designated place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.dual_channel.flow import DesignationAction, DesignationState, ReviewResult
from catalogue.dual_channel.models.places import Designation, YearlyReview
from catalogue.dual_channel.queries import places as queries
from catalogue.dual_channel.queries import regions
from catalogue.dual_channel.services.places import end
from catalogue.tags import Tag
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Conflict, DomainError
from kernel.periods import months_after

ENDS = {ReviewResult.TO_CORRECT: DesignationAction.SUSPEND, ReviewResult.FAILED: DesignationAction.WITHDRAW}


def review(
    session: Session, *, designation_id: int, result: ReviewResult, reason: str, version: int | None = None,
    actor: Actor, at: datetime,
) -> Designation:  # fmt: skip
    """Record a review: passed makes the next one due, to correct suspends, failed withdraws; these need a reason."""
    row = queries.one(session, designation_id, actor)
    if version is not None and version != row.version:
        raise Conflict("changed-meanwhile")
    if row.state is not DesignationState.DESIGNATED or row.review_due is None:
        raise Conflict("dual-not-designated", name=row.organisation.name)
    if result is not ReviewResult.PASSED and not reason.strip():
        raise DomainError("dual-reason-missing")
    held = YearlyReview(
        due_on=row.review_due, held_on=today(at), result=result, reason=reason.strip()[:500],
        reviewer_id=actor.user_id, reviewer_name=actor.name,
    )  # fmt: skip
    row.reviews.insert(0, held)
    if result in ENDS:
        end(session, row, ENDS[result], reason, at)
    else:
        months = regions.parameters(session, row.organisation.region_code).value("review.months")
        row.review_due = months_after(max(row.review_due, today(at)), months)
    facts = {"name": row.organisation.name, "result": result, "reason": held.reason, "review_due": row.review_due}
    record(session, Tag.DUAL_PLACE_REVIEWED, row, actor, at, facts)
    return row
