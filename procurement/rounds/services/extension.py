"""A later deadline: asked for by one person with a reason, confirmed by another, told to everybody. Never earlier."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.clock import after_lock, beijing
from kernel.errors import Conflict, Forbidden, Invalid, Issue, NotFound
from procurement.bids.boxes import services as boxes
from procurement.rounds.flow import ExtensionState, RoundState
from procurement.rounds.models.rounds import Extension, Round
from procurement.rounds.services.acts import locked
from procurement.rounds.services.publishing import tell_companies
from procurement.tags import Tag

RUNNING = frozenset({RoundState.PUBLISHED, RoundState.BIDDING})


class DeadlineOver(Conflict):
    """The deadline has passed: bids that came in time are not joined by later ones."""

    code = "deadline-over"


def ask(
    session: Session, *, round_id: int, deadline: datetime | None, reason: str, actor: Actor, at: datetime
) -> Extension:
    """Ask for a later deadline; one request stands at a time."""
    round_ = _running(session, round_id, actor, at)
    wrong = {} if reason.strip() else {"reason": Issue("needed")}
    if deadline is None:
        wrong["deadline"] = Issue("needed")
    elif round_.box.deadline is not None and deadline <= round_.box.deadline:
        wrong["deadline"] = Issue("round-deadline-not-later")
    if wrong or deadline is None:
        raise Invalid(wrong)
    if _asked(session, round_.id) is not None:
        raise Conflict("extension-asked-already")
    if actor.user_id is None or round_.box.deadline is None:
        raise Forbidden
    extension = Extension(
        round_id=round_.id, before=round_.box.deadline, deadline=deadline, reason=reason.strip(),
        asked_by_id=actor.user_id, asked_at=at,
    )  # fmt: skip
    session.add(extension)
    session.flush()  # the audit event names the id
    record(session, Tag.EXTENSION_ASKED, extension, actor, at, {"round": round_.code, "deadline": deadline})
    return extension


def confirm(session: Session, *, round_id: int, extension_id: int, actor: Actor, at: datetime) -> Extension:
    """Let the later deadline hold from now on, before the old one has passed."""
    round_ = _running(session, round_id, actor, at)
    extension = _open(session, round_, extension_id)
    must_be_another(actor, extension.asked_by_id)
    if round_.box.deadline is None or extension.deadline <= round_.box.deadline:
        raise Conflict("round-deadline-not-later")
    boxes.lengthen(session, box=round_.box, deadline=extension.deadline, actor=actor, at=at)
    _decide(extension, ExtensionState.CONFIRMED, actor, at)
    facts = {"before": extension.before, "deadline": extension.deadline, "reason": extension.reason}
    record(session, Tag.EXTENSION_CONFIRMED, round_, actor, at, facts)
    until = f"{beijing(extension.deadline):%Y-%m-%d %H:%M:%S}"
    tell_companies(session, round_, "deadline-lengthened", at, deadline=until, reason=extension.reason)
    return extension


def refuse(session: Session, *, round_id: int, extension_id: int, actor: Actor, at: datetime) -> Extension:
    """Turn a request down, or take one's own back."""
    round_ = locked(session, round_id, actor, at)
    extension = _open(session, round_, extension_id)
    _decide(extension, ExtensionState.REFUSED, actor, at)
    record(session, Tag.EXTENSION_REFUSED, extension, actor, at, {"round": round_.code})
    return extension


def _running(session: Session, round_id: int, actor: Actor, at: datetime) -> Round:
    """Return a round that still receives bids, by the clock read behind the box's lock."""
    round_ = locked(session, round_id, actor, at)
    if round_.state not in RUNNING:
        raise Conflict("wrong-state", state=round_.state, action="")
    session.refresh(round_.box, with_for_update=True)
    if round_.box.deadline is None or after_lock(session) >= round_.box.deadline:
        raise DeadlineOver(code=round_.code)
    return round_


def _asked(session: Session, round_id: int) -> Extension | None:
    query = select(Extension).where(Extension.round_id == round_id, Extension.state == ExtensionState.ASKED)
    return session.scalars(query).one_or_none()


def _open(session: Session, round_: Round, extension_id: int) -> Extension:
    extension = session.get(Extension, extension_id, with_for_update=True)
    if extension is None or extension.round_id != round_.id:
        raise NotFound(extension=extension_id)
    if extension.state is not ExtensionState.ASKED:
        raise Conflict("already-decided")
    return extension


def _decide(extension: Extension, state: ExtensionState, actor: Actor, at: datetime) -> None:
    extension.state, extension.decided_by_id, extension.decided_at = state, actor.user_id, at
