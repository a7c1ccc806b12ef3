"""Lots and rounds that end without an award: by two persons, announced, left out, and run again from the same base."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel.errors import Conflict, DomainError, Invalid, NotFound
from kernel.notices.models import Notice
from procurement.agreements import services as agreements
from procurement.bids.models import Bid
from procurement.demand.flow import CallState
from procurement.demand.models import Call, Report
from procurement.demand.queries import base
from procurement.rounds.announcements import queries as announcements
from procurement.rounds.announcements.flow import AnnouncementKind
from procurement.rounds.draft.flow import DraftState, Ending
from procurement.rounds.draft.services import sessions
from procurement.rounds.flow import RoundState
from procurement.rounds.models.awards import Award, Pick
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds
from procurement.rounds.reruns import queries as reruns
from procurement.rounds.reruns import services as running
from procurement.rounds.services import announcing, evaluation, publishing
from procurement.rounds.services.acts import NotDecided
from procurement.rounds.voids import services as voids
from procurement.rounds.voids.flow import VOID_FLOW, VoidAction, VoidReason, VoidState
from procurement.rounds.voids.models import VoidRequest
from tests.procurement.rounds.scene import OPENED, START, Scene

DAY = OPENED + timedelta(days=1)
LATE = OPENED + timedelta(days=10)


def ask(scene: Scene, lot: int | None = 2, who: str = "officer") -> VoidRequest:
    """Ask for a void."""
    made: VoidRequest = scene.does(voids.ask, who, DAY, lot_number=lot, reason=VoidReason.FRAUD, text="串通投标")
    return made


def void(scene: Scene, lot: int | None = 2) -> None:
    """Make a lot void, by two people."""
    scene.does(voids.confirm, "reviewer", DAY, request_id=ask(scene, lot).id)


def run_again(scene: Scene, *lots: int, code: str = "LM-2026-02") -> Round:
    """Run lots again."""
    made: Round = scene.does(
        running.rerun, at=LATE, lot_numbers=lots, code=code, title="省际联盟第一批（重新组织）", rule_set_id="batch-11"
    )
    return made


def of(scene: Scene) -> Round:
    assert scene.round_ is not None
    return scene.round_


def test_a_void_needs_two_persons_and_only_the_table_moves_it(scene: Scene) -> None:
    scene.announced()
    made = ask(scene)
    with pytest.raises(Conflict) as twice:
        ask(scene)
    with pytest.raises(DomainError) as same:
        scene.does(voids.confirm, at=DAY, request_id=made.id)
    assert (twice.value.code, same.value.code) == ("void-asked-already", "same-person")
    verbs = {VoidAction.CONFIRM: (voids.confirm, {}), VoidAction.REFUSE: (voids.refuse, {"note": ""})}
    scene.does(voids.refuse, at=DAY, request_id=made.id, note="撤回")
    states = [made]
    second = ask(scene)
    scene.does(voids.confirm, "reviewer", DAY, request_id=second.id)
    states.append(second)
    for each in states:
        for action, (verb, values) in verbs.items():
            assert not VOID_FLOW.allows(each.state, action)
            with pytest.raises(Conflict):
                scene.does(verb, "reviewer", DAY, request_id=each.id, **values)
    assert [each.state for each in states] == [VoidState.REFUSED, VoidState.CONFIRMED]
    with pytest.raises(NotFound):
        scene.does(voids.confirm, "reviewer", DAY, request_id=999)


@pytest.mark.parametrize("state", ["publish", "awarded"])
def test_a_lot_is_void_only_between_opening_and_award(scene: Scene, state: str) -> None:
    getattr(scene, state)()
    with pytest.raises(Conflict) as refused:
        ask(scene)
    assert refused.value.code == "void-not-now"


def test_an_opened_round_is_never_made_void_by_one_person(scene: Scene) -> None:
    round_ = scene.announced()
    with pytest.raises(Conflict) as refused:
        scene.does(publishing.void, at=DAY, reason="x")
    assert refused.value.code == "void-needs-two"
    void(scene, None)
    assert (round_.state, round_.void_reason) == (RoundState.VOID, "串通投标")
    assert announcements.all_of(scene.session, round_)[0].kind is AnnouncementKind.VOID
    told = set(scene.session.scalars(select(Notice.user_id).where(Notice.code == "round-voided")))
    assert told == {scene.actors[who].user_id for who in ("c1", "c2", "c3", "c4", "c5", "h1", "h2", "h3")}


def test_a_void_lot_is_announced_and_the_rest_evaluated_announced_and_awarded_without_it(scene: Scene) -> None:
    round_ = scene.announced()
    asked = ask(scene)
    scene.does(sessions.run, at=DAY)
    with pytest.raises(NotDecided) as open_:
        scene.does(announcing.award, "reviewer", at=LATE)
    assert [issue.code for issue in open_.value.issues] == ["void-undecided"]
    scene.does(voids.confirm, "reviewer", DAY, request_id=asked.id)
    with pytest.raises(Conflict) as stale:
        scene.does(announcing.award, "reviewer", at=LATE)
    assert stale.value.code == "lots-void-since"
    with pytest.raises(Conflict) as last:
        ask(scene, 1)
    assert last.value.code == "last-lot"
    scene.does(evaluation.evaluate, at=DAY)
    scene.does(announcing.announce, at=DAY)
    scene.does(sessions.run, at=LATE)
    scene.does(announcing.award, "reviewer", at=LATE)
    scene.does(agreements.create_agreements, at=LATE)
    for model in (Award, Pick):
        lots = set(scene.session.scalars(select(model.lot_id)))
        assert lots == {scene.lots[1].id}
    kinds = [each.kind for each in reversed(announcements.all_of(scene.session, round_))]
    assert kinds == [AnnouncementKind.PROPOSED, AnnouncementKind.LOT_VOID, AnnouncementKind.CORRECTION,
                     AnnouncementKind.FINAL]  # fmt: skip
    assert [lot.number for lot in reruns.free_lots(scene.session, round_)] == [2]


def test_a_void_lot_ends_a_draft_that_runs_and_none_begins_before_the_next_evaluation(scene: Scene) -> None:
    round_ = scene.announced("batch-9")
    setting = sessions.Setting(seconds=600, starts_at=DAY + timedelta(seconds=1))
    draft = scene.does(sessions.open_draft, at=DAY, setting=setting)
    void(scene)
    assert (draft.state, draft.ending) == (DraftState.CANCELLED, Ending.LOT_VOID)
    for verb, values in ((sessions.open_draft, {"setting": setting}), (sessions.run, {})):
        with pytest.raises(Conflict) as stale:
            scene.does(verb, at=DAY, **values)
        assert stale.value.code == "lots-void-since"
    scene.does(evaluation.evaluate, at=DAY)
    scene.does(announcing.announce, at=DAY)
    again = scene.does(sessions.open_draft, at=DAY, setting=setting)
    assert [row.lot.number for row in again.lots] == [1] and round_.state is RoundState.ANNOUNCED


def test_a_correction_says_what_changed_and_the_notice_before_it_stays_as_it_was(scene: Scene) -> None:
    round_ = scene.announced()
    (first,) = announcements.all_of(scene.session, round_)
    before, digest = dict(first.content), first.digest
    void(scene)
    scene.does(evaluation.evaluate, at=DAY)
    scene.does(announcing.announce, at=DAY)
    correction = announcements.all_of(scene.session, round_)[0]
    assert correction.content["corrects"] == first.number
    gone = {(each["lot"], field) for each in correction.content["changes"] for field, _old, new in each["fields"]
            if new is None}  # fmt: skip
    assert (2, "outcome") in gone and {lot for lot, _field in gone} == {2}
    scene.session.refresh(first)
    assert (first.content, first.digest) == (before, digest)
    winners = {lot["number"]: lot["rows"] for lot in first.content["lots"]}
    evaluated = results.evaluations(scene.session, round_)[-1]
    assert len(winners[2]) == results.winners_by_lot(scene.session, evaluated)[scene.lots[2].id]


def test_a_void_round_runs_again_from_the_same_base_with_its_caps_and_without_bids(scene: Scene) -> None:
    old = scene.announced()
    old.call.private_join, old.call.pharmacies_join, old.call.joined_count = False, False, True
    void(scene, None)
    made = run_again(scene, 1, 2)
    assert (made.state, made.rerun_of_id, made.rule_set_id) == (RoundState.DRAFT, old.id, "batch-11")
    assert made.call.state is CallState.LOCKED and made.call.copied_from_id == old.call_id
    assert (made.call.private_join, made.call.pharmacies_join, made.call.joined_count) == (False, False, True)
    assert made.call_id != old.call_id
    before, after = (base.lot_totals(scene.session, call) for call in (old.call_id, made.call_id))
    assert sorted(before.values()) == sorted(after.values()) and not set(before) & set(after)
    hospitals = [base.hospital_base(scene.session, call) for call in (old.call_id, made.call_id)]
    lines = [sorted((one.hospital_id, one.quantity) for lot in each.values() for one in lot) for each in hospitals]
    assert lines[0] == lines[1] and lines[0]
    caps = [[spec.cap for lot in rounds.lots(scene.session, each) for spec in lot.specifications]
            for each in (old, made)]  # fmt: skip
    assert caps[0] == caps[1]
    assert not scene.session.scalars(select(Bid).where(Bid.box_id == made.box_id)).all()
    assert [each.id for each in reruns.reruns(scene.session, old, scene.actors["officer"])] == [made.id]
    assert reruns.reruns(scene.session, old, scene.actors["c1"]) == []  # a draft is the agency's own
    assert reruns.origin(scene.session, made, scene.actors["officer"]) is old


def test_lots_run_again_once_each_and_only_those_that_ended_without_an_award(scene: Scene) -> None:
    scene.announced()
    with pytest.raises(Conflict) as nothing:
        run_again(scene, 1)
    assert nothing.value.code == "nothing-to-rerun"
    void(scene)
    with pytest.raises(Invalid) as wrong:
        run_again(scene, 1, 2, code="LM-2026-01")
    assert set(wrong.value.fields) == {"lots", "code"}
    made = run_again(scene, 2)
    assert [lot.number for lot in rounds.lots(scene.session, made)] == [2]
    assert len(scene.session.scalars(select(Report).where(Report.call_id == made.call_id)).all()) == 3
    with pytest.raises(Conflict):
        run_again(scene, 2, code="LM-2026-03")
    scene.act(publishing.void, at=LATE, round_id=made.id, reason="草稿作废")
    assert run_again(scene, 2, code="LM-2026-03").rerun_of_id == scene.round_id


def test_a_used_collection_is_free_again_once_its_round_is_void(scene: Scene) -> None:
    scene.publish()
    free = lambda: [call.id for call in rounds.calls(scene.session)]  # noqa: E731 - a short name
    assert free() == []
    scene.does(publishing.void, at=START, reason="x")
    assert free() == [of(scene).call_id]
    assert scene.session.scalars(select(Call.copied_from_id)).all() == [None]
