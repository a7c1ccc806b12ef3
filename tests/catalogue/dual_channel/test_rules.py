"""Decisions of dual channel: days, fixings, references, conditions, figures of regions, coverage."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.dual_channel.flow import DESIGNATION_FLOW, PRESCRIPTION_FLOW, PrescriptionAction, PrescriptionState
from catalogue.dual_channel.flow import DesignationAction as A
from catalogue.dual_channel.flow import DesignationState as S
from catalogue.dual_channel.rules.conditions import Condition, Facts, conditions, must_be_second, unmet
from catalogue.dual_channel.rules.fixings import AT_DISPENSING, Fixing, checks, failing
from catalogue.dual_channel.rules.listing import DrugState, Term, must_hold
from catalogue.dual_channel.rules.payment import must_not_exceed, own_share
from catalogue.dual_channel.rules.references import must_not_name, patient_reference, reference_key
from catalogue.dual_channel.rules.regional import POLICY, READERS, parameters_of, read, written
from kernel.errors import Conflict, DomainError, UnsetParameter
from kernel.periods import months_after

DAY = date(2026, 11, 20)
CLEAN = Facts(None, True, True, "康宁", 0, 0)
FILLED = POLICY.filled({"pharmacy.per_district": 2}, "x")


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 900), st.integers(1, 900), st.integers(-99, 2000))
def test_a_drug_passes_through_its_states_in_order(begins: date, stays: int, goes: int, later: int) -> None:
    leaves = begins + timedelta(days=stays)
    term = must_hold(Term(begins, leaves, leaves + timedelta(days=goes)))
    order = [DrugState.UPCOMING, DrugState.VALID, DrugState.TRANSITION, DrugState.ENDED]
    day = begins + timedelta(days=later)
    assert order.index(term.state_on(day)) <= order.index(term.state_on(day + timedelta(days=1)))
    assert (day in term.whole) == (term.state_on(day) in (DrugState.VALID, DrugState.TRANSITION))


@pytest.mark.parametrize(
    ("term", "code"),
    [
        (Term(DAY, DAY), "dual-leaves-before-beginning"),
        (Term(DAY, None, date(2027, 1, 1)), "dual-transition-without-leaving"),
        (Term(DAY, date(2027, 1, 1), date(2027, 1, 1)), "dual-transition-without-leaving"),
    ],
)
def test_days_in_the_wrong_order_are_refused(term: Term, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        must_hold(term)
    assert refused.value.code == code


def test_the_flow_of_designations_allows_what_it_says_and_nothing_else() -> None:
    allowed = {(state, action) for state, action in product(S, A) if DESIGNATION_FLOW.allows(state, action)}
    assert (S.PROPOSED, A.DESIGNATE) not in allowed and (S.PUBLICISED, A.DESIGNATE) in allowed
    assert {state for state, action in allowed if action is A.WITHDRAW} == set(S) - {S.WITHDRAWN}
    for state, action in set(product(S, A)) - allowed:
        with pytest.raises(Conflict):
            DESIGNATION_FLOW.after(state, action)


def test_a_prescription_never_goes_back() -> None:
    order = list(PrescriptionState)
    for state, action in product(PrescriptionState, PrescriptionAction):
        if PRESCRIPTION_FLOW.allows(state, action):
            assert order.index(PRESCRIPTION_FLOW.after(state, action)) >= order.index(state)


@given(st.sets(st.sampled_from(Fixing)), st.sets(st.sampled_from(Fixing)))
def test_only_fixings_that_the_region_uses_can_fail(used: set[Fixing], held: set[Fixing]) -> None:
    found = checks({each.value for each in used}, dict.fromkeys(held, True), AT_DISPENSING)
    assert set(failing(found)) == used - held


@pytest.mark.parametrize(
    "written", ["11010519491231002X", "１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 0021", "130503670401001",
                "13800138000",
                "+86 138-0013-8000", "张三", "A100张"],
)  # fmt: skip
def test_what_names_a_person_is_refused(written: str) -> None:
    with pytest.raises(DomainError) as refused:
        must_not_name(written)
    assert refused.value.code == "dual-patient-named"


def test_a_reference_depends_on_the_secret_and_the_hospital() -> None:
    keys = [reference_key(secret) for secret in ("a" * 64, "b" * 64)]
    made = {patient_reference(key, hospital_id=hospital, number="A100") for key in keys for hospital in (1, 2)}
    assert len(made) == 4 and not any("A100" in each for each in made)
    assert keys[0] != b"a" * 64


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        (CLEAN, []),
        (Facts(date(2025, 1, 1), True, True, "", 9, 0), [Condition.NO_PENALTY]),
        (Facts(date(2024, 11, 20), False, False, "", 0, 0), [Condition.TRACEABILITY, Condition.STOCK_UPLOAD]),
        (Facts(None, True, True, "康宁", 2, 2), [Condition.PER_CHAIN, Condition.PER_DISTRICT]),
    ],
)
def test_entry_conditions_are_tested_one_by_one(facts: Facts, wrong: list[Condition]) -> None:
    assert unmet(conditions(facts, FILLED, DAY)) == wrong


def test_a_number_that_the_region_has_not_said_refuses_by_name() -> None:
    with pytest.raises(UnsetParameter) as refused:
        conditions(CLEAN, POLICY, DAY)
    assert refused.value.parameter == "pharmacy.per_district"


def test_whoever_proposed_does_not_designate() -> None:
    must_be_second(1, 2, name="乙")
    for actor in (1, None):
        with pytest.raises(DomainError):
            must_be_second(1, actor, name="甲")


def test_every_parameter_of_the_policy_can_be_said_and_shown() -> None:
    assert set(READERS) == set(POLICY)
    said = {"list.parts": "price-bid", "fixings.used": "drug hospital", "payment.own_share": "0.25",
            "pharmacy.traceability": "no"}  # fmt: skip
    for name in READERS:
        text = said.get(name, "yes" if name == "pharmacy.stock_upload" else "6")
        found = parameters_of({name: {"value": read(name, text), "source": "江海省办法"}})
        shown = "hospital drug" if name == "fixings.used" else text
        assert (written(name, found), found[name].source) == (shown, "江海省办法")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pharmacy.per_chain", "2.5"), ("pharmacy.per_chain", "-1"), ("review.months", "0"),
        ("payment.own_share", "1.2"),
        ("payment.own_share", "三成"), ("fixings.used", "dog"), ("fixings.used", " "), ("list.parts", "western"),
        ("pharmacy.traceability", "1"), ("nothing.such", "1"), ("pharmacy.per_chain", "²"),
    ],
)  # fmt: skip
def test_what_a_region_can_not_say_is_refused(name: str, text: str) -> None:
    with pytest.raises(DomainError) as refused:
        read(name, text)
    assert refused.value.code == "dual-bad-parameter"


def test_the_own_share_is_rounded_half_up_and_prices_stay_below_the_standard() -> None:
    assert own_share(Decimal("0.05"), Decimal("0.3")) == Decimal("0.02")
    with pytest.raises(DomainError):
        must_not_exceed(Decimal("3.9501"), [Decimal("1.70"), Decimal("3.95")])


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(-60, 60))
def test_months_go_forth_and_stay_in_the_month(day: date, count: int) -> None:
    found = months_after(day, count)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == count and found.day <= day.day


def test_a_region_may_ask_for_more_years_than_there_are() -> None:
    assert months_after(date(2026, 11, 20), 12 * 9999) == date.max
    found = conditions(Facts(DAY, True, True, "", 0, 0), FILLED.filled({"pharmacy.no_penalty_years": 9999}, "x"), DAY)
    assert unmet(found) == [Condition.NO_PENALTY]
