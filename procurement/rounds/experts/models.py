"""A round's panel, its seats, what their holders declared, and their score sheets."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.auth.models import User
from kernel.columns import Amount, Code, Json, Moment
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.demand.models import Lot
from procurement.rounds.experts.flow import Method, PanelState, SeatState, SheetState
from procurement.rounds.models.rounds import Round


class Panel(Base):
    """The experts who score a round's bids (评审专家组), named or drawn from a pool by a recorded seed.

    `pool` holds the user ids in the order drawn; `due_at` is the instant from which no score sheet is taken.
    """

    __tablename__ = "expert_panel"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    method: Mapped[Method] = mapped_column(Code(Method))
    state: Mapped[PanelState] = mapped_column(Code(PanelState), default=PanelState.WORKING)
    seed: Mapped[str] = mapped_column(default="")
    pool: Mapped[list[int]] = mapped_column(Json(), default=list)
    due_at: Mapped[datetime] = mapped_column(Moment())
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(Moment())
    told_at: Mapped[datetime | None] = mapped_column(Moment())
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    reason: Mapped[str] = mapped_column(default="")

    round_: Mapped[Round] = relationship(lazy="joined", innerjoin=True)
    seats: Mapped[list[Seat]] = relationship(back_populates="panel", order_by="Seat.number")


class Seat(Base):
    """One expert of a panel. `number` is what companies see in place of the name; it is never given twice."""

    __tablename__ = "expert_seat"
    __table_args__ = (UniqueConstraint("panel_id", "number"), UniqueConstraint("panel_id", "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("expert_panel.id"))
    number: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    state: Mapped[SeatState] = mapped_column(Code(SeatState), default=SeatState.PROPOSED)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment())
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment())
    declared_at: Mapped[datetime | None] = mapped_column(Moment())
    replaced_at: Mapped[datetime | None] = mapped_column(Moment())
    reason: Mapped[str] = mapped_column(default="")

    panel: Mapped[Panel] = relationship(back_populates="seats", lazy="joined", innerjoin=True)
    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined", innerjoin=True)


class InterestDeclaration(Base):
    """What an expert declared about one company: no conflict of interest, or the ground of one."""

    __tablename__ = "expert_declaration"
    __table_args__ = (UniqueConstraint("seat_id", "company_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("expert_seat.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    conflict: Mapped[bool]
    ground: Mapped[str] = mapped_column(default="")

    company: Mapped[Organisation] = relationship()


class ScoreSheet(Base):
    """One expert's scores of a lot. Submitted it is final; only a recorded return opens it again."""

    __tablename__ = "score_sheet"
    __table_args__ = (UniqueConstraint("seat_id", "lot_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("expert_seat.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    state: Mapped[SheetState] = mapped_column(Code(SheetState), default=SheetState.DRAFT)
    note: Mapped[str] = mapped_column(default="")
    submitted_at: Mapped[datetime | None] = mapped_column(Moment())
    returned_at: Mapped[datetime | None] = mapped_column(Moment())
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    return_reason: Mapped[str] = mapped_column(default="")

    seat: Mapped[Seat] = relationship(lazy="joined", innerjoin=True)
    lot: Mapped[Lot] = relationship()
    scores: Mapped[list[ExpertScore]] = relationship(cascade="all, delete-orphan")


class ExpertScore(Base):
    """A score from 0 to 100 of a company's bid for the sheet's lot, by item of the rule set's weights."""

    __tablename__ = "expert_score"
    __table_args__ = (UniqueConstraint("sheet_id", "company_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheet.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    item: Mapped[str]
    score: Mapped[Decimal] = mapped_column(Amount())
