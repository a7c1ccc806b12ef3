"""Objections and what the companies concerned say to them. Evidence is kept with the kernel's files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Code, Moment
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.demand.models import Lot
from procurement.rounds.models.evaluations import Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.objections.flow import Finding, Ground, ObjectionState, Standing


class Objection(Base):
    """An objection to a version of the proposed result: to the round, a lot, or a company's decision.

    `text` is shown to the company concerned, `private` and the evidence to the agency, supervisors and objector alone.
    """

    __tablename__ = "objection"
    __table_args__ = (UniqueConstraint("receipt"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    ground: Mapped[Ground] = mapped_column(Code(Ground))
    text: Mapped[str]
    private: Mapped[str] = mapped_column(default="")
    standing: Mapped[Standing] = mapped_column(Code(Standing))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    filed_at: Mapped[datetime] = mapped_column(Moment())
    digest: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime | None] = mapped_column(Moment())
    state: Mapped[ObjectionState] = mapped_column(Code(ObjectionState), default=ObjectionState.FILED, index=True)
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(Moment())
    finding: Mapped[Finding | None] = mapped_column(Code(Finding))
    reply: Mapped[str] = mapped_column(default="")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    replied_at: Mapped[datetime | None] = mapped_column(Moment())
    return_reason: Mapped[str] = mapped_column(default="")
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment())
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[Round] = relationship()
    evaluation: Mapped[Evaluation] = relationship()
    lot: Mapped[Lot | None] = relationship()
    company: Mapped[Organisation | None] = relationship(foreign_keys=company_id)
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)
    comments: Mapped[list[ObjectionComment]] = relationship(order_by="ObjectionComment.id", back_populates="objection")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class ObjectionComment(Base):
    """What the company concerned says to an objection (陈述申辩)."""

    __tablename__ = "objection_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment())

    objection: Mapped[Objection] = relationship(back_populates="comments")
