"""What can have happened: dotted, past tense. Texts are made when they are shown."""

from __future__ import annotations

from enum import StrEnum


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
    PASSWORD_RESET_SENT = "user.password-reset-sent"  # noqa: S105 - an event's name
    ORGANISATION_APPLIED = "organisation.applied"
    ORGANISATION_CREATED = "organisation.created"
    ORGANISATION_CHANGED = "organisation.changed"
    ORGANISATION_RETURNED = "organisation.returned"
    ORGANISATION_ACCEPTED = "organisation.accepted"
    ORGANISATION_SUSPENDED = "organisation.suspended"
    ORGANISATION_RESTORED = "organisation.restored"
    REGIONS_IMPORTED = "regions.imported"
    FILE_KEPT = "file.kept"
    IMPORT_STAGED = "import.staged"
    IMPORT_APPLIED = "import.applied"
    IMPORT_CANCELLED = "import.cancelled"
    VARIETY_CREATED = "variety.created"
    VARIETY_CHANGED = "variety.changed"
    SPECIFICATION_ADDED = "specification.added"
    SPECIFICATION_CHANGED = "specification.changed"
    PRODUCT_CREATED = "product.created"
    PRODUCT_CHANGED = "product.changed"
    RELATED_GROUP_CREATED = "related-group.created"
    RELATED_GROUP_CHANGED = "related-group.changed"
