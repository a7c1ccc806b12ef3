"""Issue announcements: what they say is taken from the round's state and kept as it was issued."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import GRANTS, P, Role
from kernel.columns import canonical
from kernel.notices.services import notify
from procurement.rounds.announcements import queries
from procurement.rounds.announcements.flow import AnnouncementKind
from procurement.rounds.announcements.models import Announcement
from procurement.rounds.models.evaluations import Evaluation
from procurement.rounds.models.rounds import Round
from procurement.tags import Tag

READERS = frozenset(role for role in Role if P.OBJECTION_FILE in GRANTS[role])
LONGEST = 5000


def issue(
    session: Session, *, round_: Round, kind: AnnouncementKind, actor: Actor, at: datetime,
    evaluation: Evaluation | None = None, text: str = "", reason: str = "",
) -> Announcement:  # fmt: skip
    """Issue an announcement of a round whose row is locked; proposed winners announced again are a correction."""
    earlier = queries.last_result(session, round_)
    if kind is AnnouncementKind.PROPOSED and earlier is not None:
        kind = AnnouncementKind.CORRECTION
    content = _head(round_, evaluation, queries.issuer(session, actor)) | _body(
        session, round_, kind, evaluation, earlier
    )
    if reason:
        content["reason"] = reason
    number = queries.next_number(session, round_)
    said = canonical([round_.code, number, kind.value, text, content, at])
    made = Announcement(
        round_id=round_.id, number=number, kind=kind, evaluation_id=evaluation.id if evaluation else None,
        text=text.strip()[:LONGEST], content=content, digest=hashlib.sha256(said.encode()).hexdigest(),
        by_id=actor.user_id, at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()  # the audit event names the id
    facts = {"round": round_.code, "number": number, "kind": kind, "digest": made.digest}
    record(session, Tag.ANNOUNCEMENT_ISSUED, made, actor, at, facts)
    return made


def tell_concerned(session: Session, round_: Round, code: str, at: datetime, **facts: Any) -> None:
    """Tell the companies that bid, the hospitals that reported and those who objected about a public act."""
    told = sorted(queries.concerned(session, round_))
    if told:
        values = {"round": round_.code, "title": round_.title, **facts}
        url = f"/procurement/rounds/{round_.id}/announcements"
        notify(session, code=code, facts=values, at=at, url=url, organisations=told, roles=sorted(READERS))


def _head(round_: Round, evaluation: Evaluation | None, issuer: str) -> dict[str, Any]:
    head: dict[str, Any] = {
        "organisation": issuer, "code": round_.code, "title": round_.title,
        "rules": round_.rule_set_id, "rules_digest": round_.rules_digest,
        "publicity_ends": queries.moment(round_.publicity_ends), "days": round_.publicity_days,
    }  # fmt: skip
    if evaluation is not None:
        head |= {"evaluation": evaluation.number, "inputs_digest": evaluation.inputs_digest}
    return head


def _body(
    session: Session, round_: Round, kind: AnnouncementKind, evaluation: Evaluation | None, earlier: Announcement | None
) -> dict[str, Any]:
    if kind is AnnouncementKind.FINAL:
        return {"lots": queries.awarded(session, round_)}
    if kind is AnnouncementKind.LOT_VOID:
        return {"lots": queries.voided(session, round_)}
    if evaluation is None or kind is AnnouncementKind.VOID:
        return {"lots": []}
    body: dict[str, Any] = {"lots": queries.proposed(session, round_, evaluation)}
    if kind is AnnouncementKind.CORRECTION and earlier is not None:
        body |= {"corrects": earlier.number,
                 "changes": queries.changes(session, round_, earlier.evaluation_id, evaluation)}  # fmt: skip
    return body
