"""Non-winning use on the platform: what moved outside agreements of a won variety, of companies that did not win it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import exists

from catalogue.drugs.models import Specification
from procurement.agreements.ledger.flow import Book, Move
from procurement.agreements.ledger.models import VolumeAccount, VolumeEntry
from procurement.demand.models import Lot
from procurement.rounds.models.awards import Award


def outside(query: Any, days: tuple[date, date]) -> Any:
    """Limit a query of ledger entries to such of some days (the end is not in it); it names the lots, or a call's."""
    won = exists().where(Award.lot_id == Lot.id, Award.company_id == VolumeAccount.company_id)
    return (
        query.join(VolumeAccount, VolumeAccount.id == VolumeEntry.account_id)
        .join(Specification, Specification.id == VolumeAccount.specification_id)
        .join(Lot, Lot.variety_id == Specification.variety_id)
        .where(
            VolumeAccount.book == Book.OPEN, VolumeEntry.move.in_((Move.RECEIVE, Move.RETURN)),
            VolumeEntry.day >= days[0], VolumeEntry.day < days[1], ~won,
        )
    )  # fmt: skip
