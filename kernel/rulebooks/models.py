"""The columns of a table that holds versions of rule sets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kernel.columns import Code, Json, Moment
from kernel.rulebooks.flow import SetState


class VersionColumns:
    """One version of a rule set. `values` holds every parameter as {value, source, standing, …}; it never changes.

    `parameter` and `reason` say what this version changed and why; the first version of a code changed nothing. A
    table with these columns has a unique constraint over (code, number).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    number: Mapped[int]
    title: Mapped[str]
    values: Mapped[Any] = mapped_column(Json())
    parameter: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[SetState] = mapped_column(Code(SetState), default=SetState.WRITTEN)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(Moment())
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Moment())

    @property
    def name(self) -> str:
        """Return what figures made with it call it by."""
        return f"{self.title} v{self.number}"
