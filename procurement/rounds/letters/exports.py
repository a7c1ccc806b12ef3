"""Rows of letters for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.downloads.tables import of_query
from kernel.i18n import _, _l, label
from kernel.sheets import Sheet
from procurement.rounds.letters import queries


def letters(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return what the list page shows."""
    columns: dict[str, Any] = {
        _("Kind"): lambda one: label(one.kind), _("Year"): lambda one: one.year, _("No."): lambda one: one.serial,
        _("Round"): lambda one: one.round.title, _("To"): lambda one: one.organisation.name,
        _("Issued"): lambda one: one.issued_at, _("Read"): lambda one: one.read_at,
        _("Digest"): lambda one: one.digest,
    }  # fmt: skip
    return of_query(session, _("Letters"), queries.listing(actor, **queries.asked(asked)), columns)


export("procurement.letters", _l("Letters"), P.AGREEMENT_READ, letters)
