"""Errands: one row for each piece of work that was asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kernel.columns import Code, Json, Moment
from kernel.db import Base
from kernel.errands.flow import OPEN, ErrandState


class Errand(Base):
    """A piece of work. `about` names its record ("import:12"); while it is open, nobody can ask for the same again."""

    __tablename__ = "errand"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    about: Mapped[str] = mapped_column(index=True)
    open_key: Mapped[str | None] = mapped_column(unique=True)
    """`name` and `about` while the errand is open, so that a second click finds it; else nothing."""
    facts: Mapped[dict[str, Any]] = mapped_column(Json())
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    locale: Mapped[str]
    state: Mapped[ErrandState] = mapped_column(Code(ErrandState), index=True)
    step: Mapped[str] = mapped_column(default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    """How far the step is; 0 of 0 where nobody can say."""
    attempts: Mapped[int] = mapped_column(default=0)
    runner: Mapped[str] = mapped_column(default="")
    held_until: Mapped[datetime | None] = mapped_column(Moment())
    created_at: Mapped[datetime] = mapped_column(Moment(), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    error: Mapped[str] = mapped_column(default="")
    """The refusal's code, for people."""
    error_facts: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)

    @property
    def is_open(self) -> bool:
        """Say whether it still has to be done."""
        return self.state in OPEN
