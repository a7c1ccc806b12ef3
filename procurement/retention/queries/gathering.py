"""What goes into a run, read for some hospitals at a time: reports, agreements, the ledger, what people brought in.

Everything is a whole number of its column's last place (figuring.rules): quick for a province, and exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.money import round_whole
from kernel.sets import among
from kernel.wholes import whole
from procurement.agreements.ledger.flow import Move
from procurement.agreements.ledger.models import VolumeAccount, VolumeEntry
from procurement.agreements.models import Agreement
from procurement.demand.models import Lot
from procurement.demand.queries.base import hospital_volumes
from procurement.retention.figuring.rules import N, P, Q
from procurement.retention.models.inputs import Exemption, OtherUse
from procurement.retention.queries import beside
from procurement.retention.queries.ground import Ground
from procurement.retention.queries.outside import outside

PRICE = 4
"""Decimals of winning prices."""
ONE, FEN = 10**P, 10 ** (Q + PRICE - N)
"""A factor of one; a fen where a quantity was multiplied by a price."""


@dataclass(slots=True)
class Given:
    """What is known of a hospital's variety; RunLine has the same names. `cost` is Qc at the winning prices."""

    lot_id: int
    q0: int = 0
    p0: int = 0
    qc: int = 0
    pw: int = 0
    n: int = 0
    n_passed: int = 0
    n_drg: int = 0
    r: int = 0
    s: int = 0
    r_last: int | None = None
    s_last: int | None = None
    used: int = 0
    won: int = 0
    completed: bool = False
    exempt: bool = False
    early: int = 0
    cost: int = 0


Lines = dict[int, dict[int, Given]]
"""What is known by hospital and lot, in their order."""


def gathered(session: Session, ground: Ground, hospitals: Sequence[int]) -> Lines:
    """Read what goes into the lines of some hospitals."""
    lines = _agreed(session, ground, hospitals)
    _reported(session, ground, lines)
    _received(session, ground, lines)
    _brought(session, ground, lines)
    _exempt(session, ground, lines)
    for hospital, held in lines.items():
        _priced(ground, ground.regions[hospital], held)
    return lines


def _agreed(session: Session, ground: Ground, hospitals: Sequence[int]) -> Lines:
    """Add agreements and what was received of them; an agreement counts in reference specifications."""
    lines: Lines = {hospital: {} for hospital in hospitals}
    got = _got(session, hospitals)
    query = select(
        Agreement.id, Agreement.hospital_id, Agreement.award_id, Agreement.specification_id, whole(Agreement.agreed),
        whole(Agreement.price),
    ).where(among(Agreement.hospital_id, hospitals), Agreement.year == ground.year)  # fmt: skip
    for agreement, hospital, award, specification, agreed, price in session.execute(query):
        lot = ground.awards.get(award)
        if lot is not None:
            held = lines[hospital]
            one = held.get(lot) or held.setdefault(lot, Given(lot))
            _add(one, agreed, price, got.get(agreement, 0), ground.factors.get((lot, specification), ONE))
    for hospital, held in lines.items():
        lines[hospital] = dict(sorted(held.items()))
        for one in held.values():
            one.pw = round_whole(one.cost * 10 ** (P - PRICE), one.qc) if one.qc else 0
            one.completed = one.used >= one.qc
    return lines


def _add(one: Given, agreed: int, price: int, received: int, factor: int) -> None:
    one.qc += agreed if factor == ONE else round_whole(agreed * factor, ONE)
    one.used += received if factor == ONE else round_whole(received * factor, ONE)
    one.cost += agreed * price
    one.won += round_whole(received * price, FEN)


def _got(session: Session, hospitals: Sequence[int]) -> dict[int, int]:
    """Return what was received by agreement; joined in the database it is looked for row by row on SQLite."""
    one, found = VolumeAccount, dict[int, int]()
    query = select(one.agreement_id, whole(one.received), whole(one.returned)).where(among(one.hospital_id, hospitals))
    for agreement, received, returned in session.execute(query):
        if agreement is not None:
            found[agreement] = found.get(agreement, 0) + received - returned
    return found


def _reported(session: Session, ground: Ground, lines: Lines) -> None:
    """Q0: what the accepted reports ask for, before the 50 to 80 % are taken of it; the sum alone is rounded."""
    parts: dict[tuple[int, int], int] = defaultdict(int)
    for hospital, lot, quantity, factor in hospital_volumes(session, ground.call_id, list(lines)):
        parts[hospital, lot] += quantity * factor
    for (hospital, lot), volume in parts.items():
        one = lines[hospital].get(lot)
        if one is not None:
            one.q0 = round_whole(volume, ONE)


def _received(session: Session, ground: Ground, lines: Lines) -> None:
    """N on the platform: what was received outside agreements, of companies that did not win."""
    amount = whole(func.sum(VolumeEntry.amount, type_=VolumeEntry.amount.type))
    query = outside(
        select(VolumeAccount.hospital_id, Lot.id, VolumeEntry.move, amount).select_from(VolumeEntry),
        (ground.starts, ground.ends),
    ).where(Lot.call_id == ground.call_id, among(VolumeAccount.hospital_id, list(lines)))
    for hospital, lot, move, moved in session.execute(
        query.group_by(VolumeAccount.hospital_id, Lot.id, VolumeEntry.move)
    ):
        one = lines[hospital].get(lot)
        if one is not None:
            one.n += moved if move is Move.RECEIVE else -moved


def _brought(session: Session, ground: Ground, lines: Lines) -> None:
    """Add what was bought beside the platform to N: what the agency imported, else what the hospital reported."""
    reports = beside.reported(session, ground.lots, (ground.starts, ground.ends), list(lines))
    imported = select(
        OtherUse.hospital_id, OtherUse.lot_id, whole(OtherUse.amount), whole(OtherUse.passed), whole(OtherUse.drg)
    ).where(OtherUse.year == ground.year, among(OtherUse.hospital_id, list(lines)))
    for hospital, lot, amount, passed, drg in session.execute(imported):
        reports.pop((hospital, lot), None)
        one = lines[hospital].get(lot)
        if one is not None:
            one.n, one.n_passed, one.n_drg = one.n + amount, passed, drg
    for (hospital, lot), amount in reports.items():
        if lot in lines[hospital]:
            lines[hospital][lot].n += amount
    for held in lines.values():
        for one in held.values():
            one.n = max(0, one.n)


def _exempt(session: Session, ground: Ground, lines: Lines) -> None:
    query = select(Exemption.hospital_id, Exemption.lot_id).where(
        Exemption.year == ground.year, among(Exemption.hospital_id, list(lines))
    )
    for hospital, lot in session.execute(query):
        one = lines[hospital].get(lot)
        if one is not None:
            one.exempt = True


def _priced(ground: Ground, region: str, held: Mapping[int, Given]) -> None:
    """P0 of the hospital's area, r and s of the year in which the agreement year ends and of the one before."""
    (r, s), (r_last, s_last) = ground.shares[region]
    for lot, one in held.items():
        one.p0, one.r, one.s, one.r_last, one.s_last = ground.prices[lot, region], r, s, r_last, s_last
