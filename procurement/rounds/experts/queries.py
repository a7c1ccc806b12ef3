"""Panels as their readers may see them: an expert its own seat and sheets, the agency and supervisors all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, selectinload

from kernel.auth.actor import Actor
from kernel.auth.models import User, UserRole
from kernel.auth.permissions import Role
from kernel.errors import NotFound
from kernel.parties.codes import OrganisationState
from kernel.parties.models import Organisation
from kernel.scores import MEAN_DECIMALS
from procurement.bids.bidders.queries import bidders, is_over
from procurement.rounds.experts import rules
from procurement.rounds.experts.flow import PanelState, SeatState, SheetState
from procurement.rounds.experts.models import InterestDeclaration, Panel, ScoreSheet, Seat
from procurement.rounds.flow import RoundState
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds, rulesets
from procurement.rounds.rules.columns import scored_by_people

PRICE = "price"  # nobody can score a sealed price: without a formula the agency enters that part after the opening
BEFORE_OPENING = (RoundState.PUBLISHED, RoundState.BIDDING)
Place = tuple[int, int, str]
"""Lot, company, item."""


@dataclass(frozen=True, slots=True)
class Manner:
    """What the rules say of experts' scores: items to score, what the mean leaves out, how far a conflict reaches."""

    items: tuple[str, ...]
    trim: str
    decimals: int
    reach: str

    @property
    def fewest(self) -> int:
        """Return how many sheets a lot needs to have a mean at all."""
        return 3 if self.trim == "high-low" else 1


def manner(round_: Round) -> Manner:
    """Return what a round's rules say about experts; no items where they don't score or leave the weights open."""
    rule_set = rulesets.in_force(round_)
    known: dict[str, Any] = {"score.trim": "none", "score.decimals": MEAN_DECIMALS, "score.conflict": "lot"}
    said = {
        name: rule_set.parameters[name].value
        if name in rule_set.parameters and rule_set.parameters[name].is_set
        else value
        for name, value in known.items()
    }
    return Manner(
        tuple(item for item in scored_by_people(rule_set) if item != PRICE), str(said["score.trim"]),
        int(said["score.decimals"]), str(said["score.conflict"]),
    )  # fmt: skip


@dataclass(slots=True)
class Board:
    """A panel with everything about its work but the scores: who sits, declared, has to score what, has done so."""

    panel: Panel
    manner: Manner
    bidders: Mapping[int, Sequence[int]]
    declared: Mapping[int, Mapping[int, InterestDeclaration]]
    sheets: Mapping[tuple[int, int], ScoreSheet]
    at: datetime
    serving: list[Seat] = field(init=False)

    def __post_init__(self) -> None:
        self.serving = [seat for seat in self.panel.seats if seat.state is SeatState.SERVING]

    @property
    def proposed(self) -> list[Seat]:
        """Return the seats that wait for a second person."""
        return [seat for seat in self.panel.seats if seat.state is SeatState.PROPOSED]

    def lots(self, seat: Seat) -> list[int]:
        """Return the lots that an expert scores: none before it has declared."""
        if seat.declared_at is None:
            return []
        conflicts = [company for company, one in self.declared.get(seat.id, {}).items() if one.conflict]
        kept = rules.kept_from(conflicts, self.bidders, self.manner.reach)
        return [lot for lot in self.bidders if lot not in kept]

    def submitted(self, lot_id: int) -> list[ScoreSheet]:
        """Return the sheets of a lot that count."""
        found = (self.sheets.get((seat.id, lot_id)) for seat in self.serving)
        return [one for one in found if one is not None and one.state is SheetState.SUBMITTED]

    @property
    def missing(self) -> list[tuple[Seat, int]]:
        """Return the sheets that are still to come, by seat and lot."""
        due = ((seat, lot) for seat in self.serving for lot in self.lots(seat))
        return [
            (seat, lot)
            for seat, lot in due
            if (sheet := self.sheets.get((seat.id, lot))) is None or sheet.state is not SheetState.SUBMITTED
        ]

    @property
    def undeclared(self) -> list[Seat]:
        """Return the experts who have not declared yet."""
        return [seat for seat in self.serving if seat.declared_at is None]

    @property
    def uncovered(self) -> list[int]:
        """Return the lots with too few sheets for a mean."""
        return [lot for lot in self.bidders if len(self.submitted(lot)) < self.manner.fewest]

    @property
    def all_in(self) -> bool:
        """Say whether every expert has declared and submitted every sheet."""
        return bool(self.bidders) and not (self.proposed or self.undeclared or self.missing or self.uncovered)

    @property
    def is_over(self) -> bool:
        """Say whether no sheet is taken any more."""
        return self.panel.state is not PanelState.WORKING or self.at >= self.panel.due_at

    @property
    def shows_scores(self) -> bool:
        """Say whether the agency and supervisors may read the scores: all are in, or the time is up."""
        return self.all_in or self.is_over


