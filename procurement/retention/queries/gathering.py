"""What goes into a run, read for a whole area at once: reports, agreements, the ledger, what people brought in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Specification
from kernel.errors import DomainError
from kernel.money import round_amount, round_factor, working
from kernel.parties.models import Organisation
from procurement.agreements.ledger.flow import Book, Move
from procurement.agreements.ledger.models import VolumeAccount, VolumeEntry
from procurement.agreements.models import Agreement
from procurement.demand.models import Lot, LotSpecification
from procurement.demand.queries.base import hospital_base
from procurement.demand.rules import add_up
from procurement.orders.figures.queries.sums import prefix
from procurement.retention.models.inputs import Exemption, OtherUse, PoolShare, PriorPurchase
from procurement.retention.rules import ZERO, weighted_price
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round

Key = tuple[int, int]
"""Hospital and lot."""


class Missing(DomainError):
    """Something that goes into every line is not known; `lots` have no price before the round, `areas` no shares."""

    code = "retention-missing"


@dataclass(slots=True)
class Given:
    """What is known of a hospital's variety. Quantities per reference specification, amounts in yuan."""

    q0: Decimal = ZERO
    qc: Decimal = ZERO
    cost: Decimal = ZERO
    used: Decimal = ZERO
    won: Decimal = ZERO
    n: Decimal = ZERO
    passed: Decimal = ZERO
    drg: Decimal = ZERO
    p0: Decimal = ZERO
    r: Decimal = ZERO
    s: Decimal = ZERO
    r_last: Decimal | None = None
    s_last: Decimal | None = None
    exempt: bool = False

    @property
    def pw(self) -> Decimal:
        """Return the winning price per reference specification; of several agreements what they cost together."""
        with working():
            return round_factor(self.cost / self.qc) if self.qc else ZERO

    @property
    def completed(self) -> bool:
        """Say whether the agreed volume was received."""
        return self.used >= self.qc


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that goes into a run, by hospital and lot, in their order; the year's days (the end is not in it)."""

    lines: dict[Key, Given]
    regions: dict[int, str]
    starts: date
    ends: date


def within(area_code: str) -> ColumnElement[bool]:
    """Say whether an organisation is in an area or below it."""
    return Organisation.region_code.startswith(prefix(area_code), autoescape=True)


def places(code: str) -> tuple[str, ...]:
    """Return where to look for what is known of a region: there, in its city, in its province."""
    return tuple(dict.fromkeys((code, f"{code[:4]}00", f"{code[:2]}0000")))


def gathered(session: Session, *, round_: Round, year: int, area_code: str) -> Gathered:
    """Read everything; raises Missing with all that nobody has brought in yet."""
    lines: dict[Key, Given] = defaultdict(Given)
    regions, starts, ends = _agreed(session, round_.id, year, area_code, lines)
    held = dict(sorted(lines.items()))
    _reported(session, round_.call_id, held)
    _other(session, round_.id, year, area_code, (starts, ends), held)
    _exempt(session, year, held)
    _priced(session, held, regions, (ends.year if (ends.month, ends.day) != (1, 1) else ends.year - 1))
    return Gathered(held, regions, starts, ends)


def _agreed(
    session: Session, round_id: int, year: int, area_code: str, lines: dict[Key, Given]
) -> tuple[dict[int, str], date, date]:
    """Add agreements and what was received of them; an agreement counts in reference specifications."""
    regions: dict[int, str] = {}
    days: list[tuple[date, date]] = []
    for hospital, lot, region, starts, ends, agreed, price, got_, factor in session.execute(
        _agreements(round_id, year, area_code)
    ):
        one, count = lines[hospital, lot], factor or Decimal(1)
        received = got_ or ZERO
        one.qc += add_up([(agreed, count)])
        one.cost += agreed * price
        one.used += add_up([(received, count)])
        one.won += round_amount(received * price)
        regions[hospital] = region or area_code
        days.append((starts, ends))
    if not days:
        raise DomainError("retention-no-agreements", year=year)
    return regions, min(start for start, _end in days), max(end for _start, end in days)


def _agreements(round_id: int, year: int, area_code: str) -> Any:
    """Return the query of an area's agreements, each with what was received of it and its volume factor."""
    got = func.sum(VolumeAccount.received - VolumeAccount.returned, type_=VolumeAccount.received.type)
    used = (
        select(VolumeAccount.agreement_id, got.label("used"))
        .where(VolumeAccount.agreement_id.is_not(None))
        .group_by(VolumeAccount.agreement_id)
        .subquery()
    )
    return (
        select(
            Agreement.hospital_id, Award.lot_id, Organisation.region_code, Agreement.starts, Agreement.ends,
            Agreement.agreed, Agreement.price, used.c.used, LotSpecification.volume_factor,
        )
        .join(Award, Award.id == Agreement.award_id)
        .join(Organisation, Organisation.id == Agreement.hospital_id)
        .outerjoin(used, used.c.agreement_id == Agreement.id)
        .outerjoin(
            LotSpecification,
            (LotSpecification.lot_id == Award.lot_id)
            & (LotSpecification.specification_id == Agreement.specification_id),
        )
        .where(Award.round_id == round_id, Agreement.year == year, within(area_code))
        .order_by(Agreement.id)
    )  # fmt: skip


