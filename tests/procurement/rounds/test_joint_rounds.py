"""A joint bid in a round: one bidder under its lead, with the demand of all, named with its members; and rehearsals."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from catalogue.drugs.models import RelatedGroup, RelatedMember
from kernel import clock
from kernel.db import Database
from kernel.errors import DomainError
from procurement.agreements import exports as files
from procurement.agreements import queries as held
from procurement.agreements import services as agreements
from procurement.agreements.letters import services as issuing
from procurement.agreements.models import Agreement
from procurement.bids.joints import services
from procurement.bids.joints.rules import Part
from procurement.bids.joints.services import Agreement as File
from procurement.demand.models import BaseVolume
from procurement.demand.queries import base
from procurement.rounds.draft.services import sessions
from procurement.rounds.letters.flow import LetterKind
from procurement.rounds.letters.models import Letter
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds, supply
from procurement.rounds.queries.table import bid_table
from procurement.rounds.rules.model import BidRow
from procurement.rounds.services import announcing, evaluation, opening, publishing, setup
from procurement.rounds.views import shown
from tests.procurement.rounds.own_rules import published
from tests.procurement.rounds.scene import DEADLINE, OPENED, RECEIVES, Scene
from tests.procurement.rounds.site import make

PRICES = {1: ("0.5000", "", "0.6000", "0.7000", "0.8000")}
JOINT = {"bid__joint": "true", "bid__joint_most": "2"}


def joined(scene: Scene, lead: int = 1, member: int = 2) -> None:
    """Let two companies agree to bid as one for lot 1."""
    assert scene.round_ is not None
    at = RECEIVES + timedelta(minutes=5)
    with clock.travel(to=at):
        joint = services.propose(
            scene.session, box_id=scene.round_.box_id, lot_id=scene.lots[1].id, own_share="70", at=at,
            members=[Part(scene.company(member), "30")], agreement=File("协议.pdf", b"%PDF-1"),
            actor=scene.actors[f"c{lead}"],
        )  # fmt: skip
        services.confirm(scene.session, joint_id=joint.id, actor=scene.actors[f"c{member}"], at=at)


def demanded(scene: Scene) -> None:
    """Report demand for the brands of c1, c2 and c3 beside the generic one."""
    spec = scene.lots[1].specifications[0].specification_id
    scene.session.add_all(
        BaseVolume(
            lot_id=scene.lots[1].id, specification_id=spec, region_code="320100", company_id=scene.company(number),
            quantity=Decimal(100 * number),
        )
        for number in (1, 2, 3)
    )  # fmt: skip
    scene.session.flush()


def opened(scene: Scene) -> Round:
    demanded(scene)
    made = published(scene, "batch-11", **JOINT)
    joined(scene)
    scene.bid_all(PRICES)
    scene.does(opening.open_bids, at=OPENED)
    return made


def rows(scene: Scene) -> dict[str, BidRow]:
    assert scene.round_ is not None
    return {row.company: row for row in bid_table(scene.session, scene.round_).rows}


def test_a_joint_is_one_bidder_with_the_demand_of_all_its_members(scene: Scene) -> None:
    opened(scene)
    found = rows(scene)
    lead = scene.organisations["c1"].name
    assert scene.organisations["c2"].name not in found
    assert (found[lead].brand_demand, found[scene.organisations["c3"].name].brand_demand) == (300, 300)
    scene.does(evaluation.evaluate, at=OPENED)
    assert scene.round_ is not None
    newest = results.latest(scene.session, scene.round_)
    assert newest is not None
    assert [each.bidders for each in results.lot_results(scene.session, newest)] == [4]


def test_who_is_related_to_a_member_counts_as_one_bidder_with_the_joint(scene: Scene) -> None:
    group = RelatedGroup(name="集团", reason="同一控股")
    scene.session.add(group)
    scene.session.flush()
    scene.session.add_all(
        RelatedMember(group_id=group.id, company_id=scene.company(number), since=date(2020, 1, 1)) for number in (2, 3)
    )
    opened(scene)
    scene.does(evaluation.evaluate, at=OPENED)
    assert scene.round_ is not None
    newest = results.latest(scene.session, scene.round_)
    assert newest is not None
    assert [each.bidders for each in results.lot_results(scene.session, newest)] == [3]
    third = results.decisions(scene.session, newest, company_id=scene.company(3))[0]
    assert third.reason == "related-bidder"


def own(scene: Scene, number: int) -> list[Agreement]:
    return list(scene.session.scalars(held.visible(scene.actors[f"c{number}"])))


def test_the_agreed_volumes_and_agreements_of_a_joint_stand_under_its_lead(scene: Scene) -> None:
    opened(scene)
    scene.does(evaluation.evaluate, at=OPENED)
    scene.does(announcing.announce, at=OPENED + timedelta(hours=1))
    scene.does(sessions.run, at=OPENED + timedelta(days=2))
    scene.does(announcing.award, "reviewer", at=OPENED + timedelta(days=4))
    assert scene.round_ is not None
    found = supply.award_rows(scene.session, scene.round_)
    assert scene.company(2) not in {award.company_id for award in found}
    needs = sum(base.lot_totals(scene.session, scene.round_.call_id)[scene.lots[1].id] for _ in (1,))
    factors = {each.specification_id: each.volume_factor for each in scene.lots[1].specifications}
    based = sum(volume.base * factors[volume.specification_id] for award in found for volume in award.volumes)
    assert abs(needs - based) < Decimal("0.01")
    scene.does(agreements.create_agreements, at=OPENED + timedelta(days=5))
    seen = {number: {one.company_id for one in own(scene, number)} for number in (1, 2, 3)}
    assert seen == {1: {scene.company(1)}, 2: {scene.company(1)}, 3: {scene.company(3)} & seen[3]}
    assert list(held.joints(scene.session, scene.actors["c2"])) == [(scene.lots[1].id, scene.company(1))]
    sheet = files.agreements(scene.session, {}, scene.actors["c2"], OPENED)
    told = {row[sheet.headers.index("联合体成员")] for row in sheet.rows}
    assert told == {"明川药业有限公司 70.00%、海岳药业有限公司 30.00%"}
    assert scene.company(2) not in set(scene.session.scalars(select(Agreement.company_id)))
    scene.does(issuing.issue, at=OPENED + timedelta(days=5))
    letters = scene.session.scalars(select(Letter)).all()
    bound = [{"name": "明川药业有限公司", "share": "0.700000"}, {"name": "海岳药业有限公司", "share": "0.300000"}]
    named = {letter.kind for letter in letters for lot in letter.content["lots"] if lot.get("joint") == bound}
    assert named == {LetterKind.AWARD, LetterKind.VOLUME}
    awarded = [each for each in letters if each.kind is LetterKind.AWARD]
    of_joint = {each.organisation_id for each in awarded for lot in each.content["lots"] if lot.get("joint") == bound}
    assert of_joint == {scene.company(1), scene.company(2)}, "each member has a letter of its own"


def test_results_and_files_name_the_lead_and_its_members(app: Flask, database: Database) -> None:
    site = make(app, database)
    with site.scene() as scene:
        opened(scene)
        scene.does(evaluation.evaluate, at=OPENED)
    member = "海岳药业有限公司"
    assert member not in site.get("/lots/1", "c3").get_data(as_text=True)
    with site.scene() as scene:
        scene.does(announcing.announce, at=OPENED + timedelta(hours=1))
    for page in ("/lots/1", "/regions", "/decisions.csv"):
        assert member in site.get(page, "").get_data(as_text=True), page
    assert member in site.get("/mine", "c1").get_data(as_text=True)
    with site.scene() as scene:
        scene.does(sessions.run, at=OPENED + timedelta(days=2))
        scene.does(announcing.award, "reviewer", at=OPENED + timedelta(days=4))
    assert "明川药业有限公司 70.00%、海岳药业有限公司 30.00%" in site.get("/awards.csv", "").get_data(as_text=True)


def test_rounds_whose_rules_say_nothing_take_no_joint_bids(scene: Scene) -> None:
    made = scene.publish("batch-11")
    assert made.box.joint_most == 0
    with pytest.raises(DomainError) as refusal:
        joined(scene)
    assert refusal.value.code == "joint-not-allowed"


def test_a_rehearsal_is_run_like_any_round_and_never_awarded(scene: Scene) -> None:
    assert scene.call is not None
    scene.round_ = scene.act(
        setup.create, call_id=scene.call.id, code="LX-1", title="练习", rule_set_id="batch-4", rehearsal=True
    )
    assert scene.call in rounds.calls(scene.session)  # the real round grows from the same collection
    calendar = setup.Calendar(receives_from=RECEIVES, deadline=DEADLINE, publicity_days=3)
    scene.does(setup.set_calendar, calendar=calendar)
    scene.does(publishing.publish, "reviewer")
    scene.bid_all()
    scene.does(opening.open_bids, at=OPENED)
    scene.does(evaluation.evaluate, at=OPENED)
    scene.does(announcing.announce, at=OPENED + timedelta(hours=1))
    scene.does(sessions.run, at=OPENED + timedelta(days=2))
    late = OPENED + timedelta(days=4)
    with pytest.raises(DomainError) as refusal:
        scene.does(announcing.award, "reviewer", at=late)
    assert refusal.value.code == "rehearsal-not-awarded"
    assert shown.duty(scene.round_, scene.actors["reviewer"], rounds.stage_of(scene.round_, late)) == ""


def test_a_rehearsal_is_marked_wherever_a_company_meets_it(app: Flask, database: Database) -> None:
    site = make(app, database)
    with site.scene() as scene:
        assert scene.call is not None
        scene.round_ = scene.act(
            setup.create, call_id=scene.call.id, code="LX-1", title="R", rule_set_id="batch-4", rehearsal=True
        )
        calendar = setup.Calendar(receives_from=RECEIVES, deadline=DEADLINE, publicity_days=3)
        scene.does(setup.set_calendar, calendar=calendar)
        scene.does(publishing.publish, "reviewer")
        box, lot = scene.round_.box_id, scene.lots[1].id
    with clock.travel(to=RECEIVES + timedelta(hours=1)):
        for page in ("", f"//procurement/bids/{box}", f"//procurement/bids/{box}/lots/{lot}", "//procurement/bids"):
            assert "rehearsal round" in site.get(page, "c1").get_data(as_text=True), page
