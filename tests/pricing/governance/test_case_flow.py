"""The flow of a case: every step from every state is allowed or refused as written here; days and reminders."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kernel.errors import Conflict
from pricing.governance.cases.flow import (
    BUREAU,
    CASE_FLOW,
    CLOSED,
    COMPANY,
    HARMS,
    MODES,
    CaseAction,
    CaseReason,
    CaseState,
)
from pricing.governance.cases.rules import answer_by, answer_days, mended, policy, stage, state_on

S, A = CaseState, CaseAction
TABLE = {
    S.DRAFT: {A.SEND: S.ASKED, A.CALL: S.CALLED, A.DROP: S.DROPPED},
    S.ASKED: {A.ANSWER: S.ANSWERED, A.CALL: S.CALLED},
    S.OVERDUE: {A.ANSWER: S.ANSWERED, A.CALL: S.CALLED},
    S.ANSWERED: {A.ACCEPT: S.ACCEPTED, A.INSUFFICIENT: S.INSUFFICIENT},
    S.ACCEPTED: {},
    S.INSUFFICIENT: {A.CALL: S.CALLED},
    S.CALLED: {A.ANSWER: S.CALLED, A.CALL: S.CALLED, A.HOLD: S.HELD, A.FAIL: S.NOT_KEPT},
    S.HELD: {
        A.HOLD: S.HELD, A.SIGN_BUREAU: S.SIGNED_BUREAU, A.SIGN_COMPANY: S.SIGNED_COMPANY, A.FAIL: S.NOT_KEPT,
    },
    S.SIGNED_BUREAU: {A.SIGN_COMPANY: S.MINUTED, A.FAIL: S.NOT_KEPT},
    S.SIGNED_COMPANY: {A.SIGN_BUREAU: S.MINUTED},
    S.MINUTED: {A.COMMIT: S.COMMITTED, A.ACCEPT: S.ACCEPTED, A.FAIL: S.NOT_KEPT},
    S.COMMITTED: {A.VERIFY: S.VERIFIED, A.FAIL: S.NOT_KEPT},
    S.VERIFIED: {},
    S.NOT_KEPT: {A.PROPOSE: S.NOT_KEPT, A.RETURN: S.NOT_KEPT, A.EXPOSE: S.EXPOSED, A.VERIFY: S.VERIFIED},
    S.EXPOSED: {A.PROPOSE: S.EXPOSED, A.RETURN: S.EXPOSED, A.SUSPEND: S.SUSPENDED, A.VERIFY: S.VERIFIED},
    S.SUSPENDED: {
        A.PROPOSE: S.SUSPENDED, A.RETURN: S.SUSPENDED, A.REPORT: S.REPORTED, A.LIFT: S.EXPOSED, A.VERIFY: S.VERIFIED,
    },
    S.REPORTED: {A.LIFT: S.REPORTED, A.VERIFY: S.VERIFIED},
    S.DROPPED: {},
}  # fmt: skip


def test_every_step_from_every_state_is_allowed_or_refused() -> None:
    for state in S:
        for action in A:
            if action in TABLE[state]:
                assert CASE_FLOW.after(state, action) is TABLE[state][action]
            else:
                with pytest.raises(Conflict):
                    CASE_FLOW.after(state, action)


def test_every_open_state_waits_for_somebody_and_harm_has_one_next_step() -> None:
    assert set(S) - set(CLOSED) == set(BUREAU) | set(COMPANY)
    assert {state for state in S if CASE_FLOW.allows(state, A.CALL)} == set(MODES)
    assert all(CASE_FLOW.allows(state, harm) for state, harm in HARMS.items())


def test_an_inquiry_is_overdue_by_the_clock_alone() -> None:
    due = answer_by(date(2026, 11, 20), "980000", CaseReason.HIGH)
    assert due == datetime(2026, 11, 27, 15, 59, 59, tzinfo=UTC)  # five working days after a Friday
    second = timedelta(seconds=1)
    assert [state_on(S.ASKED, due, due + off) for off in (-second, 0 * second)] == [S.ASKED, S.OVERDUE]
    assert state_on(S.ANSWERED, due, due + second) is S.ANSWERED


def test_the_days_to_answer_are_the_regions() -> None:
    assert (answer_days("450000", CaseReason.COMPLAINT), answer_days("450000", CaseReason.RISE)) == (7, 5)
    assert all(one.source and one.standing for one in policy("450000").values())


def test_a_deadline_is_told_in_three_steps() -> None:
    due = datetime(2026, 11, 20, tzinfo=UTC)
    hours = {-49: 0, -48: 1, -1: 1, 0: 2, 71: 2, 72: 3}
    assert {off: stage(due, due + timedelta(hours=off)) for off in hours} == hours


def test_a_price_is_mended_at_its_commitment_and_without_one_when_it_fell() -> None:
    two, three = Decimal("2.0000"), Decimal("3.0000")
    assert mended(now=two, was=three, committed=two) and not mended(now=Decimal("2.0001"), was=three, committed=two)
    assert mended(now=two, was=three, committed=None) and not mended(now=three, was=three, committed=None)
    assert mended(now=None, was=three, committed=two)
