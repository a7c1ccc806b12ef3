"""Reassignments, hospitals' divisions, and every hospital's volumes with what they were made from."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Specification
from kernel.columns import Code, Moment, Quantity, Ratio
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.agreements.reassignment.flow import ChoiceState, ReassignmentState
from procurement.demand.models import Lot
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round
from procurement.rounds.rules.volumes import Reassign


class Reassignment(Base):
    """How a round's pools are reassigned. `fallback` is the rule for hospitals that don't choose; else `how` itself.

    `reminded_hours`: the last reminder of the deadline that went out, in hours before it.
    """

    __tablename__ = "reassignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    state: Mapped[ReassignmentState] = mapped_column(Code(ReassignmentState), default=ReassignmentState.OPEN)
    how: Mapped[Reassign] = mapped_column(Code(Reassign))
    fallback: Mapped[Reassign] = mapped_column(Code(Reassign))
    source: Mapped[str]
    reason: Mapped[str]
    deadline: Mapped[datetime | None] = mapped_column(Moment())
    reminded_hours: Mapped[int | None]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime] = mapped_column(Moment())
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Moment())

    round_: Mapped[Round] = relationship()


class Choice(Base):
    """A hospital's own division of its pools; the figures stand in its volumes."""

    __tablename__ = "reassignment_choice"
    __table_args__ = (UniqueConstraint("reassignment_id", "hospital_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reassignment_id: Mapped[int] = mapped_column(ForeignKey("reassignment.id"))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[ChoiceState] = mapped_column(Code(ChoiceState), default=ChoiceState.DRAFT)
    saved_at: Mapped[datetime] = mapped_column(Moment())
    submitted_at: Mapped[datetime | None] = mapped_column(Moment())
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class HospitalVolume(Base):
    """One hospital, lot and reported product (none: by name alone), in whole units of the lot.

    `own` = `reported` × intent, `agreed` = `own` × `ratio` where the product won (`award_id`), `reassigned` what the
    hospital or the rule gave it out of the pool, `chosen` what the hospital typed. Over a hospital and lot,
    agreed + reassigned = own.
    """

    __tablename__ = "hospital_volume"
    __table_args__ = (
        CheckConstraint("own >= 0 and agreed >= 0 and agreed <= own and reassigned >= 0", name="volumes"),
        Index("ix_hospital_volume_reassignment_id", "reassignment_id", "hospital_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reassignment_id: Mapped[int] = mapped_column(ForeignKey("reassignment.id"))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"), index=True)
    reported: Mapped[Decimal] = mapped_column(Quantity())
    own: Mapped[Decimal] = mapped_column(Quantity())
    ratio: Mapped[Decimal] = mapped_column(Ratio())
    agreed: Mapped[Decimal] = mapped_column(Quantity())
    reassigned: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    chosen: Mapped[Decimal | None] = mapped_column(Quantity())

    hospital: Mapped[Organisation] = relationship(foreign_keys=hospital_id)
    company: Mapped[Organisation | None] = relationship(foreign_keys=company_id)
    lot: Mapped[Lot] = relationship()
    specification: Mapped[Specification] = relationship()
    award: Mapped[Award | None] = relationship()
