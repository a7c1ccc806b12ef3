"""Region drafts: the session, its lots, every turn that was taken, its pauses. Nothing here is ever deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Code, Json, Moment
from kernel.db import Base
from procurement.demand.models import Lot
from procurement.rounds.draft.flow import DraftState, Ending, How
from procurement.rounds.flow import SupplyRole


class RegionDraft(Base):
    """A draft of a round's regions (供应地区选择). `due_at`: when the clock next changes something in it.

    Without `starts_at` it starts by hand. `by_list`: nobody is waited for. `version` rises with every change.
    """

    __tablename__ = "region_draft"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    number: Mapped[int]
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"))
    state: Mapped[DraftState] = mapped_column(Code(DraftState), default=DraftState.PLANNED, index=True)
    by_list: Mapped[bool] = mapped_column(default=False)
    seconds: Mapped[int]
    at_once: Mapped[int]
    starts_at: Mapped[datetime | None] = mapped_column(Moment())
    due_at: Mapped[datetime | None] = mapped_column(Moment(), index=True)
    reason: Mapped[str] = mapped_column(default="")
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime] = mapped_column(Moment())
    finished_at: Mapped[datetime | None] = mapped_column(Moment())
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment())
    ending: Mapped[Ending | None] = mapped_column(Code(Ending))
    cancel_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    lots: Mapped[list[DraftLot]] = relationship(order_by="DraftLot.position")
    pauses: Mapped[list[DraftPause]] = relationship(order_by="DraftPause.id")


class DraftLot(Base):
    """A lot of a draft: who chooses from what, frozen when the draft was opened, and the turn under way."""

    __tablename__ = "region_draft_lot"
    __table_args__ = (UniqueConstraint("draft_id", "lot_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("region_draft.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    position: Mapped[int]
    company_ids: Mapped[list[int]] = mapped_column(Json())
    region_codes: Mapped[list[str]] = mapped_column(Json())
    first_picks: Mapped[int]
    backup: Mapped[bool]
    began_at: Mapped[datetime | None] = mapped_column(Moment())
    due_at: Mapped[datetime | None] = mapped_column(Moment())
    finished_at: Mapped[datetime | None] = mapped_column(Moment())

    lot: Mapped[Lot] = relationship()
    turns: Mapped[list[DraftTurn]] = relationship(order_by="DraftTurn.id")


class DraftTurn(Base):
    """A turn that was taken; without a region the company passed. `remaining` was free before it."""

    __tablename__ = "region_draft_turn"
    __table_args__ = (
        UniqueConstraint("draft_lot_id", "role", "turn"),
        UniqueConstraint("draft_lot_id", "role", "region_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_lot_id: Mapped[int] = mapped_column(ForeignKey("region_draft_lot.id"))
    role: Mapped[SupplyRole] = mapped_column(Code(SupplyRole))
    turn: Mapped[int]
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    how: Mapped[How] = mapped_column(Code(How))
    began_at: Mapped[datetime] = mapped_column(Moment())
    due_at: Mapped[datetime] = mapped_column(Moment())
    ended_at: Mapped[datetime] = mapped_column(Moment())
    remaining: Mapped[list[str]] = mapped_column(Json())
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[str] = mapped_column(default="")


class DraftPause(Base):
    """A stop of a draft's clock, with its reason."""

    __tablename__ = "region_draft_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("region_draft.id"), index=True)
    reason: Mapped[str]
    paused_at: Mapped[datetime] = mapped_column(Moment())
    paused_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    resumed_at: Mapped[datetime | None] = mapped_column(Moment())
    resumed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
