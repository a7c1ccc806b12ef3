"""Writing rule sets: by two persons, frozen once a round goes by them."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.auth.second import SamePerson
from kernel.errors import Conflict, Invalid, NotFound
from kernel.policy import NoSuchRuleSet
from procurement.rounds.queries import rulesets
from procurement.rounds.rules.ruleset import BadRuleSet
from procurement.rounds.services import publishing, setup
from procurement.rounds.sets import queries, services
from procurement.rounds.sets.flow import SetState
from procurement.rounds.sets.models import WrittenSet
from procurement.rounds.sets.services import SetInUse, Typed
from tests.procurement.rounds.scene import START, Scene
from tests.procurement.rounds.site import Site


def copied(scene: Scene, code: str = "jh-2027") -> WrittenSet:
    return scene.act(services.copy, source="batch-11", code=code, title="江州省 2027 年规则")


def changed(scene: Scene, who: str = "officer", value: str = "1.5", **more: Any) -> WrittenSet:
    typed = Typed(**{"name": "limit.multiplier", "value": value, "source": "江州集采〔2027〕1 号", "standing": "F",
                     "reason": "本省限价更严", **more})  # fmt: skip
    return scene.act(services.change, who, code="jh-2027", typed=typed)


def approved(scene: Scene) -> WrittenSet:
    copied(scene)
    changed(scene)
    scene.act(services.submit, code="jh-2027")
    return scene.act(services.approve, "reviewer", code="jh-2027")


def test_a_copy_equals_its_origin_until_it_is_changed(scene: Scene) -> None:
    copied(scene)
    changed(scene)
    made = queries.one(scene.session, "jh-2027", scene.actors["officer"])
    assert made.rule_set.parameters["limit.multiplier"].source == "江州集采〔2027〕1 号"
    assert made.written is not None
    [change] = made.written.changes
    assert (change.before, change.after, change.reason) == ("1.8", "1.5", "本省限价更严")


def test_the_same_value_again_changes_nothing(scene: Scene) -> None:
    copied(scene)
    changed(scene)
    again = changed(scene)
    assert len(again.changes) == 1


@pytest.mark.parametrize(
    ("code", "title", "wrong"),
    [("", "", {"code", "title"}), ("批次", "x", {"code"}), ("batch-11", "x", {"code"}), ("jh-2027", "x", {"code"})],
)
def test_a_copy_needs_a_title_and_a_code_of_its_own(scene: Scene, code: str, title: str, wrong: set[str]) -> None:
    copied(scene)
    with pytest.raises(Invalid) as refused:
        scene.act(services.copy, source="batch-10", code=code, title=title)
    assert set(refused.value.fields) == wrong


@pytest.mark.parametrize(
    ("more", "field"),
    [({"value": "0.5"}, "value"), ({"value": "[1"}, "value"), ({"reason": " "}, "reason"), ({"source": ""}, "value"),
     ({"name": "limit.colour"}, "value"), ({"value": "9" * 600}, "value")],
)  # fmt: skip
def test_a_bad_change_leaves_the_draft_as_it_was(scene: Scene, more: dict[str, str], field: str) -> None:
    before = copied(scene).text
    with pytest.raises(Invalid) as refused:
        changed(scene, **more)
    assert field in refused.value.fields
    found = queries.one(scene.session, "jh-2027", scene.actors["officer"]).written
    assert found is not None and found.text == before and found.changes == []


def test_what_contradicts_itself_cannot_be_submitted(scene: Scene) -> None:
    copied(scene)
    scene.act(services.drop, code="jh-2027", name="anchor.type", reason="试")
    with pytest.raises(BadRuleSet):
        scene.act(services.submit, code="jh-2027")


def test_nobody_approves_what_he_wrote_or_submitted(scene: Scene) -> None:
    copied(scene)
    changed(scene, "reviewer")
    scene.act(services.submit, "officer", code="jh-2027")
    for who in ("officer", "reviewer"):
        with pytest.raises(SamePerson):
            scene.act(services.approve, who, code="jh-2027")


def test_only_an_approved_set_can_be_taken_by_a_round(scene: Scene) -> None:
    copied(scene)
    scene.draft("batch-4")
    with pytest.raises(NoSuchRuleSet):
        scene.does(setup.choose_rules, rule_set_id="jh-2027", text="")
    scene.act(services.submit, code="jh-2027")
    scene.act(services.approve, "reviewer", code="jh-2027")
    scene.does(setup.choose_rules, rule_set_id="jh-2027", text="")
    assert scene.round_ is not None
    assert rulesets.in_force(scene.round_).id == "jh-2027" and scene.round_.written_set_id is not None


def test_a_set_that_a_round_took_stands_as_it_is_and_is_copied_instead(scene: Scene) -> None:
    approved(scene)
    scene.publish("jh-2027")
    with pytest.raises(SetInUse):
        scene.act(services.reopen, code="jh-2027", reason="再改")
    with pytest.raises(Conflict):
        changed(scene)
    scene.act(services.copy, source="jh-2027", code="jh-2028", title="下一年")
    assert scene.round_ is not None
    assert str(rulesets.in_force(scene.round_).parameters.value("limit.multiplier")) == "1.5"


def test_an_unused_set_can_be_opened_again_and_a_retired_one_is_offered_no_more(scene: Scene) -> None:
    made = approved(scene)
    scene.act(services.reopen, code="jh-2027", reason="笔误")
    assert made.state is SetState.DRAFT and made.note == "笔误"
    scene.act(services.submit, code="jh-2027")
    scene.act(services.approve, "reviewer", code="jh-2027")
    scene.act(services.retire, code="jh-2027")
    assert "jh-2027" not in [code for code, _title in queries.choices(scene.session)]
    with pytest.raises(NoSuchRuleSet):
        scene.draft("jh-2027")


def test_two_officers_at_the_same_draft_do_not_overwrite_each_other(scene: Scene) -> None:
    seen = copied(scene).version
    changed(scene)
    with pytest.raises(Conflict):
        scene.act(services.change, "reviewer", code="jh-2027", version=seen,
                  typed=Typed("limit.multiplier", "1.6", "文件", "F", "另一人"))  # fmt: skip


def test_a_draft_is_the_agencys_own_and_an_approved_set_everybodys(scene: Scene) -> None:
    copied(scene)
    for who in ("c1", "h1"):
        with pytest.raises(NotFound):
            queries.one(scene.session, "jh-2027", scene.actors[who])
    changed(scene)
    scene.act(services.submit, code="jh-2027")
    scene.act(services.approve, "reviewer", code="jh-2027")
    assert queries.one(scene.session, "jh-2027", scene.actors["c1"]).written is not None


def test_a_filled_in_value_of_a_written_set_freezes_with_the_round(scene: Scene) -> None:
    scene.act(services.copy, source="batch-12", code="jh-2027", title="规则")
    scene.act(services.submit, code="jh-2027")
    scene.act(services.approve, "reviewer", code="jh-2027")
    scene.draft("jh-2027")
    with pytest.raises(publishing.NotReady) as refused:
        scene.does(publishing.publish, "reviewer", at=START)
    assert {issue.code for issue in refused.value.issues} == {"unset-parameter"}


def test_pages_lead_from_the_list_through_copy_change_and_approval(site: Site) -> None:
    def post(who: str, path: str, **form: str) -> Any:
        client = site.browser(who)
        return client.post(f"/procurement/rule-sets/{path}", data=form, follow_redirects=True)

    assert "batch-11" in site.browser().get("/procurement/rule-sets").text
    assert post("officer", "batch-11/copy", code="jh-2027", title="江州省规则").status_code == 200
    refused = post("officer", "jh-2027/parameter?name=limit.multiplier", name="limit.multiplier", value="0.5",
                   source="文件", standing="F", reason="试")  # fmt: skip
    assert refused.status_code == 422 and "须不小于 1" in refused.text
    page = post("officer", "jh-2027/parameter?name=limit.multiplier", name="limit.multiplier", value="1.5",
                source="江州集采〔2027〕1 号", standing="F", reason="更严")  # fmt: skip
    assert "更严" in page.text and "江州集采〔2027〕1 号" in page.text
    assert post("officer", "jh-2027/act", action="submit").status_code == 200
    assert post("officer", "jh-2027/act", action="approve").status_code == 422
    assert "已通过" in post("reviewer", "jh-2027/act", action="approve").text
    seen = site.browser().get("/procurement/rule-sets/compare?left=batch-11&right=jh-2027").text
    assert "1.5" in seen and "1.8" in seen and "limit.multiplier" in seen and "anchor.type" not in seen
    assert site.browser().get("/procurement/rule-sets/jh-2027/text.toml").text.startswith('id = "jh-2027"')
    assert post("officer", "jh-2027/act", action="explode").status_code == 404
