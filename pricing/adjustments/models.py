"""Plans, their lines and proposals, what was noted, said and voted on the way."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.auth.models import User
from kernel.columns import Amount, Code, Json, Moment, Price
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from pricing.adjustments.flow import PlanKind, PlanState, StatementKind
from pricing.items.flow import PriceGrade
from pricing.items.models import ServiceItem
from pricing.triggers.models import TriggerYear


class AdjustmentPlan(Base):
    """A plan for a pricing region. `values` are its parameters as {name: {value, source, standing}}.

    `base` is the service revenue of the region's public hospitals in the base year, yuan. `turn` counts how often the
    plan went back to its draft; `effect` is what it was decided on. Prices hold from 00:00 Beijing time of `starts_on`.
    """

    __tablename__ = "adjustment_plan"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    title: Mapped[str]
    kind: Mapped[PlanKind] = mapped_column(Code(PlanKind))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """The bureau whose officers work on it and vote."""
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    trigger_id: Mapped[int | None] = mapped_column(ForeignKey("trigger_year.id"))
    document: Mapped[str] = mapped_column(default="")
    volume_year: Mapped[int]
    base: Mapped[Decimal] = mapped_column(Amount())
    base_source: Mapped[str]
    values: Mapped[dict[str, Any]] = mapped_column(Json())
    state: Mapped[PlanState] = mapped_column(Code(PlanState), default=PlanState.DRAFT, index=True)
    turn: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[date | None]
    opinions_due_at: Mapped[datetime | None] = mapped_column(Moment())
    publicity_ends_at: Mapped[datetime | None] = mapped_column(Moment())
    proposal_round: Mapped[int] = mapped_column(default=0)
    proposals_due_at: Mapped[datetime | None] = mapped_column(Moment())
    effect: Mapped[dict[str, Any] | None] = mapped_column(Json())
    filing: Mapped[str] = mapped_column(default="")
    return_reason: Mapped[str] = mapped_column(default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(Moment())
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    filed_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    region: Mapped[Region] = relationship()
    trigger: Mapped[TriggerYear | None] = relationship()
    made_by: Mapped[User | None] = relationship(foreign_keys=made_by_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class PlanAuthor(Base):
    """A person who drafted a plan or changed what it says, once each, and when last; authors have no vote on it."""

    __tablename__ = "adjustment_author"
    __table_args__ = (UniqueConstraint("plan_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("adjustment_plan.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())

    user: Mapped[User] = relationship()


class PlanLine(Base):
    """A price of an item and grade before and after, yuan per unit."""

    __tablename__ = "adjustment_line"
    __table_args__ = (
        UniqueConstraint("plan_id", "item_id", "grade"),
        CheckConstraint("old_price >= 0 and new_price > 0", name="prices"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("adjustment_plan.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("service_item.id"))
    grade: Mapped[PriceGrade] = mapped_column(Code(PriceGrade))
    old_price: Mapped[Decimal] = mapped_column(Price())
    new_price: Mapped[Decimal] = mapped_column(Price())
    technical: Mapped[bool]

    item: Mapped[ServiceItem] = relationship()


class PlanComplex(Base):
    """An item of a plan whose price hospitals propose (复杂型项目)."""

    __tablename__ = "adjustment_complex"
    __table_args__ = (UniqueConstraint("plan_id", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("adjustment_plan.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("service_item.id"))

    item: Mapped[ServiceItem] = relationship()


class PlanProposal(Base):
    """The price that a hospital proposes for a complex item in a round, yuan per unit, and why."""

    __tablename__ = "adjustment_proposal"
    __table_args__ = (
        UniqueConstraint("plan_id", "round", "hospital_id", "item_id"),
        CheckConstraint("price > 0", name="price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("adjustment_plan.id"))
    round: Mapped[int]
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("service_item.id"))
    price: Mapped[Decimal] = mapped_column(Price())
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())

    hospital: Mapped[Organisation] = relationship()


class PlanNote(Base):
    """What came out of a step: the cost survey, the opinions, the panel, the monitoring. Papers hang on it."""

    __tablename__ = "adjustment_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("adjustment_plan.id"), index=True)
    state: Mapped[PlanState] = mapped_column(Code(PlanState))
    turn: Mapped[int]
    text: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())

    by: Mapped[User | None] = relationship()


class PlanStatement(Base):
    """An opinion or objection of an organisation, and the bureau's answer."""

    __tablename__ = "adjustment_statement"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("adjustment_plan.id"), index=True)
    turn: Mapped[int]
    kind: Mapped[StatementKind] = mapped_column(Code(StatementKind))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    text: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())
    reply: Mapped[str] = mapped_column(default="")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    replied_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class PlanVote(Base):
    """A person's vote in the collective decision."""

    __tablename__ = "adjustment_vote"
    __table_args__ = (UniqueConstraint("plan_id", "turn", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("adjustment_plan.id"))
    turn: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    approves: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Moment())

    user: Mapped[User] = relationship()
