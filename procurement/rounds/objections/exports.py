"""Rows of objections for workbooks."""

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
from procurement.rounds.objections import queries
from procurement.rounds.objections.flow import ObjectionState
from procurement.rounds.objections.models import Objection


def objections(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return what the list page shows; what the reader may not see of an objection stays blank."""

    def whole(one: Objection) -> bool:
        return queries.seen(one, actor).whole

    def hears(one: Objection) -> bool:
        return queries.seen(one, actor).hears

    columns: dict[str, Any] = {
        _("Receipt"): lambda one: one.receipt, _("Round"): lambda one: one.round.title,
        _("Lot"): lambda one: one.lot.number if one.lot else None,
        _("Variety"): lambda one: one.lot.variety.name if one.lot else None,
        _("Company concerned"): lambda one: one.company.name if one.company else None,
        _("Ground"): lambda one: label(one.ground), _("Statement"): lambda one: one.text,
        _("Objector"): lambda one: one.organisation.name if whole(one) else None,
        _("Objects as"): lambda one: label(one.standing) if whole(one) else None,
        _("Filed"): lambda one: one.filed_at, _("Due"): lambda one: one.due_at if whole(one) else None,
        _("Status"): lambda one: label(one.state),
        _("Finding"): lambda one: label(one.finding) if _is_out(one) or (hears(one) and one.finding) else None,
        _("Reply"): lambda one: one.reply if hears(one) else None,
    }  # fmt: skip
    return of_query(session, _("Objections"), queries.listing(actor, **queries.asked(asked)), columns)


def _is_out(one: Objection) -> bool:
    return one.state is ObjectionState.REPLIED and one.finding is not None


export("procurement.objections", _l("Objections"), P.OBJECTION_READ, objections)
