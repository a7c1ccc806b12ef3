"""Events and their facts in words. Other areas name their own tags with `labels` and their facts with `facts`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from kernel.audit.tags import Tag
from kernel.columns import Code, Moment
from kernel.db import metadata
from kernel.i18n import _, _l, has_label, label, labels, listed
from kernel.problems import INSTANT
from kernel.web import moment

_facts: dict[str, Any] = {}
_codes: dict[str, type[StrEnum]] = {}

labels(
    {
        Tag.SIGNED_IN: _l("Signed in"),
        Tag.SIGN_IN_FAILED: _l("Sign-in failed"),
        Tag.SIGNED_OUT: _l("Signed out"),
        Tag.KEY_ISSUED: _l("Access key made"),
        Tag.KEY_REVOKED: _l("Access key revoked"),
        Tag.SESSIONS_ENDED: _l("Other sessions ended"),
        Tag.USER_CREATED: _l("Account made"),
        Tag.USER_INVITED: _l("User invited"),
        Tag.USER_DEACTIVATED: _l("Account closed"),
        Tag.USER_REACTIVATED: _l("Account opened again"),
        Tag.USER_ROLES_CHANGED: _l("Roles changed"),
        Tag.PASSWORD_SET: _l("Password set"),
        Tag.PASSWORD_RESET_SENT: _l("Password link made"),
        Tag.ORGANISATION_APPLIED: _l("Organisation applied"),
        Tag.ORGANISATION_RESUBMITTED: _l("Application corrected"),
        Tag.ORGANISATION_CREATED: _l("Organisation entered"),
        Tag.ORGANISATION_CHANGED: _l("Organisation changed"),
        Tag.ORGANISATION_RETURNED: _l("Application returned"),
        Tag.ORGANISATION_ACCEPTED: _l("Organisation accepted"),
        Tag.ORGANISATION_SUSPENDED: _l("Organisation suspended"),
        Tag.ORGANISATION_RESTORED: _l("Organisation restored"),
        Tag.REGIONS_IMPORTED: _l("Regions imported"),
        Tag.FILE_KEPT: _l("File kept"),
        Tag.IMPORT_RECEIVED: _l("Workbook received"),
        Tag.IMPORT_REFUSED: _l("Workbook refused"),
        Tag.IMPORT_CONFIRMED: _l("Import confirmed"),
        Tag.IMPORT_STAGED: _l("Workbook uploaded"),
        Tag.IMPORT_APPLIED: _l("Workbook written"),
        Tag.IMPORT_CANCELLED: _l("Import dropped"),
    }
)


def facts(names: Mapping[str, Any], codes: Mapping[str, type[StrEnum]] | None = None) -> None:
    """Name facts, or columns, as the history shows them; `codes` says which enum a fact outside a column holds."""
    _facts.update(names)
    _codes.update(codes or {})


def fact_name(name: str) -> str:
    """Return a fact's name in the reader's language; one that nobody named is shown as it is kept."""
    return str(_facts.get(name, name.replace("_", " ")))


def fact_text(kind: str, name: str, value: Any) -> str:
    """Show a fact's value: codes by label, instants in Beijing time, lists with commas."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return listed(fact_text(kind, name, item) for item in value)
    if isinstance(value, dict):
        return listed(f"{fact_name(key)} {fact_text(kind, key, item)}" for key, item in value.items())
    return _cell_text(kind, name, str(value))


def _cell_text(kind: str, name: str, text: str) -> str:
    table = metadata.tables.get(kind)
    column = table.c.get(name) if table is not None else None
    enum = column.type.enum if column is not None and isinstance(column.type, Code) else _codes.get(name)
    if enum is not None and text in set(enum) and has_label(enum(text)):
        return label(enum(text))
    if (column is not None and isinstance(column.type, Moment)) or INSTANT.fullmatch(text):
        return moment(datetime.fromisoformat(text))
    return text


facts(
    {
        "account": _l("Account"), "active": _l("Active"), "address": _l("Address"), "by": _l("By"),
        "changed": _l("Changed"), "code": _l("Code"), "contact": _l("Contact person"), "count": _l("Count"),
        "digest": _l("Digest"), "ended": _l("Ended"), "grade": _l("Grade"), "kind": _l("Kind"),
        "legal_person": _l("Legal representative"), "login": _l("Login"), "name": _l("Name"), "phone": _l("Phone"),
        "reason": _l("Reason"), "region_code": _l("Region"), "review_note": _l("Review note"), "roles": _l("Roles"),
        "short_name": _l("Short name"), "size": _l("Size"), "source": _l("Source"), "state": _l("State"),
        "title": _l("Title"), "deadline": _l("Deadline"), "parent": _l("Belongs to"), "note": _l("Note"),
        "user_account": _l("Account"), "organisation": _l("Organisation"), "sign_in_failure": _l("Sign-in"),
        "region": _l("Region"), "ownership": _l("Ownership"),
    }
)  # fmt: skip
