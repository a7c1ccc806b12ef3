"""Two people at one case: the second sees both versions, and nothing of either is lost."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel import clock
from kernel.db import Database
from pricing.governance.cases.flow import CaseAction
from pricing.governance.cases.models import CaseStep, PriceCase
from pricing.governance.cases.services import answering
from tests.factories.people import signed_in
from tests.pricing.governance.scene import company, drafted, labelled, move
from tests.pricing.scene import Scene


@pytest.fixture
def scene(database: Database) -> Scene:
    """A case whose inquiry was answered."""
    with database.transaction() as session:
        scene = labelled(session, clock.now())
        case = move(session, scene, drafted(session, scene), CaseAction.SEND, at=clock.now())
        answering.answer(session, case_id=case.id, text="成本上涨", actor=company(scene), at=clock.now())
    return scene


def opened(client: FlaskClient, url: str) -> str:
    """Open a case; return the step that the page was drawn after."""
    found = re.search(r'name="seen" value="(\d+)"', client.get(url).text)
    assert found is not None
    return found[1]


def said(database: Database) -> list[tuple[CaseAction, str]]:
    with database.transaction(write=False) as session:
        return [(one.action, one.text) for one in session.scalars(select(CaseStep).order_by(CaseStep.id))]


def test_the_second_of_two_officers_sees_what_the_first_decided_beside_his_own_words(
    app: Flask, database: Database, scene: Scene
) -> None:
    first, second = (signed_in(app, scene.users[who]) for who in ("officer", "second"))
    with database.transaction(write=False) as session:
        url = f"/pricing/cases/{session.scalars(select(PriceCase.id)).one()}"
    seen = [opened(client, url) for client in (first, second)]
    judged = {"action": "accept", "text": "说明属实", "seen": seen[0]}
    assert first.post(f"{url}/move", data=judged).status_code == 303
    before = said(database)
    late = second.post(f"{url}/move", data={"action": "insufficient", "text": "未附成本明细", "seen": seen[1]})
    assert late.status_code == 409 and "说明属实" in late.text and "未附成本明细" in late.text
    assert said(database) == before and before[-1] == (CaseAction.ACCEPT, "说明属实")


def test_what_is_overwritten_otherwise_is_saved_after_both_were_seen(
    app: Flask, database: Database, scene: Scene
) -> None:
    first, second = (signed_in(app, scene.users[who]) for who in ("officer", "second"))
    with database.transaction(write=False) as session:
        url = f"/pricing/cases/{session.scalars(select(PriceCase.id)).one()}"
    assert first.post(f"{url}/move", data={"action": "insufficient", "text": "不充分"}).status_code == 303
    seen = opened(first, url)
    called = {"mode": "after", "interview_at": "2099-01-05T09:00", "place": "一号会议室", "call_text": "请带成本明细"}
    assert first.post(f"{url}/call", data=called | {"seen": seen}).status_code == 303
    mine = called | {"mode": "moved", "place": "二号会议室", "call_text": "请带发票", "seen": seen}
    late = second.post(f"{url}/call", data=mine)
    assert late.status_code == 409 and "请带成本明细" in late.text and "请带发票" in late.text
    again = re.search(r'name="seen" value="(\d+)"', late.text)
    assert again is not None
    assert second.post(f"{url}/call", data=mine | {"seen": again[1]}).status_code == 303
    assert [text for action, text in said(database) if action is CaseAction.CALL] == ["请带成本明细", "请带发票"]
