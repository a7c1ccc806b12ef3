"""What each check compares, at its edge, and what each state of an application allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pricing.applications.flow import APPLICATION_FLOW, ApplicationAction, ApplicationState, Check, Purpose
from pricing.applications.rules import Draft, Known, checks, faults
from pricing.governance.rules import Label
from pricing.listings.flow import ListingKind
from tests.pricing.scene import PROVINCE

TODAY, CODE = date(2026, 11, 20), "XJ01CAA040A001010100001"
A, S = ApplicationAction, ApplicationState
LISTED = ListingKind.LISTED


def test_every_state_says_what_it_allows() -> None:
    allowed = {(state, action) for state in S for action in A if APPLICATION_FLOW.allows(state, action)}
    assert {state for state, action in allowed if action is A.APPROVE} == {S.CHECKED}
    assert not {action for state, action in allowed if state in (S.APPROVED, S.WITHDRAWN)}
    assert {action for state, action in allowed if state is S.RETURNED} == {A.SUBMIT, A.WITHDRAW}


def test_each_check_stands_at_its_edge() -> None:
    known = Known(signed=True, credit="", coded=True, factor=Decimal(1))
    given = Draft(1, PROVINCE, ListingKind.NEGOTIATED, Purpose.LIST, Decimal("1.0000"), TODAY, "x", CODE)

    def passed(check: Check, about: Draft = given, **more: Any) -> bool | None:
        return next(step.passed for step in checks(about, replace(known, **more)) if step.code == check)

    assert passed(Check.CEILING) is False and passed(Check.CEILING, replace(given, kind=LISTED)) is None
    for limit, right in (("0.9999", False), ("1.0000", True), ("1.0001", True)):
        price = Decimal(limit)
        assert passed(Check.CEILING, replace(given, ceiling=price)) is right
        assert passed(Check.LINKAGE, replace(given, elsewhere=price)) is right
        assert passed(Check.LINKAGE, replace(given, elsewhere=Decimal(9)), lowest=price) is right
        assert passed(Check.KEPT_PRICE, kept=price) is right
        assert passed(Check.RATIO, kin=((price * 2, Decimal(2)),)) is right
    for until, right in ((TODAY - timedelta(days=1), False), (TODAY, True), (None, True)):
        assert passed(Check.CERTIFICATE, replace(given, certificate_until=until)) is right
    for bar, right in ((TODAY + timedelta(days=1), False), (TODAY, True)):
        assert passed(Check.BAR, bar=bar) is right
    assert (passed(Check.BAR), passed(Check.BAR, barred_unknown=True)) == (None, False)
    assert (passed(Check.LABEL), passed(Check.LABEL, label=Label.YELLOW)) == (True, False)
    assert faults(given, replace(known, signed=False), TODAY) == {"": "application-no-letter"}
