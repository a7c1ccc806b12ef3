"""Letters as they were issued."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Code, Json, Moment
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.rounds.letters.flow import LetterKind
from procurement.rounds.models.rounds import Round


class Letter(Base):
    """One letter of a round to an organisation, numbered by kind and Beijing year; `content` is what it said."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("round_id", "kind", "organisation_id"),
        UniqueConstraint("year", "kind", "serial"),
        Index("ix_letter_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[LetterKind] = mapped_column(Code(LetterKind))
    year: Mapped[int]
    serial: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    content: Mapped[dict[str, Any]] = mapped_column(Json())
    digest: Mapped[str]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    issued_at: Mapped[datetime] = mapped_column(Moment())
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    read_at: Mapped[datetime | None] = mapped_column(Moment())

    organisation: Mapped[Organisation] = relationship()
    round: Mapped[Round] = relationship()
