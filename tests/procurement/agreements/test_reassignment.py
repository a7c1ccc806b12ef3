"""Nothing of a hospital's volume is lost or invented: on the rules at random, and through the services on a scene."""

from __future__ import annotations

import random
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import FormGroup, GenericName, Product, Specification, Variety
from catalogue.drugs.rules.codes import VarietyKind
from catalogue.drugs.rules.forms import Form, FormKind
from kernel import clock
from kernel.audit.models import AuditEntry
from kernel.auth.second import SamePerson
from kernel.db import Database
from kernel.errors import Conflict, DomainError, Invalid, NotFound
from kernel.notices.models import Notice
from procurement.agreements.models import Agreement
from procurement.agreements.reassignment import queries, rules, services
from procurement.agreements.reassignment.flow import ReassignmentState
from procurement.agreements.reassignment.models import Reassignment
from procurement.agreements.reassignment.services import Terms
from procurement.agreements.reminders import services as reminders
from procurement.agreements.services import create_agreements
from procurement.demand.flow import ReportState
from procurement.demand.models import BaseVolume, Lot, LotSpecification, Report, ReportLine
from procurement.rounds.models.awards import AwardVolume
from procurement.rounds.rules.volumes import NotConserved, Reassign
from procurement.rounds.services import announcing, evaluation
from procurement.rounds.services.acts import NotYet
from procurement.tags import Tag
from tests.procurement.rounds.scene import OPENED, REGIONS, START, Scene, populate

WHOLE = Decimal(1)
NAMES = ["甲", "乙", "丙", "丁", "戊"]
quantities = st.dictionaries(st.sampled_from([*NAMES, "通用"]), st.decimals(0, 10**7, places=3), min_size=1)
shares = st.dictionaries(st.sampled_from(NAMES), st.decimals(0, 1, places=6), min_size=1)


@settings(max_examples=400, deadline=None)
@given(quantities, st.decimals(0, 1, places=6), shares, st.sampled_from(rules.RULES), st.data())
def test_agreed_and_reassigned_are_the_own_volume_whatever_was_reported(
    reported: dict[str, Decimal], intent: Decimal, won: dict[str, Decimal], how: Reassign, data: st.DataObject
) -> None:
    lines = rules.divided(reported, intent, won)
    own, pool = sum(line.own for line in lines.values()), rules.pool(lines.values())
    winners = data.draw(st.permutations(sorted(won)))
    top = data.draw(st.sets(st.sampled_from(winners), min_size=1))
    parts = rules.given(lines, winners, how=how, top_unit=top)
    agreed = sum(line.agreed for name, line in lines.items() if name in won)
    assert agreed + sum(parts.values()) == own == sum(line.agreed for line in lines.values()) + pool
    assert all(part >= 0 and part == part.to_integral_value() for part in parts.values())
    assert all(0 <= line.agreed <= line.own and line.own == line.own.quantize(WHOLE) for line in lines.values())
    assert set(parts) <= (top if how is Reassign.TOP_UNIT else set(won))
    rules.must_be_conserved(lines, parts, winners)
    if pool:
        short = dict(parts)
        short[max(short, key=lambda name: short[name])] -= 1
        with pytest.raises(NotConserved):
            rules.must_be_conserved(lines, short, winners)


def stents(session: Session, chance: random.Random, companies: int = 4) -> Scene:
    """A consumable's lot among the scene's people, reported by brand at random."""
    scene = populate(session, lots=0, companies=companies)
    group = FormGroup(name="医用耗材", kind=FormKind.OTHER)
    variety = Variety(
        code="H001", generic_name=GenericName(name="冠脉支架"), form_group=group, kind=VarietyKind.CONSUMABLE
    )
    spec = Specification(
        variety=variety, text="药物洗脱支架", form=Form.DEVICE, unit="套", is_reference=True, price_factor=WHOLE,
        volume_factor=WHOLE,
    )  # fmt: skip
    lot = Lot(call=scene.call, number=1, variety=variety, form_kind=FormKind.OTHER)
    session.add_all([spec, lot])
    session.flush()
    session.add(LotSpecification(lot=lot, specification_id=spec.id, cap=Decimal(1000), price_factor=WHOLE,
                                 volume_factor=WHOLE, is_reference=True))  # fmt: skip
    for number in range(1, companies + 1):
        session.add(Product(company_id=scene.company(number), specification_id=spec.id, registered_name="支架", pack=1,
                            approval_number=f"国械注准2020313000{number}"))  # fmt: skip
    assert scene.call is not None
    for place, code in enumerate(REGIONS, 1):
        report = Report(
            call_id=scene.call.id, hospital=scene.organisations[f"h{place}"], saved_at=START, state=ReportState.ACCEPTED
        )
        for company in [None, *(scene.company(number) for number in range(1, companies + 1))]:
            units = Decimal(chance.choice((0, 1, 7, chance.randrange(1000))))
            if units:
                session.add_all([
                    ReportLine(report=report, lot_id=lot.id, specification_id=spec.id, company_id=company,
                               quantity=units),
                    BaseVolume(lot_id=lot.id, specification_id=spec.id, region_code=code, company_id=company,
                               quantity=units),
                ])  # fmt: skip
    session.flush()
    session.refresh(lot, ["specifications"])
    scene.lots[1] = lot
    return scene


