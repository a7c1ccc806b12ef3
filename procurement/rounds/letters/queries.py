"""Letters as their readers may see them, and what company letters say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.identity import record_id
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation
from procurement.bids.flow import BidState
from procurement.bids.joints import queries as joints
from procurement.bids.joints.models import Joint
from procurement.bids.models import Bid
from procurement.demand.models import Lot
from procurement.rounds.announcements.queries import plain
from procurement.rounds.flow import Outcome, SupplyRole
from procurement.rounds.letters.flow import LetterKind
from procurement.rounds.letters.models import Letter
from procurement.rounds.models.awards import Award, Pick
from procurement.rounds.models.evaluations import Decision, Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds, supply
from procurement.rounds.voids import queries as voids

Content = dict[str, Any]
ADDRESSEES = (OrganisationKind.COMPANY, OrganisationKind.HOSPITAL, OrganisationKind.PHARMACY)


def visible(actor: Actor) -> Select[Letter]:
    """Return the letters an actor may see: those to his organisation, or all for those who run or oversee."""
    query = select(Letter)
    if actor.runs_platform:
        return query
    if actor.organisation_id is not None and actor.organisation_kind in ADDRESSEES:
        return query.where(Letter.organisation_id == actor.organisation_id)
    return query.where(false())


def is_mine(letter: Letter, actor: Actor) -> bool:
    """Say whether the letter is addressed to the actor's organisation."""
    return letter.organisation_id == actor.organisation_id and actor.organisation_kind in ADDRESSEES


def asked(parts: Mapping[str, str]) -> dict[str, Any]:
    """Return the filter of the list page from the parts of its address."""
    return {"round_id": record_id(parts.get("round", "")), "kind": parts.get("kind", ""),
            "read": parts.get("read", ""), "text": parts.get("q", "").strip()[:80]}  # fmt: skip


def listing(
    actor: Actor, *, round_id: int | None = None, kind: str = "", read: str = "", text: str = ""
) -> Select[Letter]:
    """Return the query of the list page: of a round or kind, read (1) or not (0), to whoever's name holds the text."""
    query = visible(actor).options(joinedload(Letter.organisation), joinedload(Letter.round))
    query = query.join(Organisation, Organisation.id == Letter.organisation_id)
    if round_id is not None:
        query = query.where(Letter.round_id == round_id)
    if kind in {each.value for each in LetterKind}:
        query = query.where(Letter.kind == LetterKind(kind))
    if read in ("0", "1"):
        query = query.where(Letter.read_at.is_(None) if read == "0" else Letter.read_at.is_not(None))
    if text:
        query = query.where(Organisation.name.contains(text, autoescape=True))
    return query.order_by(Letter.issued_at.desc(), Letter.kind, Letter.serial)


