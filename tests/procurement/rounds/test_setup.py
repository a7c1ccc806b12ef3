"""Set up and publish a round: everything missing is said at once, and what is published is frozen."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from kernel.auth.second import SamePerson
from kernel.errors import DomainError, Invalid, NotFound
from procurement.bids.flow import BoxState, InvalidPrice
from procurement.demand.flow import CallState
from procurement.rounds import schemas
from procurement.rounds.flow import RoundState
from procurement.rounds.queries import rounds, rulesets
from procurement.rounds.rules.freezing import digest, frozen
from procurement.rounds.rules.ruleset import RULE_SETS, BadRuleSet, load_rule_set, read_rule_set
from procurement.rounds.services import publishing, setup
from procurement.rounds.services.publishing import NotReady
from procurement.rounds.services.setup import AlreadyPublished, Calendar, Filling
from tests.procurement.rounds.scene import DEADLINE, RECEIVES, Scene

OWN = """
id = "own"
title = "自有规则"
extends = "batch-4"
[parameter.limit.multiplier]
value = 1.5
source = "本轮文件"
standing = "F"
"""


def test_publishing_freezes_the_rules_with_their_digest(scene: Scene) -> None:
    round_ = scene.publish("batch-4")
    assert round_.state is RoundState.PUBLISHED
    assert round_.rules_digest == digest(round_.rule_set_text)
    kept, built_in = rulesets.in_force(round_), load_rule_set("batch-4")
    assert {name: one.value for name, one in kept.parameters.items()} == {
        name: one.value for name, one in built_in.parameters.items()
    }
    assert round_.box.state is BoxState.RECEIVING and round_.box.deadline == DEADLINE


@pytest.mark.parametrize("name", RULE_SETS.ids())
def test_a_frozen_text_reads_back_to_the_same_rules(name: str) -> None:
    rule_set = load_rule_set(name)
    assert read_rule_set(frozen(rule_set), where=name) == rule_set


def test_everything_missing_is_said_at_once(scene: Scene) -> None:
    assert scene.call is not None
    scene.call.state = CallState.REVIEWING
    scene.round_ = scene.act(setup.create, call_id=scene.call.id, code="LM-9", title="第九批", rule_set_id="batch-12")
    spec = scene.lots[2].specifications[1]
    scene.does(setup.set_caps, caps={spec.id: None})
    with pytest.raises(NotReady) as refused:
        scene.does(publishing.publish, "reviewer")
    codes = [issue.code for issue in refused.value.issues]
    assert {"demand-not-locked", "cap-missing", "start-missing", "deadline-missing", "unset-parameter"} <= set(codes)
    assert scene.round_.state is RoundState.DRAFT


def test_whoever_drafted_a_round_does_not_publish_it(scene: Scene) -> None:
    scene.draft()
    with pytest.raises(SamePerson):
        scene.does(publishing.publish, "officer")


def test_a_deadline_in_the_past_is_not_published(scene: Scene) -> None:
    scene.draft()
    with pytest.raises(NotReady) as refused:
        scene.does(publishing.publish, "reviewer", at=DEADLINE + timedelta(seconds=1))
    assert [issue.code for issue in refused.value.issues] == ["round-deadline-past"]


def test_a_published_round_keeps_its_rules_caps_and_calendar(scene: Scene) -> None:
    scene.publish()
    spec = scene.lots[1].specifications[0]
    for verb, values in (
        (setup.choose_rules, {"rule_set_id": "batch-2", "text": ""}),
        (setup.set_caps, {"caps": {spec.id: Decimal("9.0000")}}),
        (setup.set_calendar, {"calendar": Calendar(RECEIVES, DEADLINE - timedelta(days=1), 3)}),
        (setup.describe, {"title": "x", "notice": "y"}),
    ):
        with pytest.raises(AlreadyPublished):
            scene.does(verb, **values)


def test_unset_parameters_are_filled_with_source_and_reason(scene: Scene) -> None:
    round_ = scene.draft("batch-12")
    unset = rulesets.chosen(round_).unset_always_needed()
    assert unset
    with pytest.raises(Invalid) as refused:
        scene.does(setup.fill_parameters, fillings={unset[0]: Filling("nonsense here", "", "")})
    assert unset[0] in refused.value.fields
    with pytest.raises(NotFound):
        scene.does(setup.fill_parameters, fillings={"anchor.type": Filling("lowest", "a", "b")})
    values = {"limit.multiplier": "1.8", "anchor.deviation": "sample", "shortlist.table": "[1, 2, 3]"}
    fillings = {name: Filling(values.get(name, "1"), "征求意见稿", "与第十一批一致") for name in unset}
    scene.does(setup.fill_parameters, fillings=fillings)
    assert rulesets.in_force(round_).unset_always_needed() == ()
    shown = {one.name: one for one in rulesets.shown(round_)}
    assert shown[unset[0]].filled is not None and shown[unset[0]].source == "征求意见稿（与第十一批一致）"
    scene.does(publishing.publish, "reviewer")
    assert "征求意见稿" in round_.rule_set_text and round_.rule_values[unset[0]]["reason"] == "与第十一批一致"


def test_an_own_rule_set_may_extend_a_built_in_one_and_stands_alone_once_frozen(scene: Scene) -> None:
    round_ = scene.draft()
    scene.does(setup.choose_rules, rule_set_id="", text=OWN)
    scene.does(publishing.publish, "reviewer")
    assert "extends" not in round_.rule_set_text
    assert rulesets.in_force(round_).parameters.value("limit.multiplier") == Decimal("1.5")


def test_a_bad_rule_set_names_every_mistake(scene: Scene) -> None:
    scene.draft()
    with pytest.raises(BadRuleSet) as refused:
        scene.does(
            setup.choose_rules, rule_set_id="", text='[parameter.limit.multiplier]\nvalue = "x"\n[parameter.no]\n'
        )
    assert len(refused.value.problems) >= 3


def test_a_collection_belongs_to_one_live_round(scene: Scene) -> None:
    scene.draft()
    assert scene.call is not None
    with pytest.raises(Invalid) as refused:
        scene.act(setup.create, call_id=scene.call.id, code="LM-2026-01", title=" ", rule_set_id="batch-2")
    assert set(refused.value.fields) == {"call", "code", "title"}
    scene.does(publishing.void, "officer", reason="需求有误")
    again = scene.act(setup.create, call_id=scene.call.id, code="LM-2", title="再次", rule_set_id="batch-2")
    assert again.state is RoundState.DRAFT


def test_a_draft_is_seen_by_the_agency_and_supervisors_alone(scene: Scene) -> None:
    scene.draft()
    for who in ("officer", "supervisor"):
        assert rounds.one(scene.session, scene.round_id, scene.actors[who]).id == scene.round_id
    for who in ("c1", "h1"):
        with pytest.raises(NotFound):
            rounds.one(scene.session, scene.round_id, scene.actors[who])


def test_voiding_needs_a_reason_and_voids_the_box(scene: Scene) -> None:
    round_ = scene.publish()
    with pytest.raises(Invalid):
        scene.does(publishing.void, reason=" ")
    scene.does(publishing.void, reason="目录调整")
    assert (round_.state, round_.box.state) == (RoundState.VOID, BoxState.VOID)
    with pytest.raises(DomainError):
        scene.bid(1, {1: "0.5000"})


@pytest.mark.parametrize(("rules", "policy"), [("batch-2", InvalidPrice.MARK), ("batch-4", InvalidPrice.REFUSE)])
def test_the_rules_say_what_becomes_of_invalid_prices(scene: Scene, rules: str, policy: InvalidPrice) -> None:
    assert scene.publish(rules).box.invalid_price is policy


@pytest.mark.parametrize("grid", ["{", "[1]", '[{"id": [], "cap": "1"}]', '[{"id": 1e30, "cap": "x"}]', "[" * 99_999])
def test_a_grid_of_caps_that_is_none_is_refused(grid: str) -> None:
    if grid == "[1]":
        assert schemas.caps({"caps": grid}) == {}
        return
    with pytest.raises(Invalid):
        schemas.caps({"caps": grid})
