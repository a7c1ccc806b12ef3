"""From a draft to the formal item: who may do what, when, and what is never possible."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.auth.second import SamePerson
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.notices.models import Notice
from pricing.items.applications import rules
from pricing.items.applications.flow import APPLICATION_FLOW, ON_TRIAL, OVER, Criterion, Ground, PlaceState
from pricing.items.applications.models import ItemApplication, ItemRound
from pricing.items.applications.queries import about, applications
from pricing.items.applications.queries import panels as seats
from pricing.items.applications.services import applying, panels, publicising, reviewing
from pricing.items.applications.services.reviewing import Proposal
from pricing.items.flow import ItemStandard
from pricing.items.rules.items import Content
from pricing.items.rules.items import Draft as ItemDraft
from pricing.items.services.items import put_items
from tests.pricing.items.applications.scene import CITY, CODE, DRAFT, NOW, PDF, PROVINCE, A, S, Scene, populate


@pytest.fixture
def scene(session: Session) -> Iterator[Scene]:
    with clock.travel(to=NOW):
        yield populate(session)


def one(session: Session, made: int) -> ItemApplication:
    return session.get_one(ItemApplication, made)


def test_every_state_is_reached_and_none_is_left_once_it_is_over() -> None:
    assert set(APPLICATION_FLOW.table.values()) | {S.DRAFT} == set(S)
    assert [state for state in OVER if APPLICATION_FLOW.actions(state)] == []
    assert all(A.END in APPLICATION_FLOW.actions(state) for state in ON_TRIAL)


def test_a_draft_may_be_thin_and_a_submission_may_not(session: Session, scene: Scene) -> None:
    thin = rules.Draft("新技术", "", "", "", "", "", None)
    made = scene.draft(session, draft=thin)
    with pytest.raises(Invalid) as refused:
        applying.submit(session, application_id=made, actor=scene.act("hospital"), at=NOW)
    assert set(refused.value.fields) == {"connotation", "unit", "output", "composition", "effect", "price"}
    applying.save(session, application_id=made, draft=DRAFT, given=[PDF], actor=scene.act("hospital"), at=NOW)
    found = applying.submit(session, application_id=made, actor=scene.act("hospital"), at=NOW)
    assert (found.state, found.number) == (S.SUBMITTED, "XZ-98-2026-0001")
    told = session.scalars(select(Notice.user_id).where(Notice.code == "new-item-submitted")).all()
    assert set(told) == {scene.users["city"].id, scene.users["city2"].id}


def test_the_round_closes_to_the_second_and_emergencies_come_any_time(session: Session, scene: Scene) -> None:
    closes = session.scalars(select(ItemRound)).one().closes_at
    late, rush = scene.draft(session), scene.draft(session)
    urgent = rules.Draft(**{**{f: getattr(DRAFT, f) for f in applying.FIELDS}, "urgent": True, "urgency": "突发传染病"})
    applying.save(session, application_id=rush, draft=urgent, actor=scene.act("hospital"), at=NOW)
    with clock.travel(to=closes + timedelta(seconds=1)):
        with pytest.raises(Conflict, match="new-item-no-round"):
            applying.submit(session, application_id=late, actor=scene.act("hospital"), at=closes)
        assert applying.submit(session, application_id=rush, actor=scene.act("hospital"), at=closes).round_ is not None
    with clock.travel(to=closes - timedelta(seconds=5)):
        assert applying.submit(session, application_id=late, actor=scene.act("hospital"), at=closes).number


def test_others_find_nothing(session: Session, scene: Scene) -> None:
    made = scene.draft(session)
    for name in ("other", "province", "maker"):
        with pytest.raises(NotFound):
            applications.one(session, made, scene.act(name))
    applying.submit(session, application_id=made, actor=scene.act("hospital"), at=NOW)
    assert applications.one(session, made, scene.act("city")).id == made
    with pytest.raises(NotFound):
        applying.withdraw(session, application_id=made, actor=scene.act("other"), at=NOW)
    with pytest.raises(NotFound):
        applications.public(session, made)


def test_the_city_reviews_first_and_the_province_where_the_city_has_nobody(session: Session, scene: Scene) -> None:
    made = scene.submitted(session)
    with pytest.raises(Forbidden, match="new-item-not-yours"):
        reviewing.accept(session, application_id=made, actor=scene.act("province"), at=NOW)
    reviewing.give_back(session, application_id=made, reason="内涵不清", actor=scene.act("city"), at=NOW)
    assert (one(session, made).state, one(session, made).note) == (S.RETURNED, "内涵不清")
    again = applying.submit(session, application_id=made, actor=scene.act("hospital"), at=NOW)
    assert (again.number, again.note) == ("XZ-98-2026-0001", "")
    far = scene.draft(session, "other")
    applying.submit(session, application_id=far, actor=scene.act("other"), at=NOW)
    with pytest.raises(NotFound):
        reviewing.accept(session, application_id=far, actor=scene.act("city"), at=NOW)
    reviewing.accept(session, application_id=far, actor=scene.act("province"), at=NOW)
    assert one(session, far).state is S.CITY_REVIEW


def test_two_persons_decide_and_a_rejection_names_one_of_ten_grounds(session: Session, scene: Scene) -> None:
    made = scene.submitted(session)
    reviewing.accept(session, application_id=made, actor=scene.act("city"), at=NOW)
    with pytest.raises(Invalid) as refused:
        reviewing.propose(
            session, application_id=made, proposal=Proposal(A.REJECT, ""), actor=scene.act("city"), at=NOW
        )
    assert set(refused.value.fields) == {"reason"}
    with pytest.raises(Invalid) as refused:
        reviewing.propose(
            session, application_id=made, proposal=Proposal(A.REJECT, "同类"), actor=scene.act("city"), at=NOW
        )
    assert set(refused.value.fields) == {"ground"} and len(Ground) == 10
    wanted = Proposal(A.REJECT, "现有项目可用", Ground.FITS_ANOTHER)
    reviewing.propose(session, application_id=made, proposal=wanted, actor=scene.act("city"), at=NOW)
    with pytest.raises(SamePerson):
        reviewing.confirm(session, application_id=made, actor=scene.act("city"), at=NOW)
    with pytest.raises(Conflict, match="new-item-decision-waits"):
        reviewing.propose(session, application_id=made, proposal=wanted, actor=scene.act("city2"), at=NOW)
    reviewing.send_back(session, application_id=made, answer="请核对", actor=scene.act("city2"), at=NOW)
    assert one(session, made).state is S.CITY_REVIEW
    scene.decided(session, made, A.REJECT, who="city", ground=Ground.FITS_ANOTHER)
    assert one(session, made).state is S.REJECTED
    assert [opinion.ground for opinion in about.opinions(session, made)] == [Ground.FITS_ANOTHER] * 2


def test_experts_leave_with_a_conflict_and_see_no_others_scores_before_their_own(
    session: Session, scene: Scene
) -> None:
    made = scene.at_panel(session)
    with pytest.raises(Conflict, match="new-item-scores-missing"):
        scene.decided(session, made, A.FORWARD)
    for names in (("own", "expert1"), ("expert1",), ("hospital", "expert1")):
        with pytest.raises(Invalid):
            scene.named(session, made, *names)
    scene.named(session, made, "expert1", "expert2")
    with pytest.raises(Conflict):
        panels.score(
            session, application_id=made, marks={}, recommends=True, note="", actor=scene.act("expert1"), at=NOW
        )
    panels.declare(session, application_id=made, conflict=True, ground="参与研发", actor=scene.act("expert1"), at=NOW)
    scene.scored(session, made, "expert2")
    with pytest.raises(NotFound):
        seats.my_reading(session, made, scene.act("expert1"))
    with pytest.raises(Conflict, match="new-item-scores-missing"):
        scene.decided(session, made, A.FORWARD)
    scene.named(session, made, "expert3")
    found = seats.seats(session, made)
    assert [(each.number, each.state) for each in found] == [
        (1, PlaceState.LEFT), (2, PlaceState.SUBMITTED), (3, PlaceState.NAMED)
    ]  # fmt: skip
    assert not seats.may_be_read(one(session, made), found, NOW)
    with pytest.raises(Invalid) as refused:
        panels.declare(session, application_id=made, conflict=False, ground="", actor=scene.act("expert3"), at=NOW)
        panels.score(
            session, application_id=made, marks=dict.fromkeys(Criterion, Decimal("100.5")), recommends=None, note="",
            actor=scene.act("expert3"), at=NOW,
        )  # fmt: skip
    assert set(refused.value.fields) == {"need", "effect", "burden", "clarity", "recommends"}
    late = NOW + timedelta(days=7)
    with clock.travel(to=late), pytest.raises(Conflict, match="new-item-time-is-up"):
        panels.score(
            session, application_id=made, marks={}, recommends=True, note="", actor=scene.act("expert3"), at=late
        )


def test_publicity_lasts_its_working_days_and_every_objection_is_replied_to(session: Session, scene: Scene) -> None:
    made = scene.publicised(session)
    ends = one(session, made).due_at
    assert ends is not None and clock.beijing(ends).isoformat() == "2026-11-30T23:59:59+08:00"
    with pytest.raises(Conflict, match="new-item-publicity-runs"):
        scene.decided(session, made, A.FORWARD, code=CODE)
    for name, kind in (("hospital", Forbidden), ("province", Forbidden)):
        with pytest.raises(kind):
            publicising.object_to(session, application_id=made, text="不公", actor=scene.act(name), at=NOW)
    with clock.travel(to=ends - timedelta(seconds=2)):
        filed = publicising.object_to(
            session, application_id=made, text="与现有项目重复", actor=scene.act("maker"), at=NOW
        )
    over = ends + timedelta(milliseconds=1)  # SQLite tells no finer
    with clock.travel(to=over), pytest.raises(Conflict, match="new-item-objections-closed"):
        publicising.object_to(session, application_id=made, text="再提", actor=scene.act("other"), at=ends)
    with pytest.raises(Conflict, match="new-item-objections-open"):
        scene.decided(session, made, A.FORWARD, code=CODE, at=ends)
    ids = {"application_id": made, "objection_id": filed.id}
    publicising.reply(session, **ids, text="不重复，见内涵", actor=scene.act("province"), at=ends)
    with pytest.raises(SamePerson):
        publicising.confirm(session, **ids, actor=scene.act("province"), at=ends)
    publicising.confirm(session, **ids, actor=scene.act("province2"), at=ends)
    assert scene.decided(session, made, A.FORWARD, code=CODE, at=ends).state is S.PRICING
    assert applications.public(session, made).id == made


def test_items_like_a_new_one_are_found_by_name_and_by_connotation(session: Session, scene: Scene) -> None:
    known = [
        ItemDraft("330802001", Content(name="冠脉血流储备分数测定", unit="次", connotation="压力导丝测定")),
        ItemDraft("330802002", Content(name="血管计算术", unit="次", connotation=DRAFT.connotation)),
        ItemDraft("110100001", Content(name="主治医师挂号", unit="次")),
    ]
    put_items(
        session, known, standard=ItemStandard.NORM_2001, starts_on=date(2026, 1, 1), actor=scene.act("province"), at=NOW
    )
    made = scene.draft(session)
    assert [each["code"] for each in one(session, made).likes] == ["330802002", "330802001"]
    other = scene.submitted(session)
    applying.submit(session, application_id=made, actor=scene.act("hospital"), at=NOW)
    assert [each.known.id for each in about.siblings(session, one(session, made))] == [other]


def test_a_code_is_given_once(session: Session, scene: Scene) -> None:
    put_items(
        session, [ItemDraft(CODE, Content(name="已有", unit="次"))], standard=ItemStandard.LOCAL, region_code=PROVINCE,
        starts_on=date(2026, 1, 1), actor=scene.act("province"), at=NOW,
    )  # fmt: skip
    made = scene.publicised(session)
    with pytest.raises(Invalid) as refused:
        scene.decided(session, made, A.FORWARD, code=CODE, at=one(session, made).due_at or NOW)
    assert set(refused.value.fields) == {"code"} and one(session, made).region_code == CITY


def test_of_two_items_proposed_under_one_code_the_second_is_not_confirmed(session: Session, scene: Scene) -> None:
    first, second = scene.publicised(session), scene.publicised(session)
    at = one(session, second).due_at or NOW
    with clock.travel(to=at):
        for made in (first, second):
            proposal = Proposal(A.FORWARD, "公示无异议", code=CODE)
            reviewing.propose(session, application_id=made, proposal=proposal, actor=scene.act("province"), at=at)
        given = {"actor": scene.act("province2"), "at": at}
        reviewing.confirm(session, application_id=first, **given)  # type: ignore[arg-type]  # a dict of two
        with pytest.raises(Conflict, match="new-item-code-taken"):
            reviewing.confirm(session, application_id=second, **given)  # type: ignore[arg-type]  # a dict of two
