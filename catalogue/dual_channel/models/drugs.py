"""What a region says of dual channel, and its lists of drugs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.dual_channel.rules.listing import DrugState, Layer, Term
from catalogue.editions.models import ListEntry
from kernel.columns import Code, Json, Moment
from kernel.db import Base
from kernel.parties.models import Region


class RegionRules(Base):
    """A region's own figures: {parameter: {"value", "source"}}. Places below follow what they don't say otherwise."""

    __tablename__ = "dual_channel_region"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    said: Mapped[dict[str, Any]] = mapped_column(Json())
    changed_at: Mapped[datetime] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    region: Mapped[Region] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class ListedDrug(Base):
    """A negotiated drug on one of a region's two lists; `entry_id` is the entry of the national list it comes from.

    `drug_key` is the entry's name_key: by it a drug is the same through the editions.
    """

    __tablename__ = "dual_channel_drug"
    __table_args__ = (
        UniqueConstraint("region_code", "entry_id", "layer"),
        CheckConstraint("leaves_on is null or leaves_on > begins_on", name="leaving"),
        CheckConstraint("transition_until is null or transition_until > leaves_on", name="transition"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("list_entry.id"), index=True)
    drug_key: Mapped[str] = mapped_column(index=True)
    layer: Mapped[Layer] = mapped_column(Code(Layer))
    begins_on: Mapped[date]
    leaves_on: Mapped[date | None]
    transition_until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    """Why it leaves."""
    note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    entry: Mapped[ListEntry] = relationship(lazy="joined", innerjoin=True)
    region: Mapped[Region] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class

    @property
    def term(self) -> Term:
        """Return its days."""
        return Term(self.begins_on, self.leaves_on, self.transition_until)

    def state_on(self, day: date) -> DrugState:
        """Return what it is on a day."""
        return self.term.state_on(day)
