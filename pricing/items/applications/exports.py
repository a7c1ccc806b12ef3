"""Applications for workbooks."""

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
from pricing.items.applications.queries import applications


def new_items(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return what the list page shows, with the texts of each application."""
    columns: dict[str, Any] = {
        _("Number"): lambda one: one.number, _("Service item"): lambda one: one.name,
        _("Hospital"): lambda one: one.hospital.name,
        _("Emergency application"): lambda one: _("yes") if one.urgent else _("no"),
        _("State"): lambda one: label(applications.state_of(one, at)), _("Submitted"): lambda one: one.submitted_at,
        _("Connotation"): lambda one: one.connotation, _("Excluded content"): lambda one: one.excluded,
        _("Unit"): lambda one: one.unit, _("Service output"): lambda one: one.output,
        _("Price composition"): lambda one: one.composition, _("Proposed price"): lambda one: one.price,
        _("Trial price"): lambda one: one.trial.price if one.trial else None,
        _("First day"): lambda one: one.trial.starts_on if one.trial else None,
        _("No longer from"): lambda one: one.trial.ends_on if one.trial else None,
    }  # fmt: skip
    return of_query(session, _("New items"), applications.listing(actor, **applications.asked(asked)), columns)


export("pricing.new-items", _l("New items"), P.NEW_ITEM_READ, new_items)
