"""Objections: to the second, by the right people, replied to by two, and a bar to the award until then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kernel.auth.permissions import Role
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from kernel.notices.models import Notice
from kernel.parties.codes import OrganisationKind
from procurement.rounds.announcements import queries as announcements
from procurement.rounds.announcements.flow import AnnouncementKind
from procurement.rounds.draft.services import sessions
from procurement.rounds.models.rounds import Round
from procurement.rounds.objections import queries
from procurement.rounds.objections.flow import (
    OBJECTION_FLOW,
    Finding,
    Ground,
    ObjectionAction,
    ObjectionState,
    Standing,
)  # fmt: skip
from procurement.rounds.objections.models import Objection
from procurement.rounds.objections.services import answering, filing
from procurement.rounds.objections.services.acts import Attachment
from procurement.rounds.objections.services.filing import Claim
from procurement.rounds.services import announcing, evaluation
from procurement.rounds.services.acts import NotDecided
from tests.procurement.rounds.scene import OPENED, Scene

A, S = ObjectionAction, ObjectionState
DAY = OPENED + timedelta(days=1)
PDF = Attachment("证据.pdf", b"%PDF-1.7 proof")


def file(scene: Scene, who: str = "c4", at: datetime = DAY, lot: int | None = 1, about: int | None = 1,
         **values: Any) -> Objection:  # fmt: skip
    """File an objection about company `about` in a lot."""
    claim = Claim(lot, scene.company(about) if about else None, Ground.PRICE_ERROR, "报价单位有误", "我们是竞争企业")
    made: Objection = scene.does(filing.file, who, at, claim=claim, evidence=values.get("evidence", [PDF]))
    return made


def answer(scene: Scene, made: Objection, finding: Finding = Finding.REJECTED, at: datetime = DAY) -> None:
    """Take an objection up and reply to it, by two people."""
    scene.act(answering.claim, at=at, objection_id=made.id)
    scene.act(answering.reply, at=at, objection_id=made.id, finding=finding, text="经核查……", given=[])
    scene.act(answering.confirm, "reviewer", at, objection_id=made.id)


def round_of(scene: Scene) -> Round:
    assert scene.round_ is not None
    return scene.round_


def test_an_objection_is_received_to_the_last_second_and_not_later(scene: Scene) -> None:
    round_ = scene.announced()
    end = round_.publicity_ends
    assert end is not None
    made = file(scene, at=end - timedelta(seconds=1))
    assert (made.receipt, made.standing, made.state) == ("LM-2026-01-YY-001", Standing.BIDDER, S.FILED)
    assert end - timedelta(seconds=1) <= made.filed_at < end and len(made.digest) == 64
    with pytest.raises(Conflict) as late:
        file(scene, at=end)
    assert late.value.code == "objections-closed"
    assert file(scene, "h1", at=end - timedelta(seconds=1)).standing is Standing.HOSPITAL


def test_nobody_objects_before_the_announcement_and_the_agency_never(scene: Scene) -> None:
    scene.evaluated()
    with pytest.raises(Conflict):
        file(scene)
    scene.does(announcing.announce, at=OPENED + timedelta(hours=1))
    with pytest.raises(Forbidden):
        file(scene, "officer")
    shop = scene.organisation("shop", OrganisationKind.DISTRIBUTOR, "路人配送")
    scene.person("passer", shop, Role.DISTRIBUTOR)
    assert file(scene, "passer").standing is Standing.PUBLIC


def test_every_mistake_of_an_objection_is_said_at_its_field(scene: Scene) -> None:
    scene.announced()
    wrong = Claim(1, scene.organisations["h1"].id, Ground.OTHER, " ", "长" * 5001)
    with pytest.raises(Invalid) as refused:
        scene.does(filing.file, "c4", DAY, claim=wrong, evidence=[PDF] * 11)
    assert set(refused.value.fields) == {"text", "private", "company", "files"}
    with pytest.raises(Invalid) as none:
        file(scene, evidence=[Attachment("假.pdf", b"MZ no pdf")])
    assert set(none.value.fields) == {"files"}
    with pytest.raises(NotFound):
        file(scene, lot=77)


def test_who_sees_what_of_an_objection(scene: Scene) -> None:
    scene.announced()
    made = file(scene)
    one = lambda who: queries.one(scene.session, made.id, scene.actors[who])  # noqa: E731 - a short name
    evidence = queries.kept(scene.session, one("c4"))[queries.EVIDENCE][0]
    for who in ("officer", "supervisor", "c4"):
        assert one(who).whole and queries.file_of(scene.session, one(who), evidence.id).name == "证据.pdf"
    assert not one("c1").whole and one("c1").concerned
    with pytest.raises(NotFound):
        queries.file_of(scene.session, one("c1"), evidence.id)
    for who in ("c2", "h1"):
        with pytest.raises(NotFound):
            one(who)
    said = scene.act(filing.comment, "c1", DAY, objection_id=made.id, text="报价无误", given=[PDF])
    scene.session.refresh(made, ["comments"])
    mine = queries.kept(scene.session, one("c1"))[f"{queries.COMMENT}-{said.id}"][0]
    assert queries.file_of(scene.session, one("supervisor"), mine.id).id == mine.id
    with pytest.raises(NotFound):  # the objector does not read what its rival answers
        queries.file_of(scene.session, one("c4"), mine.id)
    with pytest.raises(NotFound):
        scene.act(filing.comment, "c2", DAY, objection_id=made.id, text="旁人", given=[])


def test_a_reply_goes_out_when_a_second_person_confirms_it(scene: Scene) -> None:
    scene.announced()
    made = file(scene)
    scene.act(answering.claim, at=DAY, objection_id=made.id)
    with pytest.raises(Conflict) as other:
        scene.act(answering.reply, "reviewer", DAY, objection_id=made.id, finding=Finding.REJECTED, text="x", given=[])
    assert other.value.code == "claimed-by-another"
    draft: dict[str, Any] = {"objection_id": made.id, "finding": Finding.REJECTED, "given": [PDF]}
    scene.act(answering.reply, at=DAY, text="初稿", **draft)
    with pytest.raises(DomainError) as same:
        scene.act(answering.confirm, at=DAY, objection_id=made.id)
    assert same.value.code == "same-person"
    assert not queries.one(scene.session, made.id, scene.actors["c4"]).hears
    scene.act(answering.send_back, "reviewer", DAY, objection_id=made.id, reason="请引用条款")
    assert (made.state, made.return_reason) == (S.CLAIMED, "请引用条款")
    scene.act(answering.reply, at=DAY, text="定稿", **draft)
    scene.act(answering.confirm, "reviewer", DAY, objection_id=made.id)
    heard = queries.one(scene.session, made.id, scene.actors["c4"])
    assert heard.hears and len(queries.kept(scene.session, heard)[queries.REPLY]) == 1
    told = set(scene.session.scalars(select(Notice.user_id).where(Notice.code == "objection-replied")))
    assert told == {scene.actors["c4"].user_id}


VERBS: dict[ObjectionAction, tuple[str, Callable[..., Any], dict[str, Any]]] = {
    A.CLAIM: ("officer", answering.claim, {}),
    A.RELEASE: ("reviewer", answering.release, {}),
    A.COMMENT: ("c1", filing.comment, {"text": "x", "given": []}),
    A.REPLY: ("officer", answering.reply, {"finding": Finding.UPHELD, "text": "x", "given": []}),
    A.RETURN: ("reviewer", answering.send_back, {"reason": "x"}),
    A.CONFIRM: ("reviewer", answering.confirm, {}),
    A.WITHDRAW: ("c4", filing.withdraw, {}),
}
ROADS: dict[ObjectionState, tuple[ObjectionAction, ...]] = {
    S.FILED: (), S.CLAIMED: (A.CLAIM,), S.DRAFTED: (A.CLAIM, A.REPLY), S.REPLIED: (A.CLAIM, A.REPLY, A.CONFIRM),
    S.WITHDRAWN: (A.WITHDRAW,),
}  # fmt: skip


@pytest.mark.parametrize("state", ObjectionState)
def test_every_act_in_every_state_goes_where_the_table_says(scene: Scene, state: ObjectionState) -> None:
    scene.announced()
    for action, (who, verb, values) in VERBS.items():
        made = file(scene)
        for step in ROADS[state]:
            by, done, given = VERBS[step]
            scene.act(done, by, DAY, objection_id=made.id, **given)
        assert made.state is state
        if OBJECTION_FLOW.allows(state, action):
            scene.act(verb, who, DAY, objection_id=made.id, **values)
            assert made.state is OBJECTION_FLOW.after(state, action)
        else:
            with pytest.raises((Conflict, NotFound)):  # a withdrawn one is hidden from the company concerned
                scene.act(verb, who, DAY, objection_id=made.id, **values)
            assert made.state is state


def test_answers_are_the_agencys_and_withdrawals_the_objectors(scene: Scene) -> None:
    scene.announced()
    made = file(scene)
    for who, refusal in (("c4", Forbidden), ("supervisor", Forbidden), ("c2", NotFound)):
        with pytest.raises(refusal):
            scene.act(answering.claim, who, DAY, objection_id=made.id)
    for who in ("officer", "c1", "c2"):
        with pytest.raises(NotFound):
            scene.act(filing.withdraw, who, DAY, objection_id=made.id)


def test_the_award_waits_for_replies_and_for_the_correction(scene: Scene) -> None:
    round_ = scene.announced()
    made, whole = file(scene), file(scene, "h1", lot=None, about=None)
    end = round_.publicity_ends
    assert end is not None
    scene.does(sessions.run, at=DAY)

    def bars(at: datetime) -> list[str]:
        with pytest.raises(NotDecided) as barred:
            scene.does(announcing.award, "reviewer", at=at)
        return [issue.code for issue in barred.value.issues]

    assert bars(end) == ["objection-open", "round-objection-open"]
    answer(scene, made, Finding.UPHELD, at=end)
    answer(scene, whole, at=end)
    assert bars(end) == ["correction-missing"]
    scene.does(evaluation.evaluate, at=end)
    scene.does(announcing.announce, at=end + timedelta(hours=1), text="经核查予以更正。")
    again = round_.publicity_ends
    assert again == end + timedelta(hours=1, days=3)  # the publicity begins anew, for the whole round
    scene.does(sessions.run, at=again)
    scene.does(announcing.award, "reviewer", at=again)
    kinds = [each.kind for each in announcements.all_of(scene.session, round_)]
    assert kinds == [AnnouncementKind.FINAL, AnnouncementKind.CORRECTION, AnnouncementKind.PROPOSED]


def test_everybody_may_know_counts_and_grounds_and_no_drafted_finding(scene: Scene) -> None:
    round_ = scene.announced()
    first, second = file(scene), file(scene, "h1")
    file(scene, "c5")
    scene.act(filing.withdraw, "h1", DAY, objection_id=second.id)
    scene.act(answering.claim, at=DAY, objection_id=first.id)
    scene.act(answering.reply, at=DAY, objection_id=first.id, finding=Finding.UPHELD, text="x", given=[])
    (one,) = queries.public(scene.session, round_)
    assert (one.ground, one.filed, one.open, one.withdrawn, dict(one.findings)) == (Ground.PRICE_ERROR, 3, 2, 1, {})
    scene.act(answering.confirm, "reviewer", DAY, objection_id=first.id)
    assert dict(queries.public(scene.session, round_)[0].findings) == {Finding.UPHELD: 1}


def test_the_time_for_replies_is_said_with_its_source_and_never_assumed(scene: Scene) -> None:
    scene.announced()
    made = file(scene, at=datetime(2026, 11, 13, 2, 0, tzinfo=UTC))  # a Friday
    assert made.due_at is None
    with pytest.raises(Invalid) as refused:
        scene.does(answering.say_reply_time, at=DAY, workdays=0, source=" ")
    assert set(refused.value.fields) == {"workdays", "source"}
    with pytest.raises(Forbidden):
        scene.does(answering.say_reply_time, "c4", DAY, workdays=5, source="采购文件第 12 条")
    scene.does(answering.say_reply_time, at=DAY, workdays=5, source="采购文件第 12 条")
    assert made.due_at == datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC)  # the end of the next Friday in Beijing
