"""Offers of revivals for workbooks: the agency's of a round, a company's own."""

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
from kernel.identity import record_id
from kernel.sheets import Sheet
from procurement.rounds.revivals import queries
from procurement.rounds.revivals.labels import KINDS
from procurement.rounds.revivals.models import RevivalOffer


def revivals(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the offers that the actor may see, of one round where one is asked for."""
    query = queries.listing(actor, round_id=record_id(asked.get("round", "")))
    columns: dict[str, Any] = {
        _("Round"): lambda one: one.stage.round.code, _("Stage"): lambda one: one.stage.number,
        _("No."): lambda one: one.lot.number, _("Variety"): lambda one: one.lot.variety.name,
        _("Company"): lambda one: one.company.name, _("Specification"): lambda one: one.specification.text,
        _("Kind"): lambda one: str(KINDS[one.kind]), _("Comparable price"): lambda one: one.price,
        _("Unit price"): _unit_price, _("Deadline"): lambda one: one.stage.deadline,
        _("State"): lambda one: label(queries.state_of(one, at)), _("Answered"): lambda one: one.answered_at,
        _("Receipt number"): lambda one: one.receipt, _("On paper"): lambda one: _("yes") if one.on_paper else "",
    }  # fmt: skip
    return of_query(session, _("Revivals"), query, columns)


def _unit_price(one: RevivalOffer) -> str | None:
    return one.prices[0]["follows_at"] if one.prices else None


export("procurement.revivals", _l("Revivals"), P.ROUND_READ, revivals)
