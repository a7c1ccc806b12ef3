"""Issue all letters of an awarded round in one act: to companies, and to hospitals once agreements are made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.errors import Conflict
from procurement.agreements.letters import queries
from procurement.rounds.letters import services as letters
from procurement.rounds.letters.flow import LetterKind
from procurement.rounds.services.acts import locked


def issue(session: Session, *, round_id: int, actor: Actor, at: datetime) -> int:
    """Issue every letter that is due and was not issued yet; return how many. Refused where there is none."""
    round_ = locked(session, round_id, actor, at)
    made = letters.issue_to_companies(session, round_=round_, actor=actor, at=at)
    made += letters.keep(
        session, round_=round_, kind=LetterKind.VOLUME, contents=queries.volumes(session, round_), actor=actor, at=at
    )  # fmt: skip
    if not made:
        raise Conflict("letters-issued-already", code=round_.code)
    return made
