"""The notice page: questions without their askers, and a deadline that only moves later, by two persons."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel.errors import Conflict, DomainError, Invalid
from kernel.notices.models import Notice
from procurement.rounds.queries import notice as queries
from procurement.rounds.services import extension, notice
from tests.procurement.rounds.scene import DEADLINE, RECEIVES, Scene
from tests.procurement.rounds.site import Site

LATER = DEADLINE + timedelta(days=2)
BEFORE = RECEIVES + timedelta(days=1)


def ask_later(scene: Scene) -> int:
    """Ask for a later deadline as the officer."""
    made = scene.does(extension.ask, at=BEFORE, deadline=LATER, reason="系统维护")
    return int(made.id)


def test_a_later_deadline_needs_a_second_person_and_reaches_everybody(scene: Scene) -> None:
    round_ = scene.publish()
    number = ask_later(scene)
    with pytest.raises(DomainError) as refused:
        scene.does(extension.confirm, "officer", at=BEFORE, extension_id=number)
    assert refused.value.code == "same-person" and round_.box.deadline == DEADLINE
    scene.does(extension.confirm, "reviewer", at=BEFORE, extension_id=number)
    assert round_.box.deadline == LATER
    told = scene.session.scalars(select(Notice).where(Notice.code == "deadline-lengthened")).all()
    assert len(told) == 5 and told[0].facts["reason"] == "系统维护"
    assert [one.deadline for one in queries.extensions(scene.session, round_, confirmed=True)] == [LATER]
    scene.bid(1, {1: "0.5000"}, at=DEADLINE + timedelta(hours=1))


def test_a_deadline_never_moves_earlier_or_without_a_reason(scene: Scene) -> None:
    scene.publish()
    with pytest.raises(Invalid) as refused:
        scene.does(extension.ask, at=BEFORE, deadline=DEADLINE, reason=" ")
    assert set(refused.value.fields) == {"deadline", "reason"}


def test_one_request_stands_at_a_time_and_can_be_turned_down(scene: Scene) -> None:
    round_ = scene.publish()
    number = ask_later(scene)
    with pytest.raises(Conflict):
        ask_later(scene)
    scene.does(extension.refuse, "reviewer", at=BEFORE, extension_id=number)
    with pytest.raises(Conflict):
        scene.does(extension.confirm, "reviewer", at=BEFORE, extension_id=number)
    assert round_.box.deadline == DEADLINE


def test_a_deadline_that_has_passed_is_not_lengthened(scene: Scene) -> None:
    scene.publish()
    number = ask_later(scene)
    with pytest.raises(Conflict) as refused:
        scene.does(extension.confirm, "reviewer", at=DEADLINE, extension_id=number)
    assert refused.value.code == "deadline-over"


def test_questions_hide_their_askers_from_everybody_but_the_agency(site: Site) -> None:
    with site.scene() as scene:
        scene.publish()
        asked = scene.does(notice.ask, "c1", at=BEFORE, text="两个规格可否不同价？")
        number, name = asked.id, scene.organisations["c1"].name
    assert "两个规格可否不同价？" not in site.get("/notice", "c2").get_data(as_text=True)
    with site.scene() as scene:
        scene.does(notice.answer, at=BEFORE, question_id=number, text="可以。")
    for who in ("", "c2", "h1", "supervisor"):
        page = site.get("/notice", who).get_data(as_text=True)
        assert "两个规格可否不同价？" in page and "可以。" in page and name not in page, who
    assert name in site.get("/notice", "officer").get_data(as_text=True)


def test_questions_are_taken_until_the_deadline_and_answered_once(scene: Scene) -> None:
    scene.publish()
    asked = scene.does(notice.ask, "c1", at=DEADLINE - timedelta(seconds=1), text="问")
    with pytest.raises(Conflict):
        scene.does(notice.ask, "c1", at=DEADLINE, text="迟")
    with pytest.raises(Invalid):
        scene.does(notice.ask, "c1", at=BEFORE, text=" ")
    scene.does(notice.answer, at=BEFORE, question_id=asked.id, text="答")
    with pytest.raises(Conflict):
        scene.does(notice.answer, at=BEFORE, question_id=asked.id, text="另答")


def test_the_notice_is_public_once_published_and_shows_one_deadline(site: Site) -> None:
    with site.scene() as scene:
        scene.draft()
    assert site.get("/notice").status_code == 404
    assert site.get("/notice", "c1").status_code == 404
    with site.scene() as scene:
        from procurement.rounds.services import publishing

        scene.does(publishing.publish, "reviewer")
        text = scene.round_.rules_digest if scene.round_ else ""
    page = site.get("/notice").get_data(as_text=True)
    assert "2026-11-12 17:00:00" in page and text in page and "2.0000" in page


def test_a_question_is_asked_on_the_page(site: Site) -> None:
    with site.scene() as scene:
        scene.publish()
        assert scene.round_ is not None
        scene.round_.box.deadline = DEADLINE + timedelta(days=36500)
    assert site.post("/questions", "c1", question="问题").status_code == 303
    assert site.post("/questions", "c1", question="").status_code == 422
    assert site.post("/questions", "h1", question="问题").status_code == 403
