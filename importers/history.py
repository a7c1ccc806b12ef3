"""The list of imports as a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import get_locale
from sqlalchemy.orm import Session

from importers import queries
from importers.registry import kind
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.downloads.tables import of_query
from kernel.i18n import _, _l, label
from kernel.sheets import Sheet


def imports(session: Session, _asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return the imports of the actor's organisation."""
    locale = str(get_locale())
    columns: dict[str, Any] = {
        _("File"): lambda each: each.file_name, _("What"): lambda each: kind(each.kind).title(locale),
        _("State"): lambda each: label(each.state), _("New"): lambda each: each.created,
        _("Changed"): lambda each: each.changed, _("unchanged"): lambda each: each.unchanged,
        _("Wrong"): lambda each: each.faulty, _("Uploaded"): lambda each: each.created_at,
        _("By"): lambda each: each.user_name, _("Receipt"): lambda each: each.receipt,
        "SHA-256": lambda each: each.digest,
    }  # fmt: skip
    return of_query(session, _("Imports"), queries.visible(actor), columns)


export("importers.imports", _l("Imports"), P.IMPORT_USE, imports)