def awarded(session: Session, seed: int) -> Scene:
    """The same round, awarded by the rules of 2026 at prices drawn at random."""
    chance = random.Random(seed)
    scene = stents(session, chance)
    prices = [str(chance.choice((700, 848, 898, 949))) for _ in range(3)] + ["949.5"]
    scene.opened("stents-2026", {1: prices})
    scene.does(evaluation.evaluate, at=OPENED)
    scene.does(announcing.announce, at=OPENED)
    scene.does(announcing.award, "reviewer", at=OPENED + timedelta(days=4))
    return scene


AFTER = OPENED + timedelta(days=5)
UNTIL = AFTER + timedelta(days=3)
BY_HOSPITAL = Terms(Reassign.BY_HOSPITAL, Reassign.PRO_RATA, UNTIL, "采购文件第 8 条", "文件规定")


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_through_the_services(session: Session, seed: int) -> None:
    scene, chance = awarded(session, seed), random.Random(seed)
    scene.does(services.start, at=AFTER, terms=BY_HOSPITAL)
    found = queries.of_round(session, scene.round_id)
    assert found is not None
    for hospital in ("h1", "h2"):
        rows = queries.volumes(session, found, scene.organisations[hospital].id)
        left = sum((row.own - row.agreed for row in rows), Decimal(0))
        typed: dict[int, str] = {}
        winners = [row for row in rows if row.award_id]
        for row in winners[1:]:
            part = chance.randint(0, int(left))
            typed[row.id], left = str(part), left - part
        typed[winners[0].id] = format(left, "f")
        scene.does(services.divide, hospital, AFTER, typed=typed, submit=True)
    scene.does(services.close, "reviewer", UNTIL)
    session.expire_all()
    own: dict[int, Decimal] = defaultdict(Decimal)
    divided: dict[int, Decimal] = defaultdict(Decimal)
    for row in queries.volumes(session, found):
        own[row.hospital_id] += row.own
        divided[row.hospital_id] += row.agreed + row.reassigned
    reported: dict[int, Decimal] = defaultdict(Decimal)
    for line, hospital_id in session.execute(select(ReportLine, Report.hospital_id).join(Report)):
        reported[hospital_id] += line.quantity
    assert own == divided == reported
    scene.does(create_agreements, at=UNTIL)
    agreed: dict[int, Decimal] = defaultdict(Decimal)
    for each in session.scalars(select(Agreement)):
        agreed[each.hospital_id] += each.agreed
    assert agreed == reported
    assert sum(volume.agreed for volume in session.scalars(select(AwardVolume))) == sum(reported.values())


