"""Warnings of linkage: given once, answered, accepted or returned, cleared by a cut."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.errors import Conflict, DomainError, Invalid, NotFound
from kernel.notices.models import Notice
from pricing.governance.comparison.flow import WarningAction, WarningState
from pricing.governance.comparison.models import LinkageWarning
from pricing.governance.comparison.queries import warnings
from pricing.governance.comparison.services import answering, warning
from pricing.listings.services import end
from tests.pricing.governance.neighbours import THIRD, TODAY, D, begin, company, go, table, tell
from tests.pricing.scene import NOW, OTHER, Scene, acting


@pytest.fixture
def scene(session: Session) -> Scene:
    return begin(session)


def warned(session: Session, scene: Scene) -> LinkageWarning:
    tell(session, scene, OTHER, "1.00")
    go(session)
    return session.scalars(select(LinkageWarning)).one()


def test_a_dear_price_is_warned_of_once_with_its_last_day_and_told_once_when_it_is_over(
    session: Session, scene: Scene
) -> None:
    found = warned(session, scene)
    assert (found.price, found.lowest, found.lowest_region) == (D(2), D(1), OTHER)
    assert (found.given_on, found.due_on) == (TODAY, date(2026, 12, 20))  # the sample province writes a month
    assert session.scalars(select(Notice.code)).all() == ["linkage-warned"]
    go(session, whole=True)
    go(session, TODAY + timedelta(days=1))
    assert len(session.scalars(select(LinkageWarning)).all()) == 1
    on = found.due_on
    assert [found.overdue_on(day) for day in (on, on + timedelta(days=1))] == [False, True]
    late = on + timedelta(days=1)
    assert [warning.remind(session, day=day, at=NOW) for day in (on, late, late)] == [0, 1, 0]
    assert warnings.tally(session, scene.officer, late)["overdue"] == 1


def test_an_answer_is_accepted_or_returned_by_the_bureau_and_nobody_else_sees_the_warning(
    session: Session, scene: Scene
) -> None:
    found = warned(session, scene)
    for who in (company(scene, 1), acting(scene.users["other"], Role.MANUFACTURER)):
        with pytest.raises(NotFound):
            answering.answer(session, warning_id=found.id, text="x", actor=who, at=NOW)
    with pytest.raises(NotFound):
        answering.answer(session, warning_id=found.id, text="x", actor=scene.officer, at=NOW)
    with pytest.raises(Invalid):
        answering.answer(session, warning_id=found.id, text=" ", actor=company(scene), at=NOW)
    told = {"warning_id": found.id, "text": "外省为促销价", "at": NOW}
    for action in (WarningAction.RETURN, WarningAction.ACCEPT):
        answering.answer(session, actor=company(scene), **told)  # type: ignore[arg-type]  # one dict
        session.flush()
        answering.decide(session, action=action, version=found.version, actor=scene.officer, **told)  # type: ignore[arg-type]  # as above
        session.flush()
    assert found.state is WarningState.ACCEPTED
    go(session, whole=True)
    assert len(session.scalars(select(LinkageWarning)).all()) == 1  # accepted at these prices
    tell(session, scene, THIRD, "0.90")
    go(session)
    assert len(session.scalars(select(LinkageWarning)).all()) == 2  # a lower one is another matter
    with pytest.raises(DomainError):
        answering.decide(
            session, action=WarningAction.ACCEPT, version=found.version, actor=scene.officer, **told  # type: ignore[arg-type]  # as above
        )  # fmt: skip
    far = Actor(user_id=9, name="外省", organisation_kind=scene.officer.organisation_kind, region=OTHER)
    with pytest.raises(NotFound):
        warnings.one(session, found.id, far)


def test_a_cut_to_the_lowest_price_clears_the_warning_at_once(session: Session, scene: Scene) -> None:
    found = warned(session, scene)
    with pytest.raises(NotFound):
        answering.cut_to_lowest(session, warning_id=found.id, shown="1", actor=company(scene, 1), at=NOW)
    done = answering.cut_to_lowest(session, warning_id=found.id, shown="1", actor=company(scene), at=NOW)
    assert (done.state, done.cleared_on, table(session)) == (WarningState.CLEARED, TODAY, [])
    listing = warnings.standing(session, done)
    assert listing is not None and listing.price == D(1)
    with pytest.raises(Conflict, match="linkage-not-above"):
        answering.cut_to_lowest(session, warning_id=found.id, shown="1", actor=company(scene), at=NOW)


def test_a_warning_goes_with_the_listing_or_with_the_lower_price(session: Session, scene: Scene) -> None:
    found = warned(session, scene)
    end(session, listing_id=found.listing_id, day=TODAY, reason="撤网", actor=scene.officer, at=NOW)
    go(session)
    session.expire_all()
    assert found.state is WarningState.CLEARED
