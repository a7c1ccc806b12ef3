"""Versions of trigger rules, a region's years with their data, and every evaluation as it was made."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.auth.models import User
from kernel.columns import Code, Figure, Json, Moment
from kernel.db import Base
from kernel.parties.models import Region
from kernel.rulebooks.models import VersionColumns
from pricing.triggers.flow import Decision, Verdict, YearState


class TriggerRuleVersion(VersionColumns, Base):
    """One version of a region's trigger rules."""

    __tablename__ = "trigger_rules"
    __table_args__ = (UniqueConstraint("code", "number"),)


class TriggerYear(Base):
    """A region's evaluation on the data of a year: by when they are due, what was proposed and decided.

    `data_due_at` and `due_at` are the last instants; `reminded_days` is the step of the reminders that went out last.
    """

    __tablename__ = "trigger_year"
    __table_args__ = (UniqueConstraint("region_code", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    year: Mapped[int]
    rules_id: Mapped[int] = mapped_column(ForeignKey("trigger_rules.id"))
    data_due_at: Mapped[datetime] = mapped_column(Moment())
    due_at: Mapped[datetime] = mapped_column(Moment(), index=True)
    state: Mapped[YearState] = mapped_column(Code(YearState), default=YearState.COLLECTING)
    reminded_days: Mapped[int | None]
    verdict: Mapped[Verdict | None] = mapped_column(Code(Verdict))
    reason: Mapped[str] = mapped_column(default="")
    return_reason: Mapped[str] = mapped_column(default="")
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(Moment())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    region: Mapped[Region] = relationship()
    rules: Mapped[TriggerRuleVersion] = relationship()
    proposed_by: Mapped[User | None] = relationship(foreign_keys=proposed_by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class TriggerValue(Base):
    """One input of a year. Without a value it is marked as missing, and `note` says why."""

    __tablename__ = "trigger_value"
    __table_args__ = (UniqueConstraint("year_id", "input"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("trigger_year.id"))
    input: Mapped[str]
    value: Mapped[Decimal | None] = mapped_column(Figure())
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())


class TriggerEvaluation(Base):
    """What the rules said about the data of an instant: inputs, every indicator and every step. It never changes."""

    __tablename__ = "trigger_evaluation"
    __table_args__ = (UniqueConstraint("year_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("trigger_year.id"))
    number: Mapped[int]
    rules_id: Mapped[int] = mapped_column(ForeignKey("trigger_rules.id"))
    decision: Mapped[Decision] = mapped_column(Code(Decision))
    inputs: Mapped[dict[str, Any]] = mapped_column(Json())
    result: Mapped[dict[str, Any]] = mapped_column(Json())
    digest: Mapped[str]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(Moment())

    rules: Mapped[TriggerRuleVersion] = relationship()
    made_by: Mapped[User | None] = relationship()
