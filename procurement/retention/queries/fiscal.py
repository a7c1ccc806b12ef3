"""Where an agreement year crosses a New Year: which share of each line's purchases came before it.

Source: retention.md "Agreement year crossing fiscal years: split by purchase amounts". Where agreements of a run cross
several, everything before the last New Year counts as the earlier fiscal year.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from kernel.money import round_whole
from kernel.sets import among
from kernel.wholes import whole
from procurement.agreements.ledger.flow import Move
from procurement.agreements.ledger.models import VolumeAccount, VolumeEntry
from procurement.agreements.models import Agreement
from procurement.retention.figuring.rules import F
from procurement.retention.queries.gathering import Lines
from procurement.retention.queries.ground import Ground
from procurement.rounds.models.awards import Award


def new_year(ends: date) -> date:
    """Return the first day of the fiscal year in which an agreement year ends; the end is not in it.

    >>> new_year(date(2026, 6, 1)), new_year(date(2026, 1, 1))
    (datetime.date(2026, 1, 1), datetime.date(2025, 1, 1))
    """
    return (ends - timedelta(days=1)).replace(month=1, day=1)


def split(session: Session, ground: Ground, lines: Lines) -> None:
    """Say of each line which share of what was received under its agreements came before the New Year."""
    cut = new_year(ground.ends)
    if ground.starts >= cut:
        return
    amount = case((VolumeEntry.move == Move.RETURN, -VolumeEntry.amount), else_=VolumeEntry.amount)
    before = VolumeEntry.day < cut
    query = (
        select(Agreement.hospital_id, Award.lot_id, before, whole(func.sum(amount, type_=VolumeEntry.amount.type)))
        .join(VolumeAccount, VolumeAccount.id == VolumeEntry.account_id)
        .join(Agreement, Agreement.id == VolumeAccount.agreement_id)
        .join(Award, Award.id == Agreement.award_id)
        .where(Award.round_id == ground.round_id, Agreement.year == ground.year)
        .where(VolumeEntry.move.in_((Move.RECEIVE, Move.RETURN)), among(Agreement.hospital_id, list(lines)))
        .group_by(Agreement.hospital_id, Award.lot_id, before)
    )
    sums: dict[tuple[int, int], dict[bool, int]] = defaultdict(dict)
    for hospital, lot, early, received in session.execute(query):
        sums[hospital, lot][bool(early)] = max(0, received)
    for hospital, held in lines.items():
        for lot, given in held.items():
            given.early = _share(sums.get((hospital, lot), {}))


def _share(of: dict[bool, int]) -> int:
    early, late = of.get(True, 0), of.get(False, 0)
    return round_whole(early * 10**F, early + late) if early + late else 0
