"""Rounds with their notice: extensions of the deadline, questions and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Code, Json, Moment
from kernel.db import Base
from procurement.bids.models import Box
from procurement.demand.models import Call
from procurement.rounds.flow import ExtensionState, RoundState


class Round(Base):
    """A volume-based round (带量采购轮次). Its deadline stands in its box, and nowhere else.

    `facts_changed_at`: since when review facts wait for an evaluation that reads them. `reply_workdays`: how soon
    objections are replied to, with its source; None until somebody says so. `rerun_of_id`: the round that is run again.
    `renews_id`: the earlier round whose winners this one calls incumbents (接续).
    """

    __tablename__ = "round"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    state: Mapped[RoundState] = mapped_column(Code(RoundState), default=RoundState.DRAFT, index=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("demand_call.id"))
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    box_id: Mapped[int] = mapped_column(ForeignKey("bid_box.id"), unique=True)
    rule_set_id: Mapped[str]
    rule_set_text: Mapped[str] = mapped_column(default="")
    written_set_id: Mapped[int | None] = mapped_column(ForeignKey("written_set.id"), index=True)
    rule_values: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    rules_digest: Mapped[str] = mapped_column(default="")
    publicity_days: Mapped[int] = mapped_column(default=7)
    notice: Mapped[str] = mapped_column(default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment())
    published_at: Mapped[datetime | None] = mapped_column(Moment())
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime | None] = mapped_column(Moment())
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    evaluated_at: Mapped[datetime | None] = mapped_column(Moment())
    evaluated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    announced_at: Mapped[datetime | None] = mapped_column(Moment())
    announced_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    publicity_ends: Mapped[datetime | None] = mapped_column(Moment())
    awarded_at: Mapped[datetime | None] = mapped_column(Moment())
    awarded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    facts_changed_at: Mapped[datetime | None] = mapped_column(Moment())
    closed_at: Mapped[datetime | None] = mapped_column(Moment())
    void_reason: Mapped[str] = mapped_column(default="")
    rerun_of_id: Mapped[int | None] = mapped_column(index=True)  # no foreign key, as of Call.copied_from_id
    reply_workdays: Mapped[int | None]
    reply_source: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    call: Mapped[Call] = relationship()
    box: Mapped[Box] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class Extension(Base):
    """A later deadline: asked for with a reason, confirmed by a second person, told to everyone."""

    __tablename__ = "round_extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    before: Mapped[datetime] = mapped_column(Moment())
    deadline: Mapped[datetime] = mapped_column(Moment())
    reason: Mapped[str]
    state: Mapped[ExtensionState] = mapped_column(Code(ExtensionState), default=ExtensionState.ASKED)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())


class Question(Base):
    """A question on the notice page. The answer is for everyone; who asked is known to the agency alone."""

    __tablename__ = "round_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    text: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(Moment())
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(Moment())
