"""The table of counts."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base

STALE = -1


class Tally(Base):
    """How many records of a kind have a value in a field; the line without a field is all of them.

    While that line says STALE, records have changed since and the other lines hold no longer.
    """

    __tablename__ = "tally"
    __table_args__ = (UniqueConstraint("kind", "field", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    field: Mapped[str] = mapped_column(default="")
    value: Mapped[str] = mapped_column(default="")
    count: Mapped[int]
