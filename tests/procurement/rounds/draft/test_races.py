"""Several requests at the same instant: a turn is settled once, and one of many clicks is taken."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.models import AuditEntry
from kernel.db import Database
from kernel.errors import DomainError
from procurement.rounds.draft.flow import How
from procurement.rounds.draft.models import DraftTurn
from procurement.rounds.draft.services import turns
from procurement.tags import Tag
from tests.procurement.rounds.draft.test_live import SIX, opened, seconds
from tests.procurement.rounds.scene import populate


def together(database: Database, at: datetime, count: int, act: Callable[[Session], object]) -> list[str]:
    """Let several requests act at the same instant, each in its own transaction; return how each ended."""
    ends, gate = list[str](), threading.Barrier(count)

    def request() -> None:
        gate.wait()
        with clock.travel(to=at):
            try:
                with database.transaction() as session:
                    act(session)
                ends.append("done")
            except DomainError as error:
                ends.append(error.code)

    threads = [threading.Thread(target=contextvars.copy_context().run, args=(request,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


def test_five_requests_at_once_settle_a_turn_once_and_one_of_five_clicks_is_taken(database: Database) -> None:
    with database.transaction() as session:
        scene = populate(session, regions=SIX)
        scene.announced("batch-9", {1: ("0.5000", "0.6000", "0.7000", "1.9000", "0.4000"), 2: ("1.0000", "1.1000")})
        opened(scene)
    officer, first = scene.actors["officer"], scene.actors["c5"]
    at, round_id = seconds(61), scene.round_id

    def settle(session: Session) -> None:
        turns.settle_due(session, actor=officer, at=at)
        with pytest.raises(DomainError):  # somebody whose turn it is not settles as well
            turns.choose(session, round_id=round_id, number=1, lot_number=1, region_code=SIX[5], note="",
                         actor=scene.actors["c3"], at=at)  # fmt: skip

    assert together(database, at, 5, settle) == ["done"] * 5

    def click(session: Session) -> None:
        turns.choose(session, round_id=round_id, number=1, lot_number=1, region_code=SIX[4], actor=first, at=at)

    assert together(database, at, 5, click) == ["done", *["not-your-turn"] * 4]
    with database.transaction() as session:
        rows = session.scalars(select(DraftTurn).order_by(DraftTurn.id)).all()
        assert [(row.region_code, row.how) for row in rows] == [("320100", How.LATE_CODE), ("320500", How.CHOSE)]
        tags = session.scalars(select(AuditEntry.tag).where(AuditEntry.subject_kind == "region_draft"))
        assert sorted(tags) == sorted([
            Tag.DRAFT_OPENED, Tag.DRAFT_STARTED, Tag.DRAFT_TURN_SETTLED, Tag.REGION_CHOSEN
        ])  # fmt: skip