def panel(session: Session, round_: Round, *, fresh: bool = False) -> Panel | None:
    """Return the panel that works or has worked for a round; a dissolved one only where there is no other."""
    query = select(Panel).where(Panel.round_id == round_.id).options(selectinload(Panel.seats))
    found = session.scalars(query.order_by(Panel.id.desc()).execution_options(populate_existing=fresh)).all()
    return next((one for one in found if one.state is not PanelState.DISSOLVED), next(iter(found), None))


def board(session: Session, one: Panel, at: datetime) -> Board:
    """Return how far a panel is."""
    query = select(InterestDeclaration).join(Seat, Seat.id == InterestDeclaration.seat_id)
    declared: dict[int, dict[int, InterestDeclaration]] = {}
    for said in session.scalars(query.where(Seat.panel_id == one.id)):
        declared.setdefault(said.seat_id, {})[said.company_id] = said
    sheets = session.scalars(
        select(ScoreSheet)
        .join(Seat, Seat.id == ScoreSheet.seat_id)
        .where(Seat.panel_id == one.id)
        .options(selectinload(ScoreSheet.scores))
    )
    return Board(
        one, manner(one.round_), bidders(session, one.round_.box, at), declared,
        {(sheet.seat_id, sheet.lot_id): sheet for sheet in sheets}, at,
    )  # fmt: skip


def scores(found: Board) -> dict[Place, list[tuple[Seat, Decimal]]]:
    """Return the scores that count by lot, company and item; nothing before they may be read."""
    given: dict[Place, list[tuple[Seat, Decimal]]] = {}
    if not found.shows_scores:
        return given
    for lot in found.bidders:
        for sheet in found.submitted(lot):
            for one in sheet.scores:
                given.setdefault((lot, one.company_id, one.item), []).append((sheet.seat, one.score))
    return {place: sorted(each, key=lambda pair: pair[0].number) for place, each in sorted(given.items())}


def given_columns(session: Session, round_: Round) -> frozenset[str]:
    """Return the review facts that a panel gives, so that nobody types them."""
    one = panel(session, round_)
    if one is None or one.state is PanelState.DISSOLVED:
        return frozenset()
    return frozenset(f"score_{item}" for item in manner(round_).items)


def candidates(session: Session) -> Sequence[User]:
    """Return everybody who can sit on a panel: active users with the role of an expert, of active institutions."""
    experts = select(UserRole.user_id).where(UserRole.role == Role.EXPERT)
    query = select(User).join(User.organisation).where(User.active, User.id.in_(experts))
    return session.scalars(
        query.where(Organisation.state == OrganisationState.ACTIVE).order_by(Organisation.name, User.name, User.id)
    ).all()


def my_seats(session: Session, actor: Actor) -> Sequence[Seat]:
    """Return the seats the actor was confirmed for, newest first."""
    query = (
        select(Seat)
        .join(Panel, Panel.id == Seat.panel_id)
        .where(Seat.user_id == actor.user_id, Seat.state == SeatState.SERVING, Panel.state != PanelState.DISSOLVED)
    )
    return session.scalars(query.order_by(Panel.id.desc())).all()


def my_seat(session: Session, round_: Round, actor: Actor) -> Seat:
    """Return the actor's seat on a round's panel, or NotFound."""
    found = next((seat for seat in my_seats(session, actor) if seat.panel.round_id == round_.id), None)
    if found is None:
        raise NotFound(round=round_.id)
    return found


def for_inside(session: Session, round_id: int, actor: Actor) -> Round:
    """Return a round whose rules let experts score, for the agency and supervisors; NotFound for others."""
    round_ = rounds.one(session, round_id, actor)
    if not rounds.is_inside(actor) or not manner(round_).items:
        raise NotFound(round=round_id)
    return round_


def companies(session: Session, ids: Iterable[int]) -> dict[int, Organisation]:
    """Return companies by id, in the order of their names."""
    query = select(Organisation).where(Organisation.id.in_(list(ids))).order_by(Organisation.name, Organisation.id)
    return {one.id: one for one in session.scalars(query)}


def may_work(seat: Seat, at: datetime) -> bool:
    """Say whether an expert may declare and score now: bidding is over, nothing is opened, the time is not up."""
    one, round_ = seat.panel, seat.panel.round_
    open_ = one.state is PanelState.WORKING and round_.state in BEFORE_OPENING
    return open_ and is_over(round_.box, at) and at < one.due_at


def working_by_round(session: Session, ids: Sequence[int]) -> list[tuple[int, datetime, int]]:
    """Return the panels at work: round, until when, and how many seats wait for a second person."""
    waiting = func.sum(case((Seat.state == SeatState.PROPOSED, 1), else_=0))
    query = (
        select(Panel.round_id, Panel.due_at, waiting)
        .join(Seat, Seat.panel_id == Panel.id)
        .where(Panel.round_id.in_(ids), Panel.state == PanelState.WORKING)
        .group_by(Panel.id, Panel.round_id, Panel.due_at)
    )
    return [(row[0], row[1], int(row[2] or 0)) for row in session.execute(query)]
