"""Declarations, score sheets, their hours, and the hand-over at the opening."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.rounds.experts import queries
from procurement.rounds.experts.flow import SheetState
from procurement.rounds.experts.services import handing, panels, scoring
from procurement.rounds.experts.services.handing import PanelUnfinished
from procurement.rounds.experts.services.scoring import Interest
from procurement.rounds.models.evaluations import ReviewFact
from procurement.rounds.queries import results
from procurement.rounds.services import evaluation, facts, opening
from procurement.rounds.services.acts import NotYet
from procurement.rounds.services.facts import Fact, FactsMissing
from tests.procurement.rounds.experts.panel import DUE, WORK, board, declare, fill, score_all, seated
from tests.procurement.rounds.scene import DEADLINE, Scene

SECOND = timedelta(seconds=1)


def test_nobody_sees_who_bid_before_the_deadline(scene: Scene) -> None:
    seated(scene)
    assert board(scene, DEADLINE - SECOND).bidders == {}
    assert {len(found) for found in board(scene, DEADLINE).bidders.values()} == {3, 2}
    with pytest.raises(NotYet):
        scene.does(scoring.declare, "e1", at=DEADLINE - SECOND, interests={})


def test_a_declaration_names_every_company_and_the_ground_of_a_conflict(scene: Scene) -> None:
    seated(scene)
    said = {scene.company(1): Interest(True, " "), scene.company(2): Interest(False)}
    with pytest.raises(Invalid) as refused:
        scene.does(scoring.declare, "e1", at=WORK, interests=said)
    assert {name: issue.code for name, issue in refused.value.fields.items()} == {
        f"ground-{scene.company(1)}": "ground-needed", f"company-{scene.company(3)}": "declare-each-company",
    }  # fmt: skip


def test_a_declaration_stands(scene: Scene) -> None:
    seated(scene)
    declare(scene, "e1")
    with pytest.raises(Conflict, match="already-declared"):
        declare(scene, "e1", {1: "持股"})


def test_scoring_begins_with_the_declaration(scene: Scene) -> None:
    seated(scene)
    with pytest.raises(Forbidden):
        fill(scene, "e1", 1, {1: "1", 2: "1", 3: "1"})


def test_a_conflict_keeps_an_expert_from_the_lots_of_that_company(scene: Scene) -> None:
    seated(scene)
    declare(scene, "e1", {2: "曾任顾问"})  # company 2 bids for lot 1 alone
    with pytest.raises(NotFound):
        fill(scene, "e1", 1, {1: "1", 2: "100", 3: "1"})
    fill(scene, "e1", 2, {1: "80", 3: "70"})


def test_where_the_rules_say_so_a_conflict_keeps_an_expert_from_the_whole_round(scene: Scene) -> None:
    seated(scene, reach="round")
    declare(scene, "e1", {2: "曾任顾问"})
    with pytest.raises(NotFound):
        fill(scene, "e1", 2, {1: "80", 3: "70"})


def test_strangers_and_unconfirmed_experts_find_nothing(scene: Scene) -> None:
    seated(scene)
    for who in ("e4", "c1", "officer"):
        with pytest.raises(NotFound):
            fill(scene, who, 1, {1: "1", 2: "1", 3: "1"})
    newcomer = scene.actors["e4"].user_id
    scene.does(panels.replace, at=WORK, seat_id=board(scene).serving[0].id, user_id=newcomer, reason="缺席")
    for who in ("e1", "e4"):
        with pytest.raises(NotFound):
            declare(scene, who)


def test_a_sheet_is_late_at_the_second_of_the_deadline(scene: Scene) -> None:
    seated(scene)
    declare(scene, "e1")
    fill(scene, "e1", 2, {1: "80", 3: "70"}, at=DUE - SECOND)
    with pytest.raises(Conflict, match="panel-time-is-up"):
        fill(scene, "e1", 1, {1: "1", 2: "1", 3: "1"}, at=DUE)


@pytest.mark.parametrize("mark", ["100.01", "-0.01", "60.555"])
def test_a_score_lies_between_0_and_100_with_two_decimals(scene: Scene, mark: str) -> None:
    seated(scene)
    declare(scene, "e1")
    with pytest.raises(Invalid) as refused:
        fill(scene, "e1", 2, {1: mark}, final=True)
    assert {issue.code for issue in refused.value.fields.values()} == {"not-a-score", "mark-missing"}


def test_a_draft_may_have_gaps_and_change_and_a_submitted_sheet_may_not(scene: Scene) -> None:
    seated(scene)
    declare(scene, "e1")
    fill(scene, "e1", 2, {1: "80"}, final=False)
    fill(scene, "e1", 2, {1: "81", 3: "70"})
    for final in (True, False):
        with pytest.raises(Conflict, match="wrong-state"):
            fill(scene, "e1", 2, {1: "99", 3: "70"}, final=final)
    sheet = next(iter(board(scene).sheets.values()))
    assert {one.score for one in sheet.scores} == {Decimal(81), Decimal(70)}


def test_only_a_return_on_record_opens_a_sheet_again(scene: Scene) -> None:
    seated(scene)
    declare(scene, "e1")
    fill(scene, "e1", 2, {1: "8", 3: "70"})
    sheet = next(iter(board(scene).sheets.values()))
    with pytest.raises(Invalid):
        scene.does(scoring.give_back, at=WORK, sheet_id=sheet.id, reason="")
    back = scene.does(scoring.give_back, at=WORK, sheet_id=sheet.id, reason="8 分疑为 80 分之误")
    assert back.state is SheetState.RETURNED
    fill(scene, "e1", 2, {1: "80", 3: "70"})
    with pytest.raises(Conflict, match="panel-time-is-up"):
        scene.does(scoring.give_back, at=DUE, sheet_id=sheet.id, reason="太迟")


def test_scores_are_read_when_all_are_in_or_the_time_is_up(scene: Scene) -> None:
    seated(scene)
    declare(scene, "e1")
    fill(scene, "e1", 2, {1: "80", 3: "70"})
    assert queries.scores(board(scene, DUE - SECOND)) == {}
    assert len(queries.scores(board(scene, DUE))) == 2
    declare(scene, "e2")
    declare(scene, "e3")
    for who in ("e2", "e3"):
        fill(scene, who, 2, {1: "80", 3: "70"})
        fill(scene, who, 1, {1: "80", 2: "80", 3: "70"})
    assert queries.scores(board(scene, DUE - SECOND)) == {}
    fill(scene, "e1", 1, {1: "80", 2: "80", 3: "70"})
    assert len(queries.scores(board(scene))) == 5


def test_the_bids_open_after_the_experts(scene: Scene) -> None:
    seated(scene)
    with pytest.raises(PanelUnfinished) as refused:
        scene.does(opening.open_bids, at=WORK)
    assert {issue.code for issue in refused.value.issues} == {"lot-without-scores", "expert-undeclared"}
    declare(scene, "e1")
    fill(scene, "e1", 2, {1: "80", 3: "70"})
    with pytest.raises(PanelUnfinished) as refused:
        scene.does(opening.open_bids, at=DUE)
    assert [(issue.code, issue.facts["lot"]) for issue in refused.value.issues] == [("lot-without-scores", 1)]
    scene.does(panels.postpone, at=DUE, due_at=DUE + timedelta(hours=1), reason="一人未评")
    fill(scene, "e1", 1, {1: "80", 2: "80", 3: "70"}, at=DUE)
    with pytest.raises(PanelUnfinished):
        scene.does(opening.open_bids, at=DUE)
    scene.does(opening.open_bids, at=DUE + timedelta(hours=1))


def test_the_means_become_review_facts_once_with_every_score(scene: Scene) -> None:
    seated(scene)
    score_all(scene)
    scene.does(opening.open_bids, at=WORK)
    stored = {
        (fact.lot_id, fact.company_id): fact
        for fact in scene.session.scalars(select(ReviewFact).where(ReviewFact.column == "score_quality"))
    }
    assert len(stored) == 5
    fact = stored[scene.lots[1].id, scene.company(2)]
    assert (fact.value, fact.source) == ("92.5", "专家评分：1号 90.5、2号 91.5、3号 95.5")
    assert scene.round_ is not None
    assert handing.hand_over(scene.session, round_=scene.round_, actor=scene.actors["officer"], at=WORK) == 0
    with pytest.raises(Conflict, match="panel-too-late"):
        scene.does(scoring.give_back, at=WORK, sheet_id=next(iter(board(scene).sheets.values())).id, reason="改分")


def test_the_highest_and_the_lowest_are_left_out_where_the_rules_say_so(scene: Scene) -> None:
    seated(scene, trim="high-low")
    score_all(scene)
    scene.does(opening.open_bids, at=WORK)
    facts_ = scene.session.scalars(select(ReviewFact).where(ReviewFact.lot_id == scene.lots[2].id))
    assert sorted(fact.value for fact in facts_) == ["71", "81"]


def test_what_the_panel_gave_is_not_typed_over(scene: Scene) -> None:
    seated(scene)
    score_all(scene)
    scene.does(opening.open_bids, at=WORK)
    lot = scene.lots[1]
    typed = Fact(lot.id, scene.company(1), lot.specifications[0].specification_id, "score_quality", "100", "手工")
    with pytest.raises(Invalid) as refused:
        scene.does(facts.record, at=WORK, facts=[typed])
    assert [issue.code for issue in refused.value.fields.values()] == ["fact-from-panel"]


def test_without_a_panel_the_evaluation_names_every_missing_score(scene: Scene) -> None:
    seated(scene)
    scene.does(panels.dissolve, "reviewer", at=WORK, reason="程序有误")
    scene.does(opening.open_bids, at=WORK)
    with pytest.raises(FactsMissing) as refused:
        scene.does(evaluation.evaluate, at=WORK)
    told = {(issue.facts["lot"], issue.facts["company"], issue.facts["item"]) for issue in refused.value.issues}
    assert {lot for lot, _company, _item in told} == {1, 2}
    assert len(told) == 5
    assert {item for _lot, _company, item in told} == {"score_quality"}


def test_the_evaluation_ranks_by_the_experts_and_the_computed_price_score(scene: Scene) -> None:
    seated(scene)
    score_all(scene)
    scene.does(opening.open_bids, at=WORK)
    made = scene.does(evaluation.evaluate, at=WORK)
    won = {one.lot.number: one for one in results.winners(scene.session, made)}
    # lot 1: 40 × 100 + 60 × 62 = 7 720; 40 × 80 + 60 × 92.5 = 8 750; 40 × 66.67 + 60 × 72 = 6 986.67
    assert {number: one.company_id for number, one in won.items()} == {1: scene.company(2), 2: scene.company(1)}
    step = next(step for step in won[1].steps if step["code"] == "score")
    assert step["value"] == "8750.0000"
    assert step["facts"]["parts"] == [["price", "40", "80.0000"], ["quality", "60", "92.5000"]]


def test_experts_are_told_when_bidding_is_over_and_once(scene: Scene) -> None:
    seated(scene)
    assert handing.tell_due(scene.session, at=DEADLINE - SECOND) == 0
    assert handing.tell_due(scene.session, at=DEADLINE) == 1
    assert handing.tell_due(scene.session, at=DEADLINE + SECOND) == 0
