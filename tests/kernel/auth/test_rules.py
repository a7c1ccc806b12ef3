"""Passwords, lockouts and roles, without a database."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.auth import rules
from kernel.auth.permissions import DISJOINT, Role
from kernel.config import PasswordProfile
from kernel.errors import DomainError
from kernel.parties.codes import OrganisationKind as Kind

ASVS = rules.password_rules(PasswordProfile.ASVS)
MLPS3 = rules.password_rules(PasswordProfile.MLPS3)
NINE = datetime(2026, 11, 20, 9, 0)


def fault(password: str, demands: rules.PasswordRules, login: str = "chenjing") -> str:
    found = rules.password_fault(password, login=login, rules=demands)
    return found.code if found else ""


@pytest.mark.parametrize(
    ("password", "asvs", "mlps3"),
    [
        ("kettle moon river", "", "password-too-plain"),
        ("Kettle7!", "password-too-short", ""),
        ("Kettle7", "password-too-short", "password-too-short"),
        ("kettle7m", "password-too-short", "password-too-plain"),
        ("ChenJing-2026-x", "password-holds-login", "password-holds-login"),
        ("P@ssw0rd2026!", "password-common", "password-common"),
        ("Abcabcabcabc1", "", ""),
        ("K" * 64 + "e7!" * 30, "password-too-long", "password-too-long"),
        ("床前明月光疑是地上霜举头", "", "password-too-plain"),
    ],
)
def test_the_profiles_differ_where_their_standards_do(password: str, asvs: str, mlps3: str) -> None:
    assert (fault(password, ASVS), fault(password, MLPS3)) == (asvs, mlps3)


@pytest.mark.parametrize("password", ["121212121212", "abcdefghijkl", "zyxwvutsrqpo", "aaaaaaaaaaaa", "123456789012"])
def test_repetitions_and_rows_of_keys_are_common(password: str) -> None:
    assert rules.is_common(password)


def test_only_mlps3_lets_a_password_grow_old() -> None:
    set_at = NINE - timedelta(days=90)
    assert rules.change_due(set_at, NINE, MLPS3)
    assert not rules.change_due(set_at + timedelta(seconds=1), NINE, MLPS3)
    assert not rules.change_due(NINE - timedelta(days=4000), NINE, ASVS)


def test_the_pause_of_a_login_doubles_up_to_half_an_hour() -> None:
    ends = [rules.locked_until([NINE] * failures) for failures in range(4, 14)]
    minutes = [None if end is None else (end - NINE) // timedelta(minutes=1) for end in ends]
    assert minutes == [None, 1, 2, 4, 8, 16, 30, 30, 30, 30]


def test_an_address_recovers_by_itself() -> None:
    burst = [NINE] * 40
    assert rules.address_paused_until(burst) == NINE + timedelta(minutes=5)
    assert rules.address_paused_until([*burst, NINE + timedelta(hours=1)]) is None


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=80))
def test_an_address_is_never_paused_for_longer_than_its_failures_fill(seconds: list[int]) -> None:
    failures = [NINE + timedelta(seconds=second) for second in sorted(seconds)]
    end = rules.address_paused_until(failures)
    assert end is None or end <= failures[-1] + timedelta(seconds=30) * (len(failures) - 30)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_organisation_has_roles_of_its_own(kind: Kind) -> None:
    assert rules.must_fit(kind, rules.ROLES_OF[kind][:1])
    with pytest.raises(DomainError, match="roles-missing"):
        rules.must_fit(kind, [])


def test_roles_of_another_kind_are_refused() -> None:
    with pytest.raises(DomainError, match="roles-of-another-kind"):
        rules.must_fit(Kind.HOSPITAL, [Role.PHARMACIST, Role.AGENCY_OFFICER])


def test_the_three_administrators_are_separate_persons_of_the_operator_alone() -> None:
    for first in DISJOINT:
        for second in DISJOINT - {first}:
            with pytest.raises(DomainError, match="administrators-separate"):
                rules.must_fit(Kind.OPERATOR, [first, second])
    assert not any(DISJOINT & set(roles) for kind, roles in rules.ROLES_OF.items() if kind is not Kind.OPERATOR)
