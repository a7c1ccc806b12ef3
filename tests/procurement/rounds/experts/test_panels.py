"""Drawing up, confirming, replacing, giving more time, dissolving."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.auth.second import SamePerson
from kernel.errors import Conflict, Invalid, NotFound
from procurement.rounds.experts import queries, rules
from procurement.rounds.experts.flow import Method, PanelState, SeatState
from procurement.rounds.experts.services import panels
from procurement.rounds.services import opening, setup
from procurement.rounds.services.setup import Filling
from tests.procurement.rounds.experts.panel import DUE, EXPERTS, WORK, board, declare, fill, invite, publish, seated
from tests.procurement.rounds.scene import DEADLINE, OPENED, RECEIVES, Scene


def draw(scene: Scene, seats: int = 2, **values: object) -> None:
    pool = [scene.actors[key].user_id for key in EXPERTS]
    scene.does(
        panels.draw_up, at=RECEIVES, method=Method.DRAWN, seats=seats, **{"user_ids": pool, "due_at": DUE, **values}
    )


def test_a_draw_can_be_repeated_from_its_seed(scene: Scene) -> None:
    invite(scene)
    publish(scene)
    draw(scene)
    panel = board(scene).panel
    assert rules.drawn([scene.actors[key].user_id or 0 for key in EXPERTS], panel.seed) == panel.pool
    assert [seat.user_id for seat in panel.seats] == panel.pool[:2]
    assert {seat.state for seat in panel.seats} == {SeatState.PROPOSED}


def test_only_another_person_confirms(scene: Scene) -> None:
    invite(scene)
    publish(scene)
    draw(scene)
    with pytest.raises(SamePerson):
        scene.does(panels.confirm, at=RECEIVES)
    assert scene.does(panels.confirm, "reviewer", at=RECEIVES) == 2
    with pytest.raises(Conflict, match="nothing-to-confirm"):
        scene.does(panels.confirm, "reviewer", at=RECEIVES)


def test_every_mistake_of_a_panel_is_told_at_once(scene: Scene) -> None:
    invite(scene)
    publish(scene, trim="high-low")
    with pytest.raises(Invalid) as refused:
        draw(scene, seats=2, user_ids=[scene.actors["h1"].user_id, scene.actors["e1"].user_id], due_at=DEADLINE)
    assert {name: issue.code for name, issue in refused.value.fields.items()} == {
        "experts": "experts-unknown", "seats": "seats-out-of-range", "due_at": "panel-due-too-early",
    }  # fmt: skip


def test_a_round_has_one_panel_and_none_where_nobody_scores(scene: Scene) -> None:
    invite(scene)
    publish(scene)
    draw(scene)
    with pytest.raises(Conflict, match="panel-there-already"):
        draw(scene)


def test_a_round_that_scores_nothing_has_no_panel(scene: Scene) -> None:
    invite(scene)
    scene.publish("batch-4")
    with pytest.raises(NotFound):
        draw(scene)


def test_experts_are_never_asked_to_score_a_sealed_price(scene: Scene) -> None:
    scene.draft("composite")
    told = {"score.weights": "{ price = 60, quality = 40 }", "shortlist.fixed": "1"}
    scene.does(setup.fill_parameters, fillings={name: Filling(text, "采购文件", "本轮") for name, text in told.items()})
    assert scene.round_ is not None
    assert queries.manner(scene.round_).items == ("quality",)


def test_the_next_one_of_the_draw_replaces_until_the_pool_is_empty(scene: Scene) -> None:
    invite(scene)
    publish(scene)
    draw(scene, seats=3)
    first = board(scene).panel.seats[0]
    made = scene.does(panels.replace, at=RECEIVES, seat_id=first.id, user_id=None, reason="因病缺席")
    assert (made.number, made.user_id) == (4, board(scene).panel.pool[3])
    assert first.state is SeatState.REPLACED
    with pytest.raises(Conflict, match="pool-is-empty"):
        scene.does(panels.replace, at=RECEIVES, seat_id=made.id, user_id=None, reason="缺席")


def test_who_has_scored_is_not_replaced(scene: Scene) -> None:
    seated(scene)
    declare(scene, "e1")
    fill(scene, "e1", 1, {1: "60", 2: "70", 3: "80"})
    newcomer = scene.actors["e4"].user_id
    with pytest.raises(Conflict, match="expert-has-scored"):
        scene.does(panels.replace, at=WORK, seat_id=board(scene).serving[0].id, user_id=newcomer, reason="不满意")
    made = scene.does(panels.replace, at=WORK, seat_id=board(scene).serving[1].id, user_id=newcomer, reason="缺席")
    assert made.number == 4


def test_time_is_only_added_and_with_a_reason(scene: Scene) -> None:
    seated(scene)
    with pytest.raises(Invalid) as refused:
        scene.does(panels.postpone, at=WORK, due_at=DUE, reason=" ")
    assert set(refused.value.fields) == {"due_at", "reason"}
    later = DUE + timedelta(days=1)
    assert scene.does(panels.postpone, at=WORK, due_at=later, reason="资料较多").due_at == later


def test_a_panel_is_dissolved_by_another_person_and_then_drawn_anew(scene: Scene) -> None:
    seated(scene)
    with pytest.raises(SamePerson):
        scene.does(panels.dissolve, at=WORK, reason="程序有误")
    gone = scene.does(panels.dissolve, "reviewer", at=WORK, reason="程序有误")
    assert gone.state is PanelState.DISSOLVED
    draw(scene)
    assert board(scene).panel.id != gone.id


def test_nothing_changes_after_the_opening(scene: Scene) -> None:
    seated(scene)
    scene.does(panels.dissolve, "reviewer", at=WORK, reason="程序有误")
    scene.does(opening.open_bids, at=OPENED)
    with pytest.raises(Conflict, match="panel-too-late"):
        draw(scene)
