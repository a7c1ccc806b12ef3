"""Every state × every action: what the table does not list is refused and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.guard import actor_of
from kernel.auth.models import User
from kernel.errors import Conflict, DomainError
from procurement.rounds.draft.services import sessions
from procurement.rounds.flow import ROUND_FLOW, RoundAction, RoundState, Stage, stage
from procurement.rounds.queries import rounds
from procurement.rounds.services import acts, announcing, evaluation, opening, publishing
from procurement.rounds.voids import services as voids
from procurement.rounds.voids.flow import VoidReason
from tests.procurement.rounds.scene import DEADLINE, OPENED, RECEIVES, START, Scene

A, S = RoundAction, RoundState


def void_by_two(session: Session, *, round_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Void a round: directly before its opening, by two people once its bids are open."""
    round_ = rounds.one(session, round_id, actor)
    if round_.opened_at is None or not ROUND_FLOW.allows(round_.state, A.VOID):
        publishing.void(session, round_id=round_id, reason=reason, actor=actor, at=at)
        return
    first = actor_of(session.scalars(select(User).where(User.login == "officer")).one())
    asked = voids.ask(
        session, round_id=round_id, lot_number=None, reason=VoidReason.ERROR, text=reason, actor=first, at=at
    )
    voids.confirm(session, round_id=round_id, request_id=asked.id, actor=actor, at=at)


VERBS: dict[RoundAction, tuple[Callable[..., Any], dict[str, Any]]] = {
    A.PUBLISH: (publishing.publish, {}),
    A.OPEN: (opening.open_bids, {}),
    A.EVALUATE: (evaluation.evaluate, {}),
    A.ANNOUNCE: (announcing.announce, {}),
    A.AWARD: (announcing.award, {}),
    A.CLOSE: (announcing.close, {}),
    A.VOID: (void_by_two, {"reason": "试验"}),
}
LATE = OPENED + timedelta(days=5)


def reach(scene: Scene, state: RoundState) -> None:
    """Bring the round to a state."""
    if state is S.DRAFT:
        scene.draft()
    elif state in (S.PUBLISHED, S.BIDDING):
        scene.publish()
        if state is S.BIDDING:
            acts.settle_due(scene.session, actor=scene.actors["officer"], at=RECEIVES)
    elif state is S.VOID:
        scene.draft()
        scene.does(publishing.void, reason="试验")
    elif state is S.CLOSED:
        scene.awarded()
        scene.does(announcing.close, at=LATE)
    else:
        getattr(scene, state.value)()


def moment(state: RoundState, action: RoundAction) -> Any:
    """An instant at which only the state can be what stands in the way."""
    if action is A.PUBLISH or state in (S.DRAFT, S.VOID):
        return START
    return START + timedelta(hours=1) if state is S.PUBLISHED else LATE


@pytest.mark.parametrize("state", RoundState)
def test_an_act_the_table_does_not_list_is_refused_and_changes_nothing(scene: Scene, state: RoundState) -> None:
    reach(scene, state)
    assert scene.round_ is not None and scene.round_.state is state
    for action, (verb, values) in VERBS.items():
        if not ROUND_FLOW.allows(state, action):
            with pytest.raises(Conflict):
                scene.does(verb, "reviewer", at=moment(state, action), **values)
            assert scene.round_.state is state


@pytest.mark.parametrize(("state", "action"), [pair for pair in ROUND_FLOW.table if pair[1] in VERBS])
def test_an_act_the_table_lists_leads_where_it_says(scene: Scene, state: RoundState, action: RoundAction) -> None:
    reach(scene, state)
    if (state, action) == (S.ANNOUNCED, A.AWARD):
        scene.does(sessions.run, at=OPENED + timedelta(days=2))
    verb, values = VERBS[action]
    scene.does(verb, "reviewer", at=moment(state, action), **values)
    assert scene.round_ is not None and scene.round_.state is ROUND_FLOW.after(state, action)


def test_bidding_begins_by_the_clock_and_the_job_writes_it_down(scene: Scene) -> None:
    round_ = scene.publish()
    actor = scene.actors["officer"]
    assert acts.settle_due(scene.session, actor=actor, at=RECEIVES - timedelta(seconds=1)) == 0
    assert round_.state is S.PUBLISHED
    assert acts.settle_due(scene.session, actor=actor, at=RECEIVES) == 1
    assert round_.state is S.BIDDING
    assert acts.settle_due(scene.session, actor=actor, at=RECEIVES) == 0


@pytest.mark.parametrize(
    ("state", "seconds", "found"),
    [
        (S.PUBLISHED, -1, Stage.BIDDING),
        (S.BIDDING, -1, Stage.BIDDING),
        (S.BIDDING, 0, Stage.AWAITING_OPENING),
        (S.ANNOUNCED, 0, Stage.AWAITING_AWARD),
        (S.EVALUATED, 0, Stage.EVALUATED),
    ],
)
def test_the_stage_follows_the_clock(state: RoundState, seconds: int, found: Stage) -> None:
    at = DEADLINE + timedelta(seconds=seconds)
    assert stage(state, receives_from=RECEIVES, deadline=DEADLINE, publicity_ends=DEADLINE, at=at) is found


def test_bids_open_at_the_deadline_and_not_before(scene: Scene) -> None:
    round_ = scene.publish()
    scene.bid_all()
    with pytest.raises(DomainError) as refused:
        scene.does(opening.open_bids, at=DEADLINE - timedelta(seconds=1))
    assert refused.value.code == "not-yet" and round_.state is S.BIDDING
    scene.does(opening.open_bids, at=DEADLINE)
    assert round_.state is S.OPENED and round_.opened_by_id == scene.actors["officer"].user_id


def test_the_award_waits_for_the_publicity_and_a_second_person(scene: Scene) -> None:
    round_ = scene.announced()
    scene.does(sessions.run, at=OPENED + timedelta(days=1))
    with pytest.raises(DomainError) as early:
        scene.does(announcing.award, "reviewer", at=OPENED + timedelta(days=2))
    with pytest.raises(DomainError) as same:
        scene.does(announcing.award, "officer", at=LATE)
    assert (early.value.code, same.value.code) == ("not-yet", "same-person")
    scene.does(announcing.award, "reviewer", at=round_.publicity_ends)
    assert round_.state is S.AWARDED
