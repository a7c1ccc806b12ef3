"""Where a sealed content lies. Only bids.sealing.services reads or writes this table."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from kernel.columns import Moment
from kernel.db import Base


class Sealed(Base):
    """A content with its salt; the digest of both is all that anything outside may hold.

    An erased content leaves its digest; the salt goes with it, because short contents could be guessed from both.
    """

    __tablename__ = "sealed"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    purpose: Mapped[str]
    salt: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    digest: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment())
    erased_at: Mapped[datetime | None] = mapped_column(Moment())
