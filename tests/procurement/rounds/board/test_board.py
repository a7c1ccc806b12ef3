"""The agency's board: every stage, what waits for whom, nothing for others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from kernel import waits
from kernel.auth.actor import SYSTEM
from kernel.waits import Wait
from procurement.rounds.services import extension, notice
from tests.conftest import NOW
from tests.procurement.rounds.scene import DEADLINE, OPENED, RECEIVES
from tests.procurement.rounds.site import Site


def board(site: Site, who: str = "officer") -> str:
    page = site.browser(who).get("/procurement/board")
    assert page.status_code == 200
    return page.text


def test_a_draft_waits_for_its_rules_and_a_second_person(site: Site) -> None:
    with site.scene() as scene:
        scene.draft()
    assert "确定规则、限价、日程后发布" in board(site) and "采购机构、第二人" in board(site)


def test_questions_and_later_deadlines_wait_for_their_persons(site: Site) -> None:
    with site.scene() as scene:
        scene.publish()
        at = RECEIVES + timedelta(hours=1)
        scene.does(notice.ask, "c1", at=at, text="限价如何折算？")
        scene.does(extension.ask, "officer", at=at, deadline=DEADLINE + timedelta(days=2), reason="节假日")
    page = board(site)
    assert "1 个提问待答复" in page and "待确认延期" in page and "第二人" in page


def test_an_evaluated_round_waits_to_be_announced_and_then_for_its_publicity(site: Site) -> None:
    with site.scene() as scene:
        scene.evaluated()
    assert "公示拟中选结果" in board(site)


def test_the_supervisor_reads_the_board_and_nobody_else_does(site: Site) -> None:
    assert "总览" in board(site, "supervisor")
    for who in ("c1", "h1"):
        assert site.browser(who).get("/procurement/board").status_code == 403
    assert site.browser().get("/procurement/board").status_code in (302, 303, 401, 403)


def test_what_is_due_first_stands_first_and_what_has_no_date_last(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waits, "_registered", {})
    rows = [Wait(1, "b", "", OPENED), Wait(1, "c", ""), Wait(2, "d", ""), Wait(1, "a", "", DEADLINE)]
    waits.waits("thing", lambda *_asked: rows)
    found = waits.waiting(session, "thing", [1, 2], actor=SYSTEM, at=NOW)
    assert {key: [wait.what for wait in each] for key, each in found.items()} == {1: ["a", "b", "c"], 2: ["d"]}
    assert waits.waiting(session, "thing", [], actor=SYSTEM, at=NOW) == {}
