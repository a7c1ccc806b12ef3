"""Issue letters in one act, and write down that one was opened."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.columns import canonical
from kernel.db import insert_rows
from kernel.errors import Conflict, NotFound
from kernel.notices.services import notify
from kernel.parties.models import Organisation
from procurement.rounds.announcements.queries import issuer
from procurement.rounds.flow import RoundState
from procurement.rounds.letters import queries
from procurement.rounds.letters.flow import LetterKind
from procurement.rounds.letters.models import Letter
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results
from procurement.tags import Tag


def must_be_awarded(round_: Round) -> None:
    """Refuse letters before the award is final."""
    if round_.state not in (RoundState.AWARDED, RoundState.CLOSED):
        raise Conflict("letters-after-award", code=round_.code)


def issue_to_companies(session: Session, *, round_: Round, actor: Actor, at: datetime) -> int:
    """Issue the letters to winners and to those not selected, to each once; return how many were issued."""
    must_be_awarded(round_)
    evaluation = results.latest(session, round_)
    won = keep(
        session, round_=round_, kind=LetterKind.AWARD, contents=queries.won(session, round_), actor=actor, at=at
    )  # fmt: skip
    if evaluation is None:
        return won
    lost = queries.not_selected(session, round_, evaluation)
    return won + keep(session, round_=round_, kind=LetterKind.NOT_SELECTED, contents=lost, actor=actor, at=at)


def keep(
    session: Session, *, round_: Round, kind: LetterKind, contents: Mapping[int, dict[str, Any]], actor: Actor,
    at: datetime,
) -> int:  # fmt: skip
    """Keep letters of a round whose row is locked, by organisation; those that have one already get none."""
    new = sorted(set(contents) - queries.kept(session, round_.id, kind))
    if not new:
        return 0
    year = today(at).year
    first = queries.last_serial(session, year, kind) + 1
    names = _names(session, new)
    head = {"organisation": issuer(session, actor), "code": round_.code, "title": round_.title,
            "awarded": today(round_.awarded_at).isoformat() if round_.awarded_at else ""}  # fmt: skip
    said = [{**head, "to": names[each], **contents[each]} for each in new]
    columns: dict[str, list[Any]] = {
        "round_id": [round_.id] * len(new), "kind": [kind] * len(new), "year": [year] * len(new),
        "serial": list(range(first, first + len(new))), "organisation_id": new, "content": said,
        "digest": [hashlib.sha256(canonical(each).encode()).hexdigest() for each in said],
        "issued_by_id": [actor.user_id] * len(new), "issued_at": [at] * len(new),
    }  # fmt: skip
    session.flush()  # the round's lock, before the bulk path writes beside the session
    insert_rows(session, Letter.__table__, columns=columns)
    facts = {"kind": kind, "count": len(new), "year": year, "from": first, "to": first + len(new) - 1}
    record(session, Tag.LETTERS_ISSUED, round_, actor, at, facts)
    told = {"round": round_.code, "title": round_.title}
    notify(session, code=f"letter-{kind}", facts=told, at=at, url="/procurement/letters", organisations=new)
    return len(new)


def read(session: Session, *, letter_id: int, actor: Actor, at: datetime) -> Letter:
    """Open a letter to one's organisation: who opened it first, and when, is its receipt."""
    letter = queries.one(session, letter_id, actor, lock=True)
    if not queries.is_mine(letter, actor) or actor.user_id is None:
        raise NotFound(letter=letter_id)
    if letter.read_at is None:
        letter.read_at, letter.read_by_id = at, actor.user_id
        record(session, Tag.LETTER_READ, letter, actor, at, {"kind": letter.kind, "digest": letter.digest})
    return letter


def _names(session: Session, ids: list[int]) -> dict[int, dict[str, str]]:
    query = select(Organisation.id, Organisation.name, Organisation.code).where(Organisation.id.in_(ids))
    return {row[0]: {"name": row[1], "code": row[2]} for row in session.execute(query)}
