"""Joints and their members. The agreement between them is kept as an attachment of the joint."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Code, Moment, Ratio
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.bids.joints.flow import JointState, MemberState
from procurement.bids.models import Box
from procurement.demand.models import Lot

_BOUND = text("state = 'bound'")


class Joint(Base):
    """Companies that bid as one for a lot; the lead hands the bid in."""

    __tablename__ = "joint_bid"

    id: Mapped[int] = mapped_column(primary_key=True)
    box_id: Mapped[int] = mapped_column(ForeignKey("bid_box.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    lead_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[JointState] = mapped_column(Code(JointState), default=JointState.PROPOSED)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment())
    ended_at: Mapped[datetime | None] = mapped_column(Moment())

    box: Mapped[Box] = relationship()
    lot: Mapped[Lot] = relationship()
    lead: Mapped[Organisation] = relationship()
    members: Mapped[list[JointMember]] = relationship(back_populates="joint", order_by="JointMember.id")

    @property
    def others(self) -> list[JointMember]:
        """Return the members beside the lead."""
        return [each for each in self.members if each.company_id != self.lead_id]


class JointMember(Base):
    """A company in a joint with its share of the supply. Nobody is bound by two joints of a lot."""

    __tablename__ = "joint_member"
    __table_args__ = (
        UniqueConstraint("joint_id", "company_id"),
        CheckConstraint("share > 0", name="share"),
        Index(
            "uq_joint_member_bound", "box_id", "lot_id", "company_id", unique=True, sqlite_where=_BOUND,
            postgresql_where=_BOUND,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    joint_id: Mapped[int] = mapped_column(ForeignKey("joint_bid.id"))
    box_id: Mapped[int] = mapped_column(ForeignKey("bid_box.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    share: Mapped[Decimal] = mapped_column(Ratio())
    state: Mapped[MemberState] = mapped_column(Code(MemberState), default=MemberState.ASKED)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment())

    joint: Mapped[Joint] = relationship(back_populates="members")
    company: Mapped[Organisation] = relationship()
