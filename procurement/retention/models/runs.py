"""Runs, what each hospital retains by them, their lines, points and disputes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Amount, Code, Factor, Moment, Quantity, Ratio
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from procurement.demand.models import Lot
from procurement.retention.flow import DisputeState, Indicator, LineState, RunState, Scored, Term
from procurement.retention.models.inputs import RuleVersion
from procurement.rounds.models.rounds import Round

SAID = text("state <> 'open'")


class _Sums:
    """Sums of lines, in yuan. `earlier` is what of the retained amount is booked in the fiscal year before `ends`."""

    budget: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))
    spend: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))
    base: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))
    retained: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))
    earlier: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))


class RetentionRun(_Sums, Base):
    """What the hospitals of an area retain of a round's agreement year, by one version of a rule set.

    `starts` and `ends` are the year's days (the end is not in it), `digest` is the hash of all that went in. A
    correction makes a new run with the next `number`; `previous_id` names the one it replaced.
    """

    __tablename__ = "retention_run"
    __table_args__ = (UniqueConstraint("round_id", "year", "area_code", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    year: Mapped[int]
    area_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    number: Mapped[int]
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("retention_run.id"))
    rules_id: Mapped[int] = mapped_column(ForeignKey("retention_rules.id"))
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[RunState] = mapped_column(Code(RunState), default=RunState.DRAFT)
    starts: Mapped[date]
    ends: Mapped[date]
    digest: Mapped[str]
    lines_count: Mapped[int]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(Moment())
    sent_at: Mapped[datetime | None] = mapped_column(Moment())
    confirm_by: Mapped[datetime | None] = mapped_column(Moment())
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None] = mapped_column(Moment())
    objections_until: Mapped[datetime | None] = mapped_column(Moment())
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    applied_at: Mapped[datetime | None] = mapped_column(Moment())
    application: Mapped[str] = mapped_column(default="")
    paid_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    paid_on: Mapped[date | None]
    payment: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[Round] = relationship()
    area: Mapped[Region] = relationship()
    rules: Mapped[RuleVersion] = relationship()
    previous: Mapped[RetentionRun | None] = relationship(remote_side=id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class RunShare(_Sums, Base):
    """One hospital in a run: its score (of 100), whether every indicator has points, and what it told its staff.

    `digest` is the hash of all that went into its lines and its score, empty where it was not kept.
    """

    __tablename__ = "retention_share"
    __table_args__ = (UniqueConstraint("run_id", "hospital_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("retention_run.id"))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    lines_count: Mapped[int]
    score: Mapped[Decimal] = mapped_column(Ratio())
    scored: Mapped[bool]
    digest: Mapped[str] = mapped_column(default="")
    distributed: Mapped[Decimal | None] = mapped_column(Amount())
    distribution: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[datetime | None] = mapped_column(Moment())
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    run: Mapped[RetentionRun] = relationship()
    hospital: Mapped[Organisation] = relationship()


class RunLine(_Sums, Base):
    """One hospital's variety in a run: what went in, what came out, what the hospital said to it.

    Quantities per reference specification; `used` is what was received of the winner, `won` what that cost, `early` the
    share of that which came before the last New Year (0 where the rule set does not split fiscal years).
    """

    __tablename__ = "retention_line"
    __table_args__ = (
        UniqueConstraint("run_id", "hospital_id", "lot_id"),
        # only what hospitals said to: computing a province's lines writes none of it
        Index("ix_retention_line_said", "run_id", "hospital_id", "state", sqlite_where=SAID, postgresql_where=SAID),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("retention_run.id"))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    q0: Mapped[Decimal] = mapped_column(Quantity())
    p0: Mapped[Decimal] = mapped_column(Factor())
    qc: Mapped[Decimal] = mapped_column(Quantity())
    pw: Mapped[Decimal] = mapped_column(Factor())
    n: Mapped[Decimal] = mapped_column(Amount())
    n_passed: Mapped[Decimal] = mapped_column(Amount())
    n_drg: Mapped[Decimal] = mapped_column(Amount())
    r: Mapped[Decimal] = mapped_column(Ratio())
    s: Mapped[Decimal] = mapped_column(Ratio())
    r_last: Mapped[Decimal | None] = mapped_column(Ratio())
    s_last: Mapped[Decimal | None] = mapped_column(Ratio())
    used: Mapped[Decimal] = mapped_column(Quantity())
    won: Mapped[Decimal] = mapped_column(Amount())
    early: Mapped[Decimal] = mapped_column(Ratio(), default=Decimal(0))
    completed: Mapped[bool]
    exempt: Mapped[bool]
    score: Mapped[Decimal] = mapped_column(Ratio())
    k: Mapped[Decimal] = mapped_column(Ratio())
    state: Mapped[LineState] = mapped_column(Code(LineState), default=LineState.OPEN)

    lot: Mapped[Lot] = relationship()
    run: Mapped[RetentionRun] = relationship()
    hospital: Mapped[Organisation] = relationship()


class Points(Base):
    """Points of a hospital for an indicator; `value` is the figure they rest on where the ledger gave one."""

    __tablename__ = "retention_points"
    __table_args__ = (
        UniqueConstraint("run_id", "hospital_id", "indicator"),
        CheckConstraint("points is null or points >= 0", name="points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("retention_run.id"))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    indicator: Mapped[Indicator] = mapped_column(Code(Indicator))
    value: Mapped[Decimal | None] = mapped_column(Ratio())
    points: Mapped[Decimal | None] = mapped_column(Ratio())
    source: Mapped[Scored] = mapped_column(Code(Scored))
    reason: Mapped[str] = mapped_column(default="")


class LineDispute(Base):
    """What a hospital disputes of a line, and what the agency said. Its evidence are files of its own."""

    __tablename__ = "retention_dispute"
    __table_args__ = (Index("ix_retention_dispute_line_id", "line_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("retention_line.id"))
    term: Mapped[Term] = mapped_column(Code(Term))
    text: Mapped[str]
    state: Mapped[DisputeState] = mapped_column(Code(DisputeState), default=DisputeState.ASKED)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment())
    answer: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())

    line: Mapped[RunLine] = relationship()
