"""What an earlier round left: who supplies which variety at which price and how much; and this round beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.money import working
from kernel.parties.models import Organisation
from procurement.demand.models import Lot, LotSpecification
from procurement.demand.queries import base
from procurement.rounds.flow import RoundState
from procurement.rounds.models.awards import Award, AwardVolume
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import facts, rounds
from procurement.rounds.rules.columns import Item
from procurement.rounds.services.facts import Fact

FINISHED = (RoundState.AWARDED, RoundState.CLOSED)


@dataclass(frozen=True, slots=True)
class Incumbent:
    """A winner of the earlier round: its price per unit of the specification it won with first."""

    company: Organisation
    price: Decimal
    specification: str


@dataclass(frozen=True, slots=True)
class Renewed:
    """A lot beside the earlier round: volumes in reference units; `agreed` once this round is awarded."""

    lot: Lot
    incumbents: Sequence[Incumbent]
    before: Decimal | None
    base: Decimal | None
    agreed: Decimal | None

    @property
    def is_kept(self) -> bool | None:
        """Say whether the volume is at least the year before's; None where one of them is not known."""
        now = self.agreed if self.agreed is not None else self.base
        return None if self.before is None or now is None else now >= self.before


def finished(session: Session, actor: Actor) -> Sequence[Round]:
    """Return the rounds that another can renew, newest first."""
    return session.scalars(rounds.visible(actor).where(Round.state.in_(FINISHED))).all()


def earlier(session: Session, round_: Round) -> Round | None:
    """Return the round that a round renews."""
    return session.get(Round, round_.renews_id) if round_.renews_id is not None else None


def for_inside(session: Session, round_id: int, actor: Actor) -> Round:
    """Return a round for whoever works on it or oversees it; NotFound for others."""
    found = rounds.one(session, round_id, actor)
    if not rounds.is_inside(actor):
        raise NotFound(round=round_id)
    return found


def incumbents(session: Session, round_: Round) -> dict[int, list[Incumbent]]:
    """Return who won each of this round's varieties in the earlier round, by this round's lot."""
    query = (
        select(Lot.variety_id, Award)
        .join(Award, Award.lot_id == Lot.id)
        .where(Award.round_id == round_.renews_id)
        .options(joinedload(Award.company), joinedload(Award.specification))
        .order_by(Award.company_id, Award.id)
    )
    found: dict[int, dict[int, Incumbent]] = {}
    for variety, award in session.execute(query):
        one = Incumbent(award.company, award.price, award.specification.text)
        found.setdefault(variety, {}).setdefault(award.company_id, one)
    lots = rounds.lots(session, round_)
    return {lot.id: list(found[lot.variety_id].values()) for lot in lots if lot.variety_id in found}


def agreed(session: Session, round_id: int | None) -> dict[int, Decimal]:
    """Return a round's agreed volumes by variety, in reference units."""
    query = (
        select(Lot.variety_id, AwardVolume.agreed, LotSpecification.volume_factor)
        .join(Award, Award.id == AwardVolume.award_id)
        .join(Lot, Lot.id == Award.lot_id)
        .join(
            LotSpecification,
            (LotSpecification.lot_id == Lot.id) & (LotSpecification.specification_id == AwardVolume.specification_id),
        )
        .where(Award.round_id == round_id)
    )
    found: dict[int, Decimal] = {}
    with working():
        for variety, volume, factor in session.execute(query):
            found[variety] = found.get(variety, Decimal(0)) + volume * factor
    return found


def rows(session: Session, round_: Round) -> list[Renewed]:
    """Return every lot beside the earlier round."""
    known, before = incumbents(session, round_), agreed(session, round_.renews_id)
    now, bases = agreed(session, round_.id), base.lot_totals(session, round_.call_id)
    return [
        Renewed(lot, known.get(lot.id, []), before.get(lot.variety_id), bases.get(lot.id), now.get(lot.variety_id))
        for lot in rounds.lots(session, round_)
    ]


def proposals(session: Session, round_: Round) -> list[Fact]:
    """Return whether each opened bid is an incumbent's, as facts where none stands yet; nothing the rules don't ask."""
    former = earlier(session, round_)
    if former is None or Item.INCUMBENT not in {column.name for column in facts.asked_of(round_)}:
        return []
    stored = facts.stored(session, round_)
    known: Mapping[int, set[int]] = {
        lot: {one.company.id for one in found} for lot, found in incumbents(session, round_).items()
    }
    source = f"{former.code} 中选结果"
    return [
        Fact(*place, Item.INCUMBENT.value, "1" if place[1] in known.get(place[0], set()) else "0", source)
        for place in sorted(facts.places(session, round_))
        if (*place, Item.INCUMBENT.value) not in stored
    ]
