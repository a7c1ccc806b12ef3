"""What the kinds of the retained balance share: the round they are about, and its lots."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from importers.columns import Column, ColumnKind
from importers.registry import Context
from kernel.auth.actor import Actor
from kernel.identity import record_id
from procurement.demand.models import Lot
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds

LOT = Column("lot", "品种序号", "Lot", ColumnKind.INT, required=True, width=10, example="1")


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the round that the page named, or NotFound."""
    return {"round": rounds.one(session, record_id(query.get("round", "")) or 0, actor).id}


def round_of(session: Session, context: Context, actor: Actor) -> Round:
    """Return the round that the workbook is about."""
    return rounds.one(session, context["round"], actor)


def lots_of(session: Session, round_: Round) -> dict[int, Lot]:
    """Return the round's lots by their numbers."""
    return {lot.number: lot for lot in rounds.lots(session, round_)}
