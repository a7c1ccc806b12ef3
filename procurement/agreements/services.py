"""Make the agreements that follow from an award: hospital × winner × specification, one an agreement year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.db import insert_rows
from kernel.errors import Conflict
from kernel.notices.services import notify
from kernel.periods import Period, years
from procurement.agreements import queries
from procurement.agreements.models import Agreement
from procurement.demand.queries.base import HospitalLine, hospital_base
from procurement.rounds.flow import RoundState
from procurement.rounds.models import Award, AwardVolume, Round
from procurement.rounds.queries import rounds, supply
from procurement.rounds.rules.supply import by_weight


@dataclass(frozen=True, slots=True)
class _Share:
    """What a hospital agrees to buy of an award's specification."""

    hospital_id: int
    agreed: Decimal


def create_agreements(session: Session, *, round_id: int, actor: Actor, at: datetime) -> int:
    """Make the first year's agreements of an awarded round, each region's agreed volume divided among its hospitals.

    They start on the first day of the month after the award. Return how many were made.
    """
    round_ = rounds.one(session, round_id, actor)
    if round_.state not in (RoundState.AWARDED, RoundState.CLOSED) or round_.awarded_at is None:
        raise Conflict("not-awarded", code=round_.code)
    if queries.of_round(session, round_.id):
        raise Conflict("agreements-made-already", code=round_.code)
    first = next_month(today(round_.awarded_at))
    lines, won = hospital_base(session, round_.call_id), supply.won_with(session, round_)
    by_winner = groupby(supply.award_rows(session, round_), attrgetter("lot_id", "company_id"))
    rows = [
        row
        for (lot_id, company_id), awards in by_winner
        for row in _rows(list(awards), lines[lot_id], won[lot_id, company_id], first)
    ]
    if rows:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        insert_rows(session, Agreement.__table__, columns=columns)  # type: ignore[arg-type]  # a declarative table is a Table
    record(session, Tag.AGREEMENTS_MADE, round_, actor, at, {"count": len(rows), "starts": first.isoformat()})
    _tell(session, round_, rows, at)
    return len(rows)


def next_month(day: date) -> date:
    """Return the first day of the next month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def period_of(award: Award, starts: date) -> Period:
    """Return the first agreement year, cut where the award ends on a fixed day that comes sooner."""
    whole = years(starts, 1)
    if isinstance(award.period, str):
        last = date.fromisoformat(award.period)
        if whole.end is not None and starts <= last < whole.end:
            return Period(starts, date.fromordinal(last.toordinal() + 1))
    return whole


def _rows(awards: Sequence[Award], lines: Sequence[HospitalLine], main: int, starts: date) -> list[dict[str, Any]]:
    """Divide what one winner of a lot was awarded, over the specifications it makes; it won with `main`."""
    makes = {award.specification_id for award in awards}
    return [
        _row(award, volume, share, starts)
        for award in awards
        for volume in award.volumes
        for share in _shares(volume, lines, makes, main)
    ]


def _shares(volume: AwardVolume, lines: Sequence[HospitalLine], makes: set[int], main: int) -> list[_Share]:
    """Divide a region's agreed volume by what its hospitals reported, in whole units that add up exactly.

    A line of a specification the winner does not make counts for the one it won with.
    """
    weights: dict[int, Decimal] = {}
    for line in lines:
        made = line.specification_id if line.specification_id in makes else main
        if line.region_code == volume.region_code and made == volume.specification_id:
            weights[line.hospital_id] = weights.get(line.hospital_id, Decimal(0)) + line.quantity * line.volume_factor
    hospitals = sorted(weights)
    parts = by_weight(volume.agreed, [weights[one] for one in hospitals])
    return [_Share(one, part) for one, part in zip(hospitals, parts, strict=True) if part > 0]


def _row(award: Award, volume: AwardVolume, share: _Share, starts: date) -> dict[str, Any]:
    period = period_of(award, starts)
    return {
        "award_id": award.id,
        "hospital_id": share.hospital_id,
        "company_id": award.company_id,
        "specification_id": volume.specification_id,
        "product_id": award.product_id,
        "year": 1,
        "starts": period.start,
        "ends": period.end,
        "price": award.price,
        "agreed": share.agreed,
        "used": Decimal(0),
    }


def _tell(session: Session, round_: Round, rows: Sequence[dict[str, Any]], at: datetime) -> None:
    told = sorted({row["hospital_id"] for row in rows} | {row["company_id"] for row in rows})
    if told:
        facts = {"round": round_.code, "title": round_.title}
        url = "/procurement/agreements"
        notify(session, code="agreements-made", facts=facts, at=at, url=url, organisations=told)
