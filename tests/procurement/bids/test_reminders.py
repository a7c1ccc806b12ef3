from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs.registry import registered
from kernel.notices.models import Notice
from procurement.bids import jobs, services
from procurement.bids.boxes import services as boxes
from procurement.bids.models import Box
from procurement.bids.reminders import services as reminders

from .conftest import DEADLINE, World


def remind(session: Session, *, hours: float) -> int:
    with clock.travel(to=DEADLINE - timedelta(hours=hours)):
        return reminders.remind(session, at=clock.now())


def test_whoever_has_not_bid_for_all_its_lots_is_told_once_a_step(session: Session, world: World) -> None:
    assert remind(session, hours=80) == 0
    assert remind(session, hours=71) == 2
    assert remind(session, hours=60) == 0
    with clock.travel(to=DEADLINE - timedelta(hours=50)):
        for lot in (0, 1):
            services.submit(session, box_id=world.box_id, lines=world.lines("0.5", lot=lot), actor=world.actors["b"])
    assert remind(session, hours=23) == 1
    told = session.scalars(select(Notice.user_id).where(Notice.code == "bids-due").order_by(Notice.id)).all()
    assert told == [world.actors["a"].user_id, world.actors["b"].user_id, world.actors["a"].user_id]


def test_a_later_deadline_is_told_again(session: Session, world: World, box: Box) -> None:
    assert remind(session, hours=1) == 2
    with clock.travel(to=DEADLINE - timedelta(hours=1)):
        later: datetime = DEADLINE + timedelta(hours=1)
        boxes.lengthen(session, box=box, deadline=later, actor=world.actors["agency"], at=clock.now())
        assert reminders.remind(session, at=clock.now()) == 2


def test_the_jobs_are_registered() -> None:
    assert jobs
    assert {"bids.settle", "bids.remind"} <= {job.name for job in registered()}