def _reported(session: Session, call_id: int, lines: Mapping[Key, Given]) -> None:
    """Q0: what the accepted reports ask for, before the 50 to 80 % are taken of it."""
    parts: dict[Key, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for lot, found in hospital_base(session, call_id).items():
        for one in found:
            parts[one.hospital_id, lot].append((one.quantity, one.volume_factor))
    for key, given in lines.items():
        given.q0 = add_up(parts.get(key, ()))


def _other(
    session: Session, round_id: int, year: int, area_code: str, days: tuple[date, date], lines: Mapping[Key, Given]
) -> None:
    """N: what was received outside agreements of the variety, by companies that did not win it, and imported use."""
    lots = dict(session.execute(winning(round_id)).all())
    winners: dict[int, set[int]] = defaultdict(set)
    for lot, company in session.execute(select(Award.lot_id, Award.company_id).where(Award.round_id == round_id)):
        winners[lot].add(company)
    for hospital, variety, company, move, amount in session.execute(_open(lots, area_code, days)):
        given = lines.get((hospital, lots[variety]))
        if given is not None and company not in winners[lots[variety]]:
            given.n += amount if move is Move.RECEIVE else -amount
    brought = select(OtherUse).where(OtherUse.year == year, OtherUse.lot_id.in_(set(lots.values())))
    for one in session.scalars(brought):
        given = lines.get((one.hospital_id, one.lot_id))
        if given is not None:
            given.n, given.passed, given.drg = given.n + one.amount, one.passed, one.drg
    for given in lines.values():
        given.n = max(ZERO, given.n)


def winning(round_id: int) -> Any:
    """Return the query of (variety, lot) of the lots that somebody won."""
    return select(Lot.variety_id, Lot.id).join(Award, Award.lot_id == Lot.id).where(Award.round_id == round_id)


def _open(lots: Iterable[int], area_code: str, days: tuple[date, date]) -> Any:
    """Return the query of what moved outside agreements, by hospital, variety, company and move."""
    return (
        select(
            VolumeAccount.hospital_id, Specification.variety_id, VolumeAccount.company_id, VolumeEntry.move,
            func.sum(VolumeEntry.amount, type_=VolumeEntry.amount.type),
        )
        .join(VolumeAccount, VolumeAccount.id == VolumeEntry.account_id)
        .join(Specification, Specification.id == VolumeAccount.specification_id)
        .join(Organisation, Organisation.id == VolumeAccount.hospital_id)
        .where(
            VolumeAccount.book == Book.OPEN, VolumeEntry.move.in_((Move.RECEIVE, Move.RETURN)),
            VolumeEntry.day >= days[0], VolumeEntry.day < days[1], Specification.variety_id.in_(list(lots)),
            within(area_code),
        )
        .group_by(
            VolumeAccount.hospital_id, Specification.variety_id, VolumeAccount.company_id, VolumeEntry.move
        )
    )  # fmt: skip


def _exempt(session: Session, year: int, lines: Mapping[Key, Given]) -> None:
    held = select(Exemption.hospital_id, Exemption.lot_id).where(Exemption.year == year)
    for hospital, lot in session.execute(held):
        given = lines.get((hospital, lot))
        if given is not None:
            given.exempt = True


def _priced(session: Session, lines: Mapping[Key, Given], regions: Mapping[int, str], fiscal: int) -> None:
    """P0 of the hospital's area, r and s of the year in which the agreement year ends and of the one before."""
    prices, shares = prior_prices(session, {lot for _hospital, lot in lines}), _shares(session, fiscal)
    lots: set[int] = set()
    areas: set[str] = set()
    for (hospital, lot), given in lines.items():
        near = places(regions[hospital])
        price = next((prices[lot, code] for code in near if (lot, code) in prices), None)
        now = next((shares[code, fiscal] for code in near if (code, fiscal) in shares), None)
        before = next((shares[code, fiscal - 1] for code in near if (code, fiscal - 1) in shares), None)
        if price is None:
            lots.add(lot)
        if now is None:
            areas.add(f"{regions[hospital][:4]}00")
        if price is None or now is None:
            continue
        given.p0, given.r, given.s = price, now[0], now[1]
        given.r_last, given.s_last = before or (None, None)
    if lots or areas:
        numbers = session.scalars(select(Lot.number).where(Lot.id.in_(lots)).order_by(Lot.number)).all()
        raise Missing(lots="、".join(map(str, numbers)) or "—", areas="、".join(sorted(areas)) or "—", year=fiscal)


def prior_prices(session: Session, lots: Iterable[int]) -> dict[tuple[int, str], Decimal]:
    """Return P0 by lot and area, to 12 decimals."""
    found: dict[tuple[int, str], list[tuple[Decimal, Decimal]]] = defaultdict(list)
    query = select(PriorPurchase.lot_id, PriorPurchase.area_code, PriorPurchase.price, PriorPurchase.quantity)
    for lot, area, price, quantity in session.execute(query.where(PriorPurchase.lot_id.in_(list(lots)))):
        found[lot, area].append((price, quantity))
    with working():
        return {key: round_factor(weighted_price(rows) or ZERO) for key, rows in found.items()}


def _shares(session: Session, fiscal: int) -> dict[tuple[str, int], tuple[Decimal, Decimal]]:
    rows: Sequence[PoolShare] = session.scalars(
        select(PoolShare).where(PoolShare.year.in_((fiscal, fiscal - 1)))
    ).all()  # fmt: skip
    return {(one.area_code, one.year): (one.r, one.s) for one in rows}
