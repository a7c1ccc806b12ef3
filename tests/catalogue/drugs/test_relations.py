"""Relations are found from what companies state, and decided by a person."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import RelatedMember
from catalogue.drugs.queries import companies
from catalogue.drugs.relations import queries, services
from catalogue.drugs.relations.flow import ProfileState, ProposalState
from catalogue.drugs.relations.models import RelationProposal
from catalogue.drugs.relations.services import ProfileDraft
from catalogue.drugs.rules import relations as rules
from catalogue.drugs.rules.relations import Facts, Ground, Holding
from kernel import clock
from kernel.auth.actor import Actor
from kernel.auth.guard import actor_of
from kernel.auth.permissions import Role
from kernel.clock import today
from kernel.db import Database
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation
from tests.factories import people

HALF = Decimal("0.5")


def grounds(*facts: Facts, share: Decimal | None = None) -> list[tuple[int, int, list[str]]]:
    return [
        (each.first, each.second, [ground.value for ground, _value in each.grounds])
        for each in rules.find(facts, share=share)
    ]


def test_nothing_in_common_is_no_relation_and_blanks_are_nothing_in_common() -> None:
    assert grounds(Facts(1, "甲"), Facts(2, "乙"), Facts(3, "丙", "赵一"), Facts(4, "丁", "钱二")) == []


def test_a_shared_address_is_found_however_it_is_written() -> None:
    first, second = Facts(2, "甲", address="东湖路１２号３号楼 501室"), Facts(1, "乙", address="东湖路12号3栋501")
    assert grounds(first, second) == [(1, 2, ["address"])]
    assert grounds(first, Facts(3, "丙", address="东湖路12号3号楼502室")) == []


def test_a_holder_counts_from_the_share_on_that_was_said_and_never_without_one() -> None:
    low, high = Holding("江海集团", Decimal("0.4999")), Holding("江海 集团", HALF)
    three = (Facts(1, "甲", holders=(high,)), Facts(2, "乙", holders=(high,)), Facts(3, "丙", holders=(low,)))
    assert grounds(*three) == []
    assert grounds(*three, share=HALF) == [(1, 2, ["holder"])]
    parent = Facts(4, "江海集团")
    assert (1, 4, ["holds"]) in grounds(*three, parent, share=HALF)
    assert all(pair[:2] != (3, 4) for pair in grounds(*three, parent, share=HALF))


def test_all_grounds_of_a_pair_are_one_finding_whose_digest_follows_them() -> None:
    one = Facts(1, "甲", legal_person="周启辰", controller="周启辰")
    (found,) = rules.find([one, Facts(2, "乙", legal_person="周启辰", controller="周启辰")], share=None)
    (fewer,) = rules.find([one, Facts(2, "乙", legal_person="周启辰")], share=None)
    assert [ground for ground, _value in found.grounds] == [Ground.CONTROLLER, Ground.LEGAL_PERSON]
    assert found.digest != fewer.digest


@given(st.lists(st.sampled_from(["", "赵一", "钱二", "孙三"]), max_size=8), st.randoms())
def test_the_order_of_companies_changes_nothing(persons: list[str], chance: Any) -> None:
    facts = [Facts(number, f"企业{number}", person) for number, person in enumerate(persons)]
    shuffled = chance.sample(facts, len(facts))
    assert rules.find(facts, share=None) == rules.find(shuffled, share=None)
    pairs = [(a.id, b.id) for a in facts for b in facts if a.id < b.id and a.legal_person == b.legal_person != ""]
    assert [(each.first, each.second) for each in rules.find(facts, share=None)] == pairs


class Room:
    """Three companies with a person each, and an officer."""

    def __init__(self, session: Session) -> None:
        self.session = session
        agency = people.organisation(session, OrganisationKind.AGENCY)
        self.officer = actor_of(people.user(session, agency, Role.AGENCY_OFFICER))
        self.companies: list[Organisation] = []
        self.actors: list[Actor] = []
        for _number in range(3):
            company = people.organisation(session)
            self.companies.append(company)
            self.actors.append(actor_of(people.user(session, company, Role.MANUFACTURER)))

    def state(self, number: int, **values: Any) -> Any:
        draft = ProfileDraft(**{"legal_person": f"法人{number}", "address": f"{number}路1号"} | values)
        return services.file_profile(self.session, draft=draft, actor=self.actors[number], at=clock.now())

    def does(self, verb: Any, **values: Any) -> Any:
        return verb(self.session, actor=self.officer, at=clock.now(), **values)

    def proposals(self) -> list[RelationProposal]:
        return list(self.session.scalars(select(RelationProposal).order_by(RelationProposal.id)))


@pytest.fixture
def room(session: Session) -> Room:
    """Companies and an officer."""
    return Room(session)


def test_what_is_found_waits_for_the_agency_and_binds_nobody(room: Room, session: Session) -> None:
    room.state(0, controller="周启辰"), room.state(1, controller="周 启辰"), room.state(2)
    assert room.does(services.look) == 1
    assert room.does(services.look) == 0
    (found,) = room.proposals()
    assert found.grounds == [{"ground": "controller", "value": "周启辰"}]
    assert companies.related_on(session, day=today(clock.now())) == {}


def test_a_confirmed_relation_makes_one_bidder_from_its_day_on(room: Room, session: Session) -> None:
    room.state(0, controller="周启辰"), room.state(1, controller="周启辰")
    room.does(services.look)
    (found,) = room.proposals()
    day = today(clock.now())
    with pytest.raises(Invalid):
        room.does(services.confirm, proposal_id=found.id, reason=" ", since=day)
    room.does(services.confirm, proposal_id=found.id, reason="同一实际控制人", since=day)
    session.flush()
    pair = {room.companies[0].id, room.companies[1].id}
    assert companies.related_on(session, day=day)[room.companies[0].id] == pair
    assert companies.related_on(session, day=day - timedelta(1)) == {}
    assert room.does(services.look) == 0
    with pytest.raises(Conflict, match="wrong-state"):
        room.does(services.reject, proposal_id=found.id, reason="误报")
    room.state(2, controller="周启辰")
    assert room.does(services.look) == 2
    third = next(one for one in room.proposals() if one.state is ProposalState.PROPOSED)
    group = room.does(services.confirm, proposal_id=third.id, reason="同一实际控制人", since=day)
    session.flush()
    members = session.scalars(select(RelatedMember).where(RelatedMember.group_id == group.id)).all()
    assert len(members) == 3
    room.does(services.look)
    assert [one.state for one in room.proposals()].count(ProposalState.PROPOSED) == 0


def test_a_rejected_proposal_comes_back_only_with_other_grounds(room: Room) -> None:
    room.state(0, controller="周启辰"), room.state(1, controller="周启辰")
    room.does(services.look)
    (found,) = room.proposals()
    room.does(services.reject, proposal_id=found.id, reason="同名不同人")
    assert room.does(services.look) == 0
    room.state(1, controller="周启辰", address="0路1号")
    assert room.does(services.look) == 1
    assert (found.state, found.reason) == (ProposalState.PROPOSED, "")
    room.state(1, controller="另一人")
    room.does(services.look)
    assert found.state is ProposalState.LAPSED


def test_the_share_is_said_with_its_document_and_never_guessed(room: Room, session: Session) -> None:
    assert queries.share_of(session) is None
    holders = [("江海集团", "", HALF)]
    room.state(0, holders=holders), room.state(1, holders=holders)
    assert room.does(services.look) == 0
    with pytest.raises(Invalid):
        room.does(services.say_share, share=HALF, source="")
    with pytest.raises(Invalid):
        room.does(services.say_share, share=Decimal(0), source="采购文件第 3 条")
    room.does(services.say_share, share=HALF, source="采购文件第 3 条")
    assert queries.share_line(session).source == "采购文件第 3 条"
    assert [one.grounds[0]["ground"] for one in room.proposals()] == ["holder"]


def test_a_statement_goes_into_the_catalogue_when_it_is_checked(room: Room, session: Session) -> None:
    said = room.state(0, legal_person="沈明川", address="东湖路12号")
    assert room.companies[0].legal_person == ""
    room.does(services.confirm_profile, company_id=room.companies[0].id, version=said.version)
    assert (room.companies[0].legal_person, room.companies[0].address) == ("沈明川", "东湖路12号")
    assert said.state is ProfileState.CONFIRMED
    with pytest.raises(Conflict):
        room.does(services.send_back_profile, company_id=room.companies[0].id, note="缺页")
    again = room.state(0, legal_person="沈二")
    assert again.state is ProfileState.FILED
    room.does(services.send_back_profile, company_id=room.companies[0].id, note="与执照不符")
    assert next(fact.legal_person for fact in queries.facts(session)) == "沈明川"


@pytest.mark.parametrize(
    "holders",
    [[("甲", "", Decimal("0.6")), ("乙", "", HALF)], [("甲", "", HALF), ("甲", "", HALF)], [("甲", "", Decimal(0))]],
)
def test_shares_that_can_not_be_are_refused(room: Room, holders: list[tuple[str, str, Decimal]]) -> None:
    with pytest.raises(Invalid) as refusal:
        room.state(0, holders=holders)
    assert list(refusal.value.fields) == ["holders"]


def test_companies_decide_nothing_and_see_only_their_own(room: Room, session: Session) -> None:
    room.state(0)
    with pytest.raises(NotFound):
        queries.visible_profile(session, room.companies[0].id, room.actors[1])
    with pytest.raises(Forbidden):
        services.say_share(session, share=HALF, source="x", actor=room.actors[0], at=clock.now())
    with pytest.raises(Forbidden):
        services.confirm_profile(session, company_id=room.companies[0].id, actor=room.actors[0], at=clock.now())
    with pytest.raises(Forbidden):
        services.file_profile(session, draft=ProfileDraft("甲", "乙"), actor=room.officer, at=clock.now())


def test_pages_from_the_statement_to_the_decision(app: Flask, database: Database) -> None:
    with database.transaction() as session:
        agency, company = people.organisation(session, OrganisationKind.AGENCY), people.organisation(session)
        other = people.organisation(session)
        other.legal_person = "周启辰"
        officer = people.user(session, agency, Role.AGENCY_OFFICER)
        bidder, company_id = people.user(session, company, Role.MANUFACTURER), company.id
    own, office = people.signed_in(app, bidder), people.signed_in(app, officer)
    form = {"legal_person": "周启辰", "address": "东湖路12号", "holders": "江海集团 51.5%\n周启辰，48.5"}
    wrong = own.post("/catalogue/profile", data=form | {"holders": "江海集团 很多"})
    assert (wrong.status_code, "江海集团 很多" in wrong.text) == (422, True)
    assert own.post("/catalogue/profile", data=form).status_code == 303
    assert "51.5" in own.get("/catalogue/profile").text
    assert own.get("/catalogue/relations").status_code == 403
    assert "48.50" in office.get(f"/catalogue/profiles/{company_id}").text
    assert office.post(f"/catalogue/profiles/{company_id}/confirm", data={"version": 1}).status_code == 303
    page = office.get("/catalogue/relations").text
    assert "周启辰" in page
    assert "holder.share" in page
    refused = office.post("/catalogue/relations/1/confirm", data={"reason": ""})
    assert refused.status_code == 422
    said = office.post("/catalogue/relations/share", data={"share": "50", "source": "采购文件第 3 条"})
    assert said.status_code == 303
    assert office.post("/catalogue/relations/1/reject", data={"reason": "同名", "version": 1}).status_code == 303
    assert "同名" in office.get("/catalogue/relations").text
    assert office.post("/catalogue/relations/look").status_code == 303
    with database.transaction(write=False) as session:
        assert queries.waiting(session) == 0
