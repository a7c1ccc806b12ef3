"""What can have happened: dotted, past tense. Texts are made when they are shown. Packages add their own events."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

KNOWN: dict[str, StrEnum] = {}
E = TypeVar("E", bound=StrEnum)


def tags(enum: type[E]) -> type[E]:
    """Make a package's events known to the chain; no two packages may name theirs alike."""
    for member in enum:
        if KNOWN.setdefault(member.value, member) is not member:
            raise ValueError(f"two events are named {member.value}")
    return enum


@tags
class Tag(StrEnum):
    """One member per kind of event."""

    SIGNED_IN = "user.signed-in"
    SIGN_IN_FAILED = "user.sign-in-failed"
    SIGNED_OUT = "user.signed-out"
    USER_CREATED = "user.created"
    USER_INVITED = "user.invited"
    USER_DEACTIVATED = "user.deactivated"
    USER_REACTIVATED = "user.reactivated"
    USER_ROLES_CHANGED = "user.roles-changed"
    PASSWORD_SET = "user.password-set"  # noqa: S105 - an event's name
    KEY_ISSUED = "user.key-issued"
    KEY_REVOKED = "user.key-revoked"
    SESSIONS_ENDED = "user.sessions-ended"
    PASSWORD_RESET_SENT = "user.password-reset-sent"  # noqa: S105 - an event's name
    ORGANISATION_APPLIED = "organisation.applied"
    ORGANISATION_RESUBMITTED = "organisation.resubmitted"
    ORGANISATION_CREATED = "organisation.created"
    ORGANISATION_CHANGED = "organisation.changed"
    ORGANISATION_RETURNED = "organisation.returned"
    ORGANISATION_ACCEPTED = "organisation.accepted"
    ORGANISATION_SUSPENDED = "organisation.suspended"
    ORGANISATION_RESTORED = "organisation.restored"
    REGIONS_IMPORTED = "regions.imported"
    FILE_KEPT = "file.kept"
    DOWNLOAD_ASKED = "download.asked"
    DOWNLOAD_READY = "download.ready"
    DOWNLOAD_DROPPED = "download.dropped"
    IMPORT_RECEIVED = "import.received"
    IMPORT_REFUSED = "import.refused"
    IMPORT_CONFIRMED = "import.confirmed"
    IMPORT_STAGED = "import.staged"
    IMPORT_APPLIED = "import.applied"
    IMPORT_CANCELLED = "import.cancelled"
