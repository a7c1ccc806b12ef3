"""Designations, reviews, doctors, stock reports and prescriptions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from catalogue.dual_channel.flow import DesignationState, PrescriptionState, ReviewResult
from catalogue.dual_channel.models.records import Prescription, StockLine
from catalogue.dual_channel.queries import doctors as doctor_queries
from catalogue.dual_channel.queries import places as queries
from catalogue.dual_channel.queries import prescriptions as prescription_queries
from catalogue.dual_channel.services import doctors, pharmacies, places, prescriptions, regions, reviews, stock
from kernel.audit.models import AuditEntry
from kernel.audit.services import write_pending
from kernel.auth.actor import SYSTEM
from kernel.errors import Conflict, DomainError, FileRefused, NotFound, UnsetParameter
from kernel.notices.models import Notice
from tests.catalogue.dual_channel.conftest import AT, DAY, LATER, SAID, World


def refused(verb: Any, code: str, error: type[DomainError] = DomainError) -> DomainError:
    with pytest.raises(error) as found:
        verb()
    assert found.value.code == code
    return found.value


def test_a_second_person_designates_after_the_publicity(world: World) -> None:
    row = world.designated("one", "publicised", AT)
    act = lambda who, at: world.act(places.designate, who, at, designation_id=row.id)  # noqa: E731 - said four times
    refused(lambda: act("agency", LATER), "dual-second-person")
    refused(lambda: act("reviewer", AT), "dual-publicity-runs", Conflict)
    act("reviewer", LATER)
    assert (row.state, row.review_due) == (DesignationState.DESIGNATED, date(2027, 12, 10))
    assert [notice.code for notice in world.session.scalars(select(Notice))] == ["dual-designated"]


def test_conditions_hold_a_designation_up_until_they_are_met(world: World) -> None:
    organisation = world.organisations["one"]
    row = world.act(places.propose, "agency", organisation_id=organisation.id)
    assert [step["passed"] for step in row.tested] == [True, False, False, True]
    wrong = refused(lambda: world.act(places.publicise, "agency", designation_id=row.id), "dual-conditions-unmet")
    assert [each.value for each in wrong.facts["conditions"]] == ["traceability", "stock-upload"]  # type: ignore[attr-defined]  # a list of codes
    draft = pharmacies.ProfileDraft(traceability=True, stock_upload=True)
    world.act(pharmacies.save_profile, "agency", organisation_id=organisation.id, draft=draft)
    world.act(places.publicise, "agency", designation_id=row.id)
    assert row.state is DesignationState.PUBLICISED


def test_places_of_a_district_and_of_a_chain_are_counted(world: World) -> None:
    for key in ("one", "three"):
        draft = pharmacies.ProfileDraft(chain="康宁", traceability=True, stock_upload=True)
        world.act(pharmacies.save_profile, "agency", organisation_id=world.organisations[key].id, draft=draft)
    world.designated("one")
    one = queries.of_organisation(world.session, world.organisations["one"].id)
    assert one is not None and one.state is DesignationState.DESIGNATED
    found = queries.facts(world.session, world.organisations["three"])
    assert (found.of_district, found.of_chain, found.chain) == (1, 0, "康宁")
    values = {**SAID, "pharmacy.per_district": "1"}
    world.act(regions.say, "agency", region_code="980000", values=values, source="办法")
    row = world.act(places.propose, "agency", organisation_id=world.organisations["three"].id)
    refused(lambda: world.act(places.publicise, "agency", designation_id=row.id), "dual-conditions-unmet")


def test_a_region_without_rules_designates_nobody(world: World) -> None:
    world.organisations["two"].region_code = None
    world.session.flush()
    refused(lambda: world.act(places.propose, "agency", organisation_id=world.organisations["two"].id),
            "dual-region-without-rules")  # fmt: skip
    for key in ("agency",):
        with pytest.raises(NotFound):
            world.act(places.propose, "agency", organisation_id=world.organisations[key].id)


def test_reviews_pass_suspend_or_withdraw(world: World) -> None:
    row, other = world.designated("one"), world.designated("two")
    due = row.review_due
    assert due is not None
    assert list(queries.reviews_due(world.session, world.actors["agency"], due)) == [row, other]
    world.act(reviews.review, "agency", designation_id=row.id, result=ReviewResult.PASSED, reason="")
    assert row.review_due is not None and row.review_due > due
    review = lambda result, reason: world.act(reviews.review, "agency", designation_id=other.id, result=result,  # noqa: E731 - said three times
                                              reason=reason)  # fmt: skip
    refused(lambda: review(ReviewResult.TO_CORRECT, " "), "dual-reason-missing")
    review(ReviewResult.TO_CORRECT, "库存未上传")
    assert other.state is DesignationState.SUSPENDED
    refused(lambda: review(ReviewResult.PASSED, ""), "dual-not-designated", Conflict)
    world.act(places.restore, "agency", designation_id=other.id)
    review(ReviewResult.FAILED, "骗保")
    assert (other.state, [each.result.value for each in other.reviews]) == (
        DesignationState.WITHDRAWN, ["failed", "to-correct"]
    )  # fmt: skip
    world.act(places.propose, "agency", organisation_id=other.organisation_id)
    assert other.state is DesignationState.PROPOSED and other.review_due is None


def test_before_it_is_designated_a_place_is_seen_by_the_agency_and_itself(world: World) -> None:
    row = world.designated("one", "proposed")
    for who in ("agency", "one"):
        assert queries.one(world.session, row.id, world.actors[who]) is row
    for who in ("two", "hospital"):
        with pytest.raises(NotFound):
            queries.one(world.session, row.id, world.actors[who])


def test_doctors_are_seen_by_their_hospital_alone_and_named_in_no_event(world: World) -> None:
    doctor = world.doctor()
    for who in ("agency", "hospital2", "one"):
        assert world.session.scalars(doctor_queries.visible(world.actors[who])).all() == []
        with pytest.raises(NotFound):
            doctor_queries.one(world.session, doctor.id, world.actors[who])
    refused(lambda: world.doctor(), "dual-doctor-known", Conflict)
    world.act(doctors.end_doctor, "hospital", doctor_id=doctor.id, until=DAY)
    assert doctor_queries.number(world.session, doctor.hospital_id, DAY) == 0
    assert world.doctor().until is None
    write_pending(world.session)
    told = "".join(str(row.facts) for row in world.session.scalars(select(AuditEntry)))
    assert doctor.name not in told and doctor.licence not in told


def test_a_pharmacy_reports_what_it_may_sell_and_not_above_the_standard(world: World) -> None:
    world.listed("乙单抗注射液")
    line = stock.Stated("乙单抗注射液", Decimal(5), Decimal("1560"))
    refused(lambda: world.act(stock.report, "one", lines=[line]), "dual-not-designated")
    world.designated("one")
    assert world.act(stock.report, "one", lines=[line]) == 1
    assert world.act(stock.report, "one", lines=[stock.Stated("乙单抗注射液", Decimal(4), Decimal("1560"))]) == 1
    assert [row.quantity for row in world.session.scalars(select(StockLine))] == [4]
    wrong = [
        stock.Stated("乙单抗注射液", Decimal(5), Decimal("1560.01")),
        stock.Stated("别的药", Decimal(1), Decimal(1)),
    ]
    with pytest.raises(FileRefused) as found:
        world.act(stock.report, "one", lines=wrong)
    assert [issue.code for issue in found.value.issues] == ["dual-price-above-standard", "dual-not-on-sale"]
    with pytest.raises(NotFound):
        world.act(stock.report, "hospital", lines=[line])


def test_a_prescription_goes_its_way_and_keeps_no_identity(world: World) -> None:
    drug, doctor = world.listed("乙单抗注射液"), world.doctor()
    for key in ("hospital", "one", "two"):
        world.designated(key)
    row = world.prescription(drug, doctor)
    assert len(row.patient) == 64 and "A100" not in row.patient
    assert world.prescription(drug, doctor, "RX2", patient="ａ100").patient == row.patient
    refused(lambda: world.prescription(drug, doctor), "dual-prescription-known", Conflict)
    refused(lambda: world.prescription(drug, doctor, "RX3", patient="11010519491231002X"), "dual-patient-named")
    for key in ("two", "one"):
        values = {"prescription_id": row.id, "pharmacy_id": world.organisations[key].id}
        world.act(prescriptions.choose, "hospital", **values)
    sell = {"prescription_id": row.id, "price": Decimal("398"), "patient_seen": True}
    with pytest.raises(NotFound):
        world.act(prescriptions.dispense, "two", **sell)
    wrong = refused(lambda: world.act(prescriptions.dispense, "one", **{**sell, "patient_seen": False}),
                    "dual-fixings-fail")  # fmt: skip
    assert [each.value for each in wrong.facts["fixings"]] == ["patient"]  # type: ignore[attr-defined]  # a list of codes
    world.act(prescriptions.dispense, "one", **sell)
    world.act(prescriptions.settle, "one", prescription_id=row.id)
    assert (row.state, row.amount, row.own_share) == (
        PrescriptionState.SETTLED, Decimal("796.00"), Decimal("238.80")
    )  # fmt: skip
    assert all(each["passed"] for each in row.checked) and len(row.checked) == 5
    used = prescription_queries.use(world.session, world.actors["agency"], ["980000"], AT)
    assert [(each.prescriptions, each.patients, each.amount) for each in used] == [(1, 1, Decimal("796.00"))]
    write_pending(world.session)
    told = "".join(str(each.facts) for each in world.session.scalars(select(AuditEntry)))
    assert row.patient not in told and "A-100" not in told and "RX1" not in told


def test_the_checklist_holds_at_every_step(world: World) -> None:
    drug, doctor = world.listed("乙单抗注射液"), world.doctor()
    wrong = refused(lambda: world.prescription(drug, doctor), "dual-fixings-fail")
    assert [each.value for each in wrong.facts["fixings"]] == ["hospital"]  # type: ignore[attr-defined]  # a list of codes
    world.designated("hospital")
    late = LATER + timedelta(days=400)
    world.act(doctors.end_doctor, "hospital", doctor_id=doctor.id, until=late.date())
    refused(lambda: world.prescription(drug, doctor, at=late), "dual-fixings-fail")
    row = world.prescription(drug, doctor)
    refused(lambda: world.act(prescriptions.choose, "hospital", prescription_id=row.id,
                              pharmacy_id=world.organisations["one"].id), "dual-fixings-fail")  # fmt: skip
    values = {**SAID, "fixings.used": "drug"}
    world.act(regions.say, "agency", region_code="980000", values=values, source="办法")
    world.act(prescriptions.choose, "hospital", prescription_id=row.id, pharmacy_id=world.organisations["one"].id)
    assert row.state is PrescriptionState.CHOSEN


def test_prescriptions_are_seen_where_they_belong(world: World) -> None:
    drug, doctor = world.listed("乙单抗注射液"), world.doctor()
    for key in ("hospital", "one"):
        world.designated(key)
    row = world.prescription(drug, doctor)
    world.act(prescriptions.choose, "hospital", prescription_id=row.id, pharmacy_id=world.organisations["one"].id)
    for who in ("agency", "hospital", "one"):
        assert prescription_queries.one(world.session, row.id, world.actors[who]) is row
    for who in ("two", "hospital2"):
        with pytest.raises(NotFound):
            prescription_queries.one(world.session, row.id, world.actors[who])
    with pytest.raises(NotFound):
        world.act(prescriptions.choose, "agency", prescription_id=row.id, pharmacy_id=world.organisations["one"].id)


def test_records_over_their_time_are_deleted_once_the_region_says_how_long(world: World) -> None:
    drug, doctor = world.listed("乙单抗注射液"), world.doctor()
    world.designated("hospital")
    world.prescription(drug, doctor)
    world.prescription(drug, doctor, "RX2", at=AT + timedelta(days=60))
    then = AT + timedelta(days=400)
    assert prescriptions.forget(world.session, actor=SYSTEM, at=then) == 0
    values = {**SAID, "circulation.keep_months": "12"}
    world.act(regions.say, "agency", region_code="980000", values=values, source="办法")
    assert prescriptions.forget(world.session, actor=SYSTEM, at=then) == 1
    world.session.expire_all()
    assert [row.number for row in world.session.scalars(select(Prescription))] == ["RX2"]


def test_without_the_regions_figure_nothing_is_settled(world: World) -> None:
    drug, doctor = world.listed("乙单抗注射液"), world.doctor()
    for key in ("hospital", "one"):
        world.designated(key)
    row = world.prescription(drug, doctor)
    world.act(prescriptions.choose, "hospital", prescription_id=row.id, pharmacy_id=world.organisations["one"].id)
    world.act(prescriptions.dispense, "one", prescription_id=row.id, price=Decimal("398"), patient_seen=True)
    values = {**SAID, "payment.own_share": ""}
    world.act(regions.say, "agency", region_code="980000", values=values, source="")
    with pytest.raises(UnsetParameter):
        world.act(prescriptions.settle, "one", prescription_id=row.id)
