"""Passwords, lockouts and roles as questions, pure. Numbers and their sources: policy.toml beside this file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from kernel import policy
from kernel.auth.permissions import DISJOINT, Role
from kernel.config import PasswordProfile
from kernel.errors import DomainError, Issue
from kernel.parties.codes import OrganisationKind as Kind

POLICY = policy.load(Path(__file__).with_name("policy.toml"))

ROLES_OF: dict[Kind, tuple[Role, ...]] = {
    Kind.COMPANY: (Role.MANUFACTURER, Role.ORGANISATION_ADMIN),
    Kind.DISTRIBUTOR: (Role.DISTRIBUTOR, Role.ORGANISATION_ADMIN),
    Kind.HOSPITAL: (Role.PHARMACIST, Role.HOSPITAL_FINANCE, Role.EXPERT, Role.ORGANISATION_ADMIN),
    Kind.PHARMACY: (Role.PHARMACY, Role.ORGANISATION_ADMIN),
    Kind.AGENCY: (Role.AGENCY_OFFICER, Role.AGENCY_REVIEWER, Role.OPENING_OFFICER, Role.ORGANISATION_ADMIN),
    Kind.BUREAU: (Role.PRICE_OFFICER, Role.SUPERVISOR, Role.OPENING_OFFICER, Role.ORGANISATION_ADMIN),
    Kind.OPERATOR: (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN),
}


KEY_HOLDERS = frozenset({Kind.COMPANY, Kind.DISTRIBUTOR, Kind.HOSPITAL, Kind.PHARMACY})
"""Whose own systems call the platform; officers and administrators act in a browser."""


def may_hold_keys(kind: Kind | None) -> bool:
    """Say whether people of such an organisation may make access keys.

    >>> may_hold_keys(Kind.HOSPITAL), may_hold_keys(Kind.AGENCY), may_hold_keys(None)
    (True, False, False)
    """
    return kind in KEY_HOLDERS


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """What one profile demands; `rotation` None is never, `history` counts passwords that may not return."""

    minimum: int
    maximum: int
    classes: int
    rotation: timedelta | None
    history: int


def password_rules(profile: PasswordProfile) -> PasswordRules:
    """Return the rules of a profile.

    >>> password_rules(PasswordProfile.MLPS3).rotation.days
    90
    """
    days = POLICY.value(f"{profile}.rotation_days")
    return PasswordRules(
        minimum=POLICY.value(f"{profile}.minimum_length"), maximum=POLICY.value("maximum_length"),
        classes=POLICY.value(f"{profile}.character_classes"), rotation=timedelta(days=days) if days else None,
        history=POLICY.value(f"{profile}.history"),
    )  # fmt: skip


def password_fault(password: str, *, login: str, rules: PasswordRules) -> Issue | None:
    """Say what is wrong with a password, or None.

    >>> asvs = password_rules(PasswordProfile.ASVS)
    >>> password_fault("Tr0ub4dor&3", login="chen", rules=asvs).code
    'password-too-short'
    >>> password_fault("correct horse battery", login="chen", rules=asvs)
    """
    if len(password) < rules.minimum:
        return Issue("password-too-short", facts={"minimum": rules.minimum})
    if len(password) > rules.maximum:
        return Issue("password-too-long", facts={"maximum": rules.maximum})
    if _classes(password) < rules.classes:
        return Issue("password-too-plain", facts={"classes": rules.classes})
    if len(login) > 3 and login.casefold() in password.casefold():
        return Issue("password-holds-login")
    return Issue("password-common") if is_common(password) else None


def _classes(password: str) -> int:
    upper = any(char.isupper() for char in password)
    lower = any(char.islower() for char in password)
    caseless = any(char.isalpha() and char.upper() == char.lower() for char in password)  # Chinese, for example
    digit = any(char.isdigit() for char in password)
    return upper + lower + caseless + digit + any(not char.isalnum() for char in password)


def is_common(password: str) -> bool:
    """Say whether a password is among the first that anybody tries: a listed one, a repetition, a row of keys.

    >>> [is_common(word) for word in ("P@ssw0rd2024!", "121212121212", "abcdefghijkl", "kettle moon river")]
    [True, True, True, False]
    """
    folded = password.casefold()
    common = POLICY.value("common_passwords")
    return (
        folded in common or folded.rstrip("0123456789!@#$%^&*._-") in ("", *common) or _repeats(folded) or _runs(folded)
    )


def _repeats(text: str) -> bool:
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, 5))


def _runs(text: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return len(steps) == 1 and steps <= {1, -1}


def change_due(set_at: datetime | None, at: datetime, rules: PasswordRules) -> bool:
    """Say whether a password has lived longer than its profile allows."""
    return rules.rotation is not None and set_at is not None and set_at + rules.rotation <= at


def locked_until(failures: Sequence[datetime]) -> datetime | None:
    """Return until when a login is paused after failures since its last success, oldest first.

    >>> start = datetime(2026, 11, 20, 9, 0)
    >>> locked_until([start] * 4), locked_until([start] * 5), locked_until([start] * 7)
    (None, datetime.datetime(2026, 11, 20, 9, 1), datetime.datetime(2026, 11, 20, 9, 4))
    """
    beyond = len(failures) - POLICY.value("lockout.free_failures")
    if beyond < 0:
        return None
    longest = POLICY.value("lockout.longest_seconds")
    return failures[-1] + timedelta(seconds=min(POLICY.value("lockout.first_seconds") << min(beyond, 20), longest))


def address_paused_until(failures: Sequence[datetime]) -> datetime | None:
    """Return until when an address is paused: each failure fills a bucket that drains at a steady pace.

    >>> start = datetime(2026, 11, 20, 9, 0)
    >>> address_paused_until([start] * 30), address_paused_until([start] * 31)
    (None, datetime.datetime(2026, 11, 20, 9, 0, 30))
    """
    drain = timedelta(seconds=POLICY.value("lockout.address_drain_seconds"))
    full, last = timedelta(0), None
    for moment in failures:
        full = max(timedelta(0), full - (moment - last if last else timedelta(0))) + drain
        last = moment
    over = full - drain * POLICY.value("lockout.address_burst")
    return last + over if last and over > timedelta(0) else None


def must_fit(kind: Kind, roles: Iterable[Role]) -> frozenset[Role]:
    """Return the roles, or refuse: none, roles of another kind of organisation, two separated administrators in one."""
    wanted = frozenset(roles)
    if not wanted:
        raise DomainError("roles-missing")
    strange = wanted - set(ROLES_OF[kind])
    if strange:
        raise DomainError("roles-of-another-kind", roles=sorted(strange), kind=kind)
    if len(wanted & DISJOINT) > 1:
        raise DomainError("administrators-separate", roles=sorted(wanted & DISJOINT))
    return wanted


def must_be_another(*, actor_id: int | None, user_id: int) -> None:
    """Refuse acts on one's own account that only others may do."""
    if actor_id == user_id:
        raise DomainError("own-account")
