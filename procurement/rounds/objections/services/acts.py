"""What every verb of an objection needs: the locked row, checks of texts and files, the event and the notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.clock import today
from kernel.errors import Issue
from kernel.files import services as files
from kernel.notices.services import notify
from kernel.periods import last_second
from procurement.rounds.models.rounds import Round
from procurement.rounds.objections.flow import (
    OBJECTION_FLOW,
    ObjectionAction,
    ObjectionState,
)  # fmt: skip
from procurement.rounds.objections.models import Objection
from procurement.rounds.objections.rules import reply_day
from procurement.tags import Tag

LONGEST, MOST_FILES = 5000, 10
AGENCY = (Role.AGENCY_OFFICER, Role.AGENCY_REVIEWER)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as it was uploaded."""

    name: str
    content: bytes


def text_faults(needed: dict[str, str], free: dict[str, str] | None = None) -> dict[str, Issue]:
    """Say by field which texts are missing or too long."""
    wrong = {name: Issue("needed") for name, text in needed.items() if not text.strip()}
    long = {name for name, text in {**needed, **(free or {})}.items() if len(text.strip()) > LONGEST}
    return wrong | {name: Issue("text-too-long", facts={"most": LONGEST}) for name in sorted(long)}


def too_many(given: Sequence[Attachment]) -> dict[str, Issue]:
    """Say where more files are given than are taken."""
    return {"files": Issue("too-many-files", facts={"most": MOST_FILES})} if len(given) > MOST_FILES else {}


def keep(
    session: Session, kind: str, parent_id: int, given: Sequence[Attachment], actor: Actor, at: datetime
) -> list[str]:
    """Keep files with their parent; return their digests."""
    return [
        files.keep(
            session, parent_kind=kind, parent_id=parent_id, name=each.name, content=each.content, actor=actor, at=at,
            field="files",
        ).sha256
        for each in given
    ]  # fmt: skip


def due(round_: Round, filed: datetime) -> datetime | None:
    """Return the last second of the last working day for a reply; None where the round does not say how many."""
    last = reply_day(today(filed), round_.reply_workdays)
    return last_second(last) if last else None


def done(
    session: Session, found: Objection, action: ObjectionAction, tag: Tag, actor: Actor, at: datetime,
    facts: Mapping[str, object] | None = None,
) -> Objection:  # fmt: skip
    """Move an objection on and write it down."""
    found.state = ObjectionState(OBJECTION_FLOW.after(found.state, action))
    record(session, tag, found, actor, at, dict(facts) if facts else {"receipt": found.receipt})
    return found


def tell(
    session: Session, found: Objection, round_: Round, code: str, at: datetime, *, roles: Sequence[Role] = (),
    organisations: Sequence[int] = (), users: Sequence[int] = (),
) -> None:  # fmt: skip
    """Put a notice about an objection into boxes."""
    facts = {"receipt": found.receipt, "round": round_.code, "title": round_.title}
    url = f"/procurement/objections/{found.id}"
    notify(session, code=code, facts=facts, at=at, url=url, roles=roles, organisations=organisations, users=users)
