"""Enter a submission into a box: its place under the lock, its digest, its receipt, its notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.errors import Conflict
from kernel.notices.services import notify
from kernel.parties.models import Organisation
from procurement.bids import rules
from procurement.bids.flow import BoxState, Channel
from procurement.bids.models import Box, Submission, SubmissionLot
from procurement.demand.models import Lot
from procurement.tags import Tag


def take_place(session: Session, *, box_id: int) -> tuple[int, datetime]:
    """Take the next number of a box under its row lock, then read the clock; return both.

    Raises `Conflict` before the box receives, from the deadline on, and when it is not receiving at all.
    """
    mine = update(Box).where(Box.id == box_id, Box.state == BoxState.RECEIVING).values(entries=Box.entries + 1)
    taken = session.execute(
        mine.returning(Box.entries, Box.receives_from, Box.deadline), execution_options={"synchronize_session": False}
    ).one_or_none()
    now = clock.after_lock(session)
    if taken is None:
        raise Conflict("box-not-receiving")
    if taken.receives_from is None or now < taken.receives_from:
        raise Conflict("box-not-yet-receiving", receives_from=taken.receives_from)
    if taken.deadline is None or now >= taken.deadline:
        raise Conflict("box-deadline-passed", deadline=taken.deadline)
    return taken.entries, now


def enter(
    session: Session, *, box: Box, company: Organisation, actor: Actor, at: datetime, number: int,
    entries: Sequence[SubmissionLot], channel: Channel = Channel.FORM, withdrawal: bool = False,
) -> Submission:  # fmt: skip
    """Write a submission with its lots, and tell the company. Prices and lots stay out of the audit and the notice."""
    digest = digest_of(session, box=box, company=company, at=at, entries=entries, withdrawal=withdrawal)
    submission = Submission(
        box_id=box.id, company_id=company.id, number=number, receipt=rules.receipt_name(box.code, digest),
        withdrawal=withdrawal, channel=channel, lots=len(entries), digest=digest, user_id=actor.user_id, at=at,
        entries=list(entries),
    )  # fmt: skip
    session.add(submission)
    session.flush()  # bids name the submission's id
    tag = Tag.BIDS_WITHDRAWN if withdrawal else Tag.BIDS_SUBMITTED
    record(session, tag, submission, actor, at, {"box": box.code, "receipt": submission.receipt, "digest": digest})
    facts = {"box": box.title, "receipt": submission.receipt, "at": at}
    code = "bids-withdrawn" if withdrawal else "bids-received"
    url = f"/procurement/receipts/{submission.receipt}"
    notify(session, code=code, facts=facts, at=at, url=url, organisations=[company.id], roles=[Role.MANUFACTURER])
    return submission


def digest_of(
    session: Session, *, box: Box, company: Organisation, at: datetime, withdrawal: bool,
    entries: Sequence[SubmissionLot],
) -> str:  # fmt: skip
    """Return the digest of a submission, computed from its rows."""
    ids = [entry.lot_id for entry in entries]
    numbers = {row.id: row.number for row in session.execute(select(Lot.id, Lot.number).where(Lot.id.in_(ids)))}
    lots = [(numbers[entry.lot_id], entry.revision, entry.digest) for entry in entries]
    return rules.submission_digest(box=box.code, company=company.code, at=at, withdrawal=withdrawal, lots=lots)
