"""Make the agreements that follow from an award: hospital × winner × specification, one an agreement year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.db import insert_rows
from kernel.errors import Conflict
from kernel.money import working
from kernel.notices.services import notify
from kernel.periods import Period, month_of, years
from procurement.agreements import queries
from procurement.agreements.models import Agreement
from procurement.agreements.opening import services as opening
from procurement.agreements.prices.services import list_winners
from procurement.agreements.reassignment import queries as reassignments
from procurement.agreements.reassignment.flow import ReassignmentState
from procurement.bids.joints import queries as joints
from procurement.demand.queries.base import hospital_base
from procurement.rounds.flow import RoundState
from procurement.rounds.models.awards import Award, AwardVolume
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds, supply
from procurement.rounds.rules.supply import STEP, Need, by_weight, taken
from procurement.tags import Tag

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Share:
    """What a hospital agrees to buy of an award's specification, of what it reported."""

    hospital_id: int
    agreed: Decimal
    reported: Decimal


def create_agreements(session: Session, *, round_id: int, actor: Actor, at: datetime) -> int:
    """Make the first year's agreements of an awarded round, each region's agreed volume divided among its hospitals.

    Of consumables each hospital's own volumes stand, once the pools are reassigned. They start on the first day of the
    month after the award. Return how many were made.
    """
    round_ = rounds.one(session, round_id, actor)
    if round_.state not in (RoundState.AWARDED, RoundState.CLOSED) or round_.awarded_at is None:
        raise Conflict("not-awarded", code=round_.code)
    if queries.of_round(session, round_.id):
        raise Conflict("agreements-made-already", code=round_.code)
    first = month_of(today(round_.awarded_at), 1)
    divided = _by_hospital if supply.by_hospital(session, round_) else _by_region
    found = divided(session, round_)
    rows = [_row(*one, first) for one in found]
    _write(session, round_, rows, {_key(row): share.reported for row, (*_, share) in zip(rows, found, strict=True)}, at)
    list_winners(session, round_=round_, period=partial(period_of, starts=first), actor=actor, at=at)
    record(session, Tag.AGREEMENTS_MADE, round_, actor, at, {"count": len(rows), "starts": first.isoformat()})
    _tell(session, round_, rows, at)
    return len(rows)


Agreed = tuple[Award, int, _Share]
"""An award, the specification that is delivered, and a hospital's share of it."""
Key = tuple[int, int, int]
"""Award, hospital, specification."""


def _write(
    session: Session, round_: Round, rows: list[dict[str, Any]], reported: dict[Key, Decimal], at: datetime
) -> None:
    """Insert the agreements and enter them into the ledger with what was reported."""
    if not rows:
        return
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    insert_rows(session, Agreement.__table__, columns=columns)
    made = queries.made(session, round_.id, year=1)
    known = {one.id: reported[one.award_id, one.hospital_id, one.specification_id] for one in made}
    opening.enter(session, made, known, at=at)


def _key(row: dict[str, Any]) -> Key:
    return row["award_id"], row["hospital_id"], row["specification_id"]


def _by_region(session: Session, round_: Round) -> list[Agreed]:
    """Divide each region's agreed volume among its hospitals by what they reported."""
    weights = _weights(session, round_)
    factors = {(lot.id, each.specification_id): each.volume_factor
               for lot in rounds.lots(session, round_) for each in lot.specifications}  # fmt: skip
    return [
        (award, volume.specification_id, share)
        for award in supply.award_rows(session, round_)
        for volume in award.volumes
        for share in _shares(
            volume.agreed, weights[award.lot_id, award.company_id, _place(volume)],
            factors[award.lot_id, volume.specification_id],
        )
    ]  # fmt: skip


def _by_hospital(session: Session, round_: Round) -> list[Agreed]:
    """Take what each hospital agreed and was reassigned; of a system every component and its service, set by set."""
    found = reassignments.of_round(session, round_.id)
    if found is None or found.state is not ReassignmentState.CLOSED:
        raise Conflict("reassignment-first", code=round_.code)
    agreed: dict[int, dict[int, list[Decimal]]] = defaultdict(lambda: defaultdict(lambda: [ZERO, ZERO]))
    for row in reassignments.volumes(session, found):
        if row.award_id is not None:
            sums = agreed[row.award_id][row.hospital_id]
            sums[0], sums[1] = sums[0] + row.agreed + row.reassigned, sums[1] + row.reported
    shares: dict[int, dict[int, list[Decimal]]] = defaultdict(lambda: defaultdict(lambda: [ZERO, ZERO]))
    awards = {}
    for award, source in supply.accompanied(session, round_):
        awards[award.id] = award
        for hospital, volumes in agreed[source].items():
            sums = shares[award.id][hospital]
            sums[0], sums[1] = sums[0] + volumes[0], sums[1] + volumes[1]
    return [
        (awards[key], awards[key].specification_id, _Share(hospital, volume, reported))
        for key, by_hospital in shares.items()
        for hospital, (volume, reported) in sorted(by_hospital.items())
        if volume > 0
    ]


def period_of(award: Award, starts: date) -> Period:
    """Return the first agreement year, cut where the award ends on a fixed day that comes sooner."""
    whole = years(starts, 1)
    if isinstance(award.period, str):
        last = date.fromisoformat(award.period)
        if whole.end is not None and starts <= last < whole.end:
            return Period(starts, date.fromordinal(last.toordinal() + 1))
    return whole


Place = tuple[str, int]
"""A region and the specification that is delivered there."""
Weights = dict[tuple[int, int, Place], dict[int, Decimal]]
"""Lot, company and place → hospital → what it reported and this winner takes, in reference units."""


def _place(volume: AwardVolume) -> Place:
    return volume.region_code, volume.specification_id


def _weights(session: Session, round_: Round) -> Weights:
    """Follow every line of every hospital to the winners that take it, by the rules that made the agreed volumes."""
    evaluation = results.latest(session, round_)
    lines = hospital_base(session, round_.call_id)
    found: Weights = defaultdict(lambda: defaultdict(Decimal))
    divisions = supply.divisions(session, round_, evaluation) if evaluation else {}
    leads = joints.leads(session, round_.box_id)
    for lot_id, division in divisions.items():
        for line in lines.get(lot_id, []):
            brand = None if line.company_id is None else leads.get(lot_id, {}).get(line.company_id, line.company_id)
            need = Need(line.region_code, line.specification_id, brand, line.quantity)
            for company, made, quantity in taken(need, division.suppliers, main=division.main):
                place = lot_id, company, (line.region_code, made)
                found[place][line.hospital_id] += quantity * line.volume_factor
    return found


def _shares(agreed: Decimal, weights: dict[int, Decimal], factor: Decimal) -> list[_Share]:
    """Divide an agreed volume by what hospitals reported, in whole units that add up exactly.

    `weights` are in reference units; `factor` leads there from the specification that is delivered.
    """
    hospitals = sorted(weights)
    parts = by_weight(agreed, [weights[one] for one in hospitals])
    with working():
        reported = [(weights[one] / factor).quantize(STEP, rounding=ROUND_HALF_UP) for one in hospitals]
    return [_Share(*row) for row in zip(hospitals, parts, reported, strict=True) if row[1] > 0]


def _row(award: Award, specification_id: int, share: _Share, starts: date) -> dict[str, Any]:
    period = period_of(award, starts)
    return {
        "award_id": award.id,
        "hospital_id": share.hospital_id,
        "company_id": award.company_id,
        "specification_id": specification_id,
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
