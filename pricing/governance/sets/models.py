"""Versions of label rule sets; regions that go by one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Moment
from kernel.db import Base
from kernel.parties.models import Region
from kernel.rulebooks.models import VersionColumns


class LabelSet(VersionColumns, Base):
    """One version of a rule set; `values` are its rules by name, the value being thresholds and first day."""

    __tablename__ = "label_set"
    __table_args__ = (UniqueConstraint("code", "number"),)


class LabelRegion(Base):
    """A region whose listings, and those of the regions below it, are labelled by a rule set."""

    __tablename__ = "label_region"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    code: Mapped[str]
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())

    region: Mapped[Region] = relationship()