def one(session: Session, letter_id: int, actor: Actor, *, lock: bool = False) -> Letter:
    """Return a letter, or NotFound."""
    query = visible(actor).where(Letter.id == letter_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(letter=letter_id)
    return found


def printable(session: Session, actor: Actor, **asked_for: Any) -> Sequence[Letter]:
    """Return the letters of a list that may be printed; those to oneself that were not opened yet are left out."""
    found = session.scalars(listing(actor, **asked_for)).all()
    return [each for each in found if each.read_at is not None or not is_mine(each, actor)]


def unread(session: Session, actor: Actor) -> int:
    """Count the letters to the actor's organisation that nobody there has opened."""
    if actor.organisation_kind not in ADDRESSEES:
        return 0
    query = select(func.count(Letter.id)).where(
        Letter.organisation_id == actor.organisation_id, Letter.read_at.is_(None)
    )
    return session.scalar(query) or 0


def has_any(session: Session, round_: Round, actor: Actor) -> bool:
    """Say whether the actor may see a letter of a round."""
    query = visible(actor).with_only_columns(Letter.id).where(Letter.round_id == round_.id)
    return session.scalar(query.limit(1)) is not None


def rounds_with(session: Session, actor: Actor) -> Sequence[Round]:
    """Return the rounds that the actor's letters come from, newest first."""
    ids = visible(actor).with_only_columns(Letter.round_id)
    return session.scalars(select(Round).where(Round.id.in_(ids)).order_by(Round.id.desc())).all()


def kept(session: Session, round_id: int, kind: LetterKind) -> set[int]:
    """Return whom letters of a kind were issued to."""
    query = select(Letter.organisation_id).where(Letter.round_id == round_id, Letter.kind == kind)
    return set(session.scalars(query))


def last_serial(session: Session, year: int, kind: LetterKind) -> int:
    """Return the newest number of a kind and year."""
    query = select(func.max(Letter.serial)).where(Letter.year == year, Letter.kind == kind)
    return session.scalar(query) or 0


def states(session: Session, round_id: int) -> dict[LetterKind, tuple[int, int]]:
    """Count a round's letters by kind: issued, read."""
    query = select(Letter.kind, func.count(), func.count(Letter.read_at)).where(Letter.round_id == round_id)
    return {row[0]: (row[1], row[2]) for row in session.execute(query.group_by(Letter.kind))}


def won(session: Session, round_: Round) -> dict[int, Content]:
    """Return what each winner's letter says: its lots with prices, regions, volumes and period.

    Who bid jointly gets the lots of the joint bid in a letter of its own, whoever led.
    """
    awards, picks = supply.award_rows(session, round_), supply.picks(session, round_)
    bound = joints.standing(session, round_.box_id)
    ordered = sorted(awards, key=lambda each: (each.lot.number, each.company_id, each.specification_id))
    found: dict[int, list[Content]] = defaultdict(list)
    for (lot_id, company_id), rows in groupby(ordered, key=lambda each: (each.lot_id, each.company_id)):
        _tell(found, company_id, bound.get((lot_id, company_id)), _won_lot(list(rows), picks))
    return {company_id: {"lots": lots} for company_id, lots in found.items()}


def _tell(found: dict[int, list[Content]], company_id: int, joint: Joint | None, said: Content) -> None:
    for each in [company_id] if joint is None else [one.company_id for one in joint.members]:
        found[each].append(said | members(joint))


def members(joint: Joint | None) -> Content:
    """Return what a letter says of a joint bid: its companies with their shares, the lead first; else nothing."""
    if joint is None:
        return {}
    bound = sorted(joint.members, key=lambda each: (each.company_id != joint.lead_id, each.id))
    return {"joint": [{"name": each.company.name, "share": plain(each.share)} for each in bound]}


def _won_lot(awards: Sequence[Award], picks: Iterable[Pick]) -> Content:
    first = awards[0]
    mine = [each for each in picks if (each.lot_id, each.company_id) == (first.lot_id, first.company_id)]
    return {
        "number": first.lot.number, "variety": first.lot.variety.name, "period": first.period,
        "ratio": plain(first.ratio),
        "regions": {role.value: [each.region.name for each in mine if each.role is role] for role in SupplyRole},
        "rows": [_won_row(each) for each in awards],
    }  # fmt: skip


def _won_row(award: Award) -> Content:
    volumes = [{"region": each.region.name, "agreed": plain(each.agreed)} for each in award.volumes]
    return {"specification": award.specification.text, "unit": award.specification.unit, "price": plain(award.price),
            "volumes": volumes, "agreed": plain(sum(each.agreed for each in award.volumes))}  # fmt: skip


def not_selected(session: Session, round_: Round, evaluation: Evaluation) -> dict[int, Content]:
    """Return what the letter to each company says that won nothing in a lot: its bids, outcomes and void lots.

    Who bid jointly gets a letter of its own, as those that won do.
    """
    found: dict[int, list[Content]] = defaultdict(list)
    decided, bound = results.decisions(session, evaluation), joints.standing(session, round_.box_id)
    winning = {(one.company_id, one.lot_id) for one in decided if one.outcome in results.WINNERS}
    for one in decided:
        if (one.company_id, one.lot_id) not in winning:
            _tell(found, one.company_id, bound.get((one.lot_id, one.company_id)), _lost(one))
    for company_id, lot_id, said in _void_bids(session, round_):
        _tell(found, company_id, bound.get((lot_id, company_id)), said)
    return {company: {"lots": sorted(rows, key=lambda row: row["number"])} for company, rows in found.items()}


def _lost(one: Decision) -> Content:
    return {
        "number": one.lot.number, "variety": one.lot.variety.name, "specification": one.specification.text,
        "decision": one.id, "typed": one.typed, "comparable": plain(one.comparable_price), "rank": one.rank,
        "outcome": (Outcome.LOST if one.outcome in results.WINNERS else one.outcome).value, "reason": one.reason,
    }  # fmt: skip


def _void_bids(session: Session, round_: Round) -> Iterable[tuple[int, int, Content]]:
    void = voids.void_lots(session, round_)
    lots = {lot.id: lot for lot in rounds.lots(session, round_) if lot.id in void}
    query = select(Bid.company_id, Bid.lot_id).where(
        Bid.box_id == round_.box_id, Bid.lot_id.in_(lots), Bid.state == BidState.OPENED
    )
    for company_id, lot_id in session.execute(query.order_by(Bid.company_id, Bid.lot_id)):
        lot: Lot = lots[lot_id]
        ended = {"reason": void[lot_id].reason.value, "text": void[lot_id].text}
        yield company_id, lot_id, {"number": lot.number, "variety": lot.variety.name, "void": ended}


def decisions(session: Session, letters: Iterable[Letter]) -> dict[int, Decision]:
    """Return the decisions that letters speak of, for their steps: decisions are never changed."""
    ids = {row["decision"] for each in letters for row in each.content["lots"] if "decision" in row}
    query = select(Decision).where(Decision.id.in_(ids)).options(joinedload(Decision.lot))
    return {one.id: one for one in session.scalars(query)}