def test_each_step_has_its_person_and_its_hour(session: Session) -> None:
    scene = awarded(session, 7)
    with pytest.raises(Conflict, match="reassignment-first"):
        scene.does(create_agreements, at=AFTER)
    with pytest.raises(Invalid) as refused:
        scene.does(services.start, at=AFTER, terms=Terms(Reassign.BY_HOSPITAL))
    assert set(refused.value.fields) == {"source", "reason", "fallback", "deadline"}
    top = Terms(Reassign.TOP_UNIT, None, None, "文件", "文件")
    with pytest.raises(Invalid) as refused:
        scene.does(services.start, at=AFTER, terms=top)
    assert set(refused.value.fields) == {"how"}  # these rules have no units
    scene.does(services.start, at=AFTER, terms=BY_HOSPITAL)
    with pytest.raises(Conflict, match="reassignment-started-already"):
        scene.does(services.start, at=AFTER, terms=BY_HOSPITAL)
    with pytest.raises(SamePerson):
        scene.does(services.close, "officer", UNTIL)
    with pytest.raises(NotYet):
        scene.does(services.close, "reviewer", UNTIL - timedelta(seconds=1))
    with pytest.raises(NotFound):
        scene.does(services.divide, "c1", AFTER, typed={}, submit=False)
    with pytest.raises(Conflict, match="reassignment-over"):
        scene.does(services.divide, "h1", UNTIL, typed={}, submit=False)
    scene.does(services.close, "reviewer", UNTIL)
    found = queries.of_round(session, scene.round_id)
    assert found is not None and found.state is ReassignmentState.CLOSED
    with pytest.raises(DomainError):
        scene.does(services.close, "reviewer", UNTIL)


def test_silent_hospitals_are_reminded_once_a_step_and_those_who_submitted_never(session: Session) -> None:
    scene = awarded(session, 3)
    found = scene.does(services.start, at=AFTER, terms=Terms(Reassign.BY_HOSPITAL, Reassign.PRO_RATA,
                                                             AFTER + timedelta(hours=80), "文件", "文件"))  # fmt: skip
    silent = queries.waiting(queries.volumes(session, found), {})
    assert len(silent) == 3
    until = found.deadline
    assert reminders.remind(session, at=until - timedelta(hours=72, seconds=1)) == 0
    assert reminders.remind(session, at=until - timedelta(hours=72)) == 3
    assert reminders.remind(session, at=until - timedelta(hours=71)) == 0
    rows = queries.volumes(session, found, scene.organisations["h1"].id)
    left = sum((row.own - row.agreed for row in rows), Decimal(0))
    winner = next(row.id for row in rows if row.award_id)
    scene.does(services.divide, "h1", AFTER, typed={winner: format(left, "f")}, submit=True)
    assert [reminders.remind(session, at=until - timedelta(hours=hours)) for hours in (24, 3, 2, 1, 0)] == [
        2, 0, 2, 0, 0
    ]  # fmt: skip
    told = session.scalars(select(Notice.user_id).where(Notice.code == "reassignment-due")).all()
    assert told.count(scene.actors["h1"].user_id) == 1 and told.count(scene.actors["h2"].user_id) == 3


def test_two_colleagues_who_submit_at_once_never_mix_their_divisions(database: Database) -> None:
    """Each writes other volumes than the other; what stands afterwards is the division of one of them."""
    with database.transaction() as session:
        scene = awarded(session, 3)
        scene.does(services.start, at=AFTER, terms=BY_HOSPITAL)
        found = queries.of_round(session, scene.round_id)
        assert found is not None
        who = max(("h1", "h2", "h3"), key=lambda key: pool_of(session, found, scene.organisations[key].id))
        hospital, actor = scene.organisations[who].id, scene.actors[who]
        rows = [row.id for row in queries.volumes(session, found, hospital) if row.award_id]
        left, round_id = pool_of(session, found, hospital), scene.round_id
    half = [left // 2, left - left // 2]
    assert len(rows) >= 3 and left > 1

    def submit(values: list[Decimal]) -> None:
        typed = {row: format(value, "f") for row, value in zip(rows, values, strict=False)}
        with clock.travel(to=AFTER), database.transaction() as session:
            services.divide(session, round_id=round_id, typed=typed, submit=True, actor=actor, at=AFTER)

    zero = Decimal(0)
    for _again in range(4):
        submit([*half, zero])
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(submit, ([left, zero, zero], [half[0], zero, half[1]])))
        with database.transaction(write=False) as session:
            chosen = {row.id: row.chosen for row in queries.volumes(session, found, hospital)}
            assert sum((chosen[row] or zero for row in rows), zero) == left
            assert len(queries.choices(session, found)) == 1
            told = session.scalars(select(AuditEntry).where(AuditEntry.tag == Tag.REASSIGNMENT_SUBMITTED)).all()
            assert {entry.subject_kind for entry in told} == {"reassignment_choice"}  # a round's history is public


def pool_of(session: Session, found: Reassignment, hospital_id: int) -> Decimal:
    return sum((share.pool for share in queries.by_hospital(queries.volumes(session, found, hospital_id))[hospital_id]),
               Decimal(0))  # fmt: skip
