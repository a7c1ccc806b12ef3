"""File, comment and withdraw objections, to the second."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import after_lock
from kernel.columns import canonical
from kernel.errors import Conflict, Forbidden, Invalid, Issue, NotFound
from procurement.demand.models import Lot
from procurement.rounds.models.evaluations import Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.objections import queries
from procurement.rounds.objections.flow import (
    OBJECTION_FLOW,
    Ground,
    ObjectionAction,
)  # fmt: skip
from procurement.rounds.objections.models import Objection, ObjectionComment
from procurement.rounds.objections.services.acts import (
    AGENCY,
    Attachment,
    done,
    due,
    keep,
    tell,
    text_faults,
    too_many,
)
from procurement.rounds.queries import results, rounds
from procurement.rounds.services.acts import locked
from procurement.tags import Tag


@dataclass(frozen=True, slots=True)
class Claim:
    """What an objector says: a lot's number or None for the round, a company or None, ground, statement, secrets."""

    lot_number: int | None
    company_id: int | None
    ground: Ground
    text: str
    private: str = ""


def file(
    session: Session, *, round_id: int, claim: Claim, evidence: Sequence[Attachment], actor: Actor, at: datetime
) -> Objection:
    """File an objection to an announced round, to the second before its publicity ends; the receipt is its name."""
    round_ = locked(session, round_id, actor, at)
    if actor.organisation_id is None or actor.user_id is None or actor.runs_platform:
        raise Forbidden
    now = after_lock(session)
    evaluation = results.latest(session, round_)
    if evaluation is None or not queries.is_open_for(round_, now):
        raise Conflict("objections-closed", code=round_.code, until=round_.publicity_ends)
    lot = rounds.lot(session, round_, claim.lot_number) if claim.lot_number is not None else None
    _must_be_sound(session, evaluation, claim, lot, evidence)
    serial = session.scalar(select(func.count(Objection.id)).where(Objection.round_id == round_.id)) or 0
    made = Objection(
        receipt=f"{round_.code}-YY-{serial + 1:03}", round_id=round_.id, evaluation_id=evaluation.id,
        lot_id=lot.id if lot else None, company_id=claim.company_id, ground=claim.ground, text=claim.text.strip(),
        private=claim.private.strip(), standing=queries.standing_of(session, round_, actor), filed_at=now,
        organisation_id=actor.organisation_id, filed_by_id=actor.user_id, due_at=due(round_, now),
    )  # fmt: skip
    session.add(made)
    session.flush()  # its files and the event name the id
    made.digest = _digest(round_, made, claim, keep(session, queries.EVIDENCE, made.id, evidence, actor, at))
    facts = {"receipt": made.receipt, "ground": made.ground, "digest": made.digest, "round": round_.code}
    record(session, Tag.OBJECTION_FILED, made, actor, at, facts)
    tell(session, made, round_, "objection-filed", at, roles=AGENCY)
    if made.company_id is not None and made.company_id != made.organisation_id:
        tell(session, made, round_, "objection-concerns-you", at, organisations=(made.company_id,))
    return made


def _must_be_sound(
    session: Session, evaluation: Evaluation, claim: Claim, lot: Lot | None, evidence: Sequence[Attachment]
) -> None:
    wrong = text_faults({"text": claim.text}, {"private": claim.private}) | too_many(evidence)
    if claim.company_id is not None and not queries.is_decided_about(
        session, evaluation, claim.company_id, lot.id if lot else None
    ):
        wrong["company"] = Issue("objection-no-decision")
    if wrong:
        raise Invalid(wrong)


def _digest(round_: Round, made: Objection, claim: Claim, digests: Sequence[str]) -> str:
    """Return the digest of what was handed in: objector, subject, texts and files."""
    said = [round_.code, made.organisation_id, claim.lot_number, claim.company_id, claim.ground.value, made.text,
            made.private, list(digests), made.filed_at]  # fmt: skip
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def withdraw(session: Session, *, objection_id: int, actor: Actor, at: datetime) -> Objection:
    """Take back an objection of one's own organisation, as long as the reply is not out."""
    found = queries.held(session, objection_id, actor)
    if found.organisation_id != actor.organisation_id or actor.user_id is None:
        raise NotFound(objection=objection_id)
    OBJECTION_FLOW.after(found.state, ObjectionAction.WITHDRAW)
    found.withdrawn_at = at
    done(session, found, ObjectionAction.WITHDRAW, Tag.OBJECTION_WITHDRAWN, actor, at)
    tell(session, found, found.round, "objection-withdrawn", at, roles=AGENCY)
    return found


def comment(
    session: Session, *, objection_id: int, text: str, given: Sequence[Attachment], actor: Actor, at: datetime
) -> ObjectionComment:
    """Say, for the company concerned, what there is to say to an open objection."""
    found = queries.held(session, objection_id, actor)
    if found.company_id is None or found.company_id != actor.organisation_id or actor.user_id is None:
        raise NotFound(objection=objection_id)
    OBJECTION_FLOW.after(found.state, ObjectionAction.COMMENT)
    wrong = text_faults({"comment": text}) | too_many(given)
    if wrong:
        raise Invalid(wrong)
    made = ObjectionComment(
        objection_id=found.id, organisation_id=found.company_id, by_id=actor.user_id, text=text.strip(), at=at
    )  # fmt: skip
    session.add(made)
    session.flush()  # its files name the id
    digests = keep(session, queries.COMMENT, made.id, given, actor, at)
    facts = {"comment": made.text, "files": digests}
    record(session, Tag.OBJECTION_COMMENTED, found, actor, at, facts)
    tell(session, found, found.round, "objection-commented", at, roles=AGENCY)
    return made
