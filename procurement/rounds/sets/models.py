"""Written rule sets and every change of their parameters."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Code, Moment
from kernel.db import Base
from procurement.rounds.sets.flow import SetState


class WrittenSet(Base):
    """A rule set of the agency's own. `text` is self-contained TOML; a round copies it when it takes the set."""

    __tablename__ = "written_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    copied_from: Mapped[str]
    text: Mapped[str]
    state: Mapped[SetState] = mapped_column(Code(SetState), default=SetState.DRAFT)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment())
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Moment())
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Moment())
    note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    changes: Mapped[list[SetChange]] = relationship(back_populates="written", order_by="SetChange.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class SetChange(Base):
    """One parameter changed: `before` and `after` as TOML writes them, None where the set does not have it."""

    __tablename__ = "written_set_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("written_set.id"), index=True)
    parameter: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
    source: Mapped[str] = mapped_column(default="")
    standing: Mapped[str] = mapped_column(default="")
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())

    written: Mapped[WrittenSet] = relationship(back_populates="changes")
