"""One row per record that can be found."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class SearchEntry(Base):
    """How a record is found (`haystack`, one line per way) and how it is shown in a list of hits."""

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(index=True)
    subject_id: Mapped[int]
    title: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    haystack: Mapped[str]
