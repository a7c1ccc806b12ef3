"""What stands in an announcement, and who is told of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.parties.models import Organisation
from procurement.bids.flow import BidState
from procurement.bids.models import Bid
from procurement.demand.models import Lot, Report
from procurement.rounds.announcements.flow import AnnouncementKind
from procurement.rounds.announcements.models import Announcement
from procurement.rounds.flow import SupplyRole
from procurement.rounds.models.awards import Award, Pick
from procurement.rounds.models.evaluations import Decision, Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.objections.queries import objectors
from procurement.rounds.queries import results, rounds, supply
from procurement.rounds.voids import queries as voids
from procurement.rounds.voids.models import VoidRequest

RESULTS = (AnnouncementKind.PROPOSED, AnnouncementKind.CORRECTION)


def all_of(session: Session, round_: Round) -> Sequence[Announcement]:
    """Return a round's announcements, newest first."""
    query = select(Announcement).where(Announcement.round_id == round_.id).order_by(Announcement.number.desc())
    return session.scalars(query).all()


def count(session: Session, round_: Round) -> int:
    """Count a round's announcements."""
    return session.scalar(select(func.count(Announcement.id)).where(Announcement.round_id == round_.id)) or 0


def one(session: Session, round_: Round, number: int) -> Announcement:
    """Return an announcement of a round the reader may see, or NotFound."""
    query = select(Announcement).where(Announcement.round_id == round_.id, Announcement.number == number)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(announcement=number)
    return found


def next_number(session: Session, round_: Round) -> int:
    """Return the number of the next announcement; the round's row is locked."""
    query = select(func.coalesce(func.max(Announcement.number), 0)).where(Announcement.round_id == round_.id)
    return (session.scalar(query) or 0) + 1


def last_result(session: Session, round_: Round) -> Announcement | None:
    """Return the newest announcement of proposed winners, corrected or not."""
    return next((each for each in all_of(session, round_) if each.kind in RESULTS), None)


def bidders(session: Session, round_: Round) -> set[int]:
    """Return the companies whose bids were opened."""
    query = select(Bid.company_id).where(Bid.box_id == round_.box_id, Bid.state == BidState.OPENED)
    return set(session.scalars(query.distinct()))


def hospitals(session: Session, round_: Round) -> set[int]:
    """Return the hospitals and pharmacies that reported."""
    return set(session.scalars(select(Report.hospital_id).where(Report.call_id == round_.call_id)))


def concerned(session: Session, round_: Round) -> set[int]:
    """Return the organisations that a public act of an opened round concerns."""
    return bidders(session, round_) | hospitals(session, round_) | objectors(session, round_)


def proposed(session: Session, round_: Round, evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return the lots with their proposed winners, void and failed ones included, as an announcement keeps them."""
    found = {one.lot_id: one for one in results.lot_results(session, evaluation)}
    winners = groupby(results.winners(session, evaluation), key=lambda each: each.lot_id)
    by_lot = {lot_id: [_winner(each) for each in part] for lot_id, part in winners}
    void = voids.void_lots(session, round_)
    return [
        {**_lot(lot, void.get(lot.id)), "bidders": found[lot.id].bidders if lot.id in found else 0,
         "rows": by_lot.get(lot.id, [])}
        for lot in rounds.lots(session, round_)
    ]  # fmt: skip


def awarded(session: Session, round_: Round) -> list[dict[str, Any]]:
    """Return the lots with their awards, as an announcement keeps them."""
    awards, picks = supply.awards_by_lot(session, round_), supply.picks(session, round_)
    void = voids.void_lots(session, round_)
    return [
        {**_lot(lot, void.get(lot.id)), "rows": [_award(each, picks) for each in awards.get(lot.id, [])]}
        for lot in rounds.lots(session, round_)
    ]


def voided(session: Session, round_: Round) -> list[dict[str, Any]]:
    """Return the void lots, as an announcement keeps them."""
    void = voids.void_lots(session, round_)
    return [{**_lot(lot, void[lot.id]), "rows": []} for lot in rounds.lots(session, round_) if lot.id in void]


def changes(session: Session, round_: Round, before_id: int | None, after: Evaluation) -> list[dict[str, Any]]:
    """Return what an evaluation decides otherwise than the one that was announced before."""
    before = session.get(Evaluation, before_id) if before_id is not None else None
    if before is None or before.id == after.id:
        return []
    return [
        {"lot": lot.number, "variety": lot.variety.name, "company": company,
         "fields": [[part.field, plain(part.before), plain(part.after)] for part in parts]}
        for lot, company, parts in results.described(session, round_, results.between(session, before, after))
    ]  # fmt: skip


def plain(value: object) -> str | None:
    """Write a value of a decision as text that says the same for ever."""
    if value is None or value == "":
        return None
    return format(value, "f") if isinstance(value, Decimal) else str(getattr(value, "value", value))


def issuer(session: Session, actor: Actor) -> str:
    """Return the full name of the organisation that issues a document."""
    found = session.get(Organisation, actor.organisation_id) if actor.organisation_id is not None else None
    return found.name if found is not None else actor.organisation_name


def _lot(lot: Lot, void: VoidRequest | None) -> dict[str, Any]:
    ended = {"reason": void.reason.value, "text": void.text} if void else None
    return {"number": lot.number, "variety": lot.variety.name, "void": ended}


def _winner(one: Decision) -> dict[str, Any]:
    return {
        "company": one.company.name, "code": one.company.code, "specification": one.specification.text,
        "price": plain(one.winning_price), "rank": one.rank, "decided_by": one.decided_by or one.reason,
        "outcome": one.outcome.value,
    }  # fmt: skip


def _award(one: Award, picks: Iterable[Pick]) -> dict[str, Any]:
    mine = [each for each in picks if (each.lot_id, each.company_id) == (one.lot_id, one.company_id)]
    regions = {role.value: [each.region.name for each in mine if each.role is role] for role in SupplyRole}
    return {
        "company": one.company.name, "code": one.company.code, "specification": one.specification.text,
        "price": plain(one.price), "ratio": plain(one.ratio), "period": one.period, "regions": regions,
    }  # fmt: skip


def moment(value: datetime | None) -> str | None:
    """Write an instant as an announcement keeps it."""
    return value.isoformat() if value is not None else None
