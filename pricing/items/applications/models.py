"""Rounds of new items, applications, decisions about them, experts' places, objections, trials."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.auth.models import User
from kernel.columns import Amount, Code, Json, Moment, Price
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from pricing.items.applications.flow import (
    ApplicationAction,
    ApplicationState,
    Criterion,
    Ground,
    OpinionState,
    PlaceState,
    ReplyState,
    ReportKind,
)

_OPEN = text("state = 'opinion-proposed'")


class ItemRound(Base):
    """A province's round of applications for new items, usually one a year.

    `publicity_workdays`, `least_experts` and `midterm_months` hold for what is applied for in it, and for emergencies
    until the next one; `source` is the document that says so. `closes_at` is the instant from which nothing is taken.
    """

    __tablename__ = "item_round"
    __table_args__ = (
        UniqueConstraint("region_code", "title"),
        CheckConstraint("closes_at > opens_at", name="days"),
        CheckConstraint("publicity_workdays > 0 and least_experts > 0 and midterm_months > 0", name="numbers"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    year: Mapped[int]
    title: Mapped[str]
    opens_at: Mapped[datetime] = mapped_column(Moment())
    closes_at: Mapped[datetime] = mapped_column(Moment())
    publicity_workdays: Mapped[int]
    least_experts: Mapped[int]
    midterm_months: Mapped[int]
    source: Mapped[str]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(Moment())

    region: Mapped[Region] = relationship()


class ItemApplication(Base):
    """A hospital's application for an item that no catalogue has (新增项目申报).

    `price` is what it proposes (yuan per unit). `likes` are the known items that were found to be like it when it was
    saved last: id, code, name, connotation and likeness. `region_code` is the hospital's.
    """

    __tablename__ = "item_application"
    __table_args__ = (UniqueConstraint("number"), Index("ix_item_application_state", "state", "region_code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None]
    round_id: Mapped[int | None] = mapped_column(ForeignKey("item_round.id"), index=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    state: Mapped[ApplicationState] = mapped_column(Code(ApplicationState), default=ApplicationState.DRAFT)
    urgent: Mapped[bool] = mapped_column(default=False)
    urgency: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    connotation: Mapped[str] = mapped_column(default="")
    excluded: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    output: Mapped[str] = mapped_column(default="")
    composition: Mapped[str] = mapped_column(default="")
    category_code: Mapped[str] = mapped_column(default="")
    effect: Mapped[str] = mapped_column(default="")
    cost: Mapped[str] = mapped_column(default="")
    price: Mapped[Decimal | None] = mapped_column(Price())
    likes: Mapped[list[dict[str, Any]]] = mapped_column(Json(), default=list)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(Moment())
    submitted_at: Mapped[datetime | None] = mapped_column(Moment())
    moved_at: Mapped[datetime] = mapped_column(Moment())
    """Since when it stands where it stands: the age that the work queue goes by."""
    note: Mapped[str] = mapped_column(default="")
    """Why it was returned last."""
    due_at: Mapped[datetime | None] = mapped_column(Moment())
    """The end of what runs: the experts' time, the publicity."""
    version: Mapped[int] = mapped_column(default=1)

    hospital: Mapped[Organisation] = relationship()
    region: Mapped[Region] = relationship()
    round_: Mapped[ItemRound | None] = relationship()
    trial: Mapped[ItemTrial | None] = relationship(back_populates="application")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class ItemOpinion(Base):
    """A decision about an application at a stage: proposed by one, confirmed or sent back by another."""

    __tablename__ = "item_opinion"
    __table_args__ = (
        Index("uq_item_opinion_open", "application_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_item_opinion_application_id", "application_id"),
        CheckConstraint("(verdict = 'reject') = (ground is not null)", name="ground"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("item_application.id"))
    stage: Mapped[ApplicationState] = mapped_column(Code(ApplicationState))
    verdict: Mapped[ApplicationAction] = mapped_column(Code(ApplicationAction))
    ground: Mapped[Ground | None] = mapped_column(Code(Ground))
    reason: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    """The code that the item gets, where the verdict lets it be tried."""
    extended_to: Mapped[date | None]
    """The day from which the trial is over, where the verdict extends it."""
    state: Mapped[OpinionState] = mapped_column(Code(OpinionState), default=OpinionState.PROPOSED)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    answer: Mapped[str] = mapped_column(default="")

    proposed_by: Mapped[User] = relationship(foreign_keys=proposed_by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)


class ItemSeat(Base):
    """An expert's place on an application; who declares a conflict of interest leaves it. `number` is never reused."""

    __tablename__ = "item_seat"
    __table_args__ = (UniqueConstraint("application_id", "number"), UniqueConstraint("application_id", "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("item_application.id"))
    number: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    state: Mapped[PlaceState] = mapped_column(Code(PlaceState), default=PlaceState.NAMED)
    named_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    named_at: Mapped[datetime] = mapped_column(Moment())
    declared_at: Mapped[datetime | None] = mapped_column(Moment())
    conflict: Mapped[str] = mapped_column(default="")
    recommends: Mapped[bool | None]
    note: Mapped[str] = mapped_column(default="")
    submitted_at: Mapped[datetime | None] = mapped_column(Moment())

    application: Mapped[ItemApplication] = relationship(lazy="joined", innerjoin=True)
    user: Mapped[User] = relationship(foreign_keys=user_id, lazy="joined", innerjoin=True)
    scores: Mapped[list[ItemScore]] = relationship()

    @property
    def marks(self) -> dict[str, Decimal]:
        """Return the scores by criterion."""
        return {one.criterion.value: one.score for one in self.scores}


class ItemScore(Base):
    """What an expert gave by criterion, 0 to 100."""

    __tablename__ = "item_score"
    __table_args__ = (UniqueConstraint("seat_id", "criterion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("item_seat.id"))
    criterion: Mapped[Criterion] = mapped_column(Code(Criterion))
    score: Mapped[Decimal] = mapped_column(Amount())


class ItemObjection(Base):
    """An objection to an item in publicity, replied to by one person and confirmed by another."""

    __tablename__ = "item_objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("item_application.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    filed_at: Mapped[datetime] = mapped_column(Moment())
    text: Mapped[str]
    state: Mapped[ReplyState] = mapped_column(Code(ReplyState), default=ReplyState.FILED)
    reply: Mapped[str] = mapped_column(default="")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    replied_at: Mapped[datetime | None] = mapped_column(Moment())
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship()
    application: Mapped[ItemApplication] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class ItemTrial(Base):
    """The trial of an item that passed its publicity: its code, and from the filed price on its days.

    The hospital may charge from `starts_on` up to but not on `ends_on`; `published_on` is the day its price was filed
    and published. `told_midterm_at` and `told_formal_at` say when the hospital was reminded.
    """

    __tablename__ = "item_trial"
    __table_args__ = (CheckConstraint("ends_on is null or ends_on > starts_on", name="days"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("item_application.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("service_item.id"), unique=True)
    price: Mapped[Decimal | None] = mapped_column(Price())
    published_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    midterm_on: Mapped[date | None]
    ends_on: Mapped[date | None] = mapped_column(index=True)
    told_midterm_at: Mapped[datetime | None] = mapped_column(Moment())
    told_formal_at: Mapped[datetime | None] = mapped_column(Moment())

    application: Mapped[ItemApplication] = relationship(back_populates="trial")


class ItemReport(Base):
    """What a hospital reports of a trial: how often it charged, for how much (yuan), what went wrong, and its text."""

    __tablename__ = "item_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("item_application.id"), index=True)
    kind: Mapped[ReportKind] = mapped_column(Code(ReportKind))
    cases: Mapped[int]
    revenue: Mapped[Decimal] = mapped_column(Amount())
    adverse: Mapped[int]
    text: Mapped[str]
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    filed_at: Mapped[datetime] = mapped_column(Moment())
