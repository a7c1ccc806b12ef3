"""Boxes, submissions, bids, and the lines that exist only after the opening. No price stands here before it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Code, Moment, Price
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.bids.flow import BidState, BoxState
from procurement.demand.models import Call, Lot


class Box(Base):
    """A round's bids under one deadline: the one source of that deadline. `entries` counts under the row's lock."""

    __tablename__ = "bid_box"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("demand_call.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    state: Mapped[BoxState] = mapped_column(Code(BoxState), default=BoxState.WAITING)
    receives_from: Mapped[datetime | None] = mapped_column(Moment())
    deadline: Mapped[datetime | None] = mapped_column(Moment(), index=True)
    opened_at: Mapped[datetime | None] = mapped_column(Moment())
    entries: Mapped[int] = mapped_column(default=0)

    call: Mapped[Call] = relationship()


class Submission(Base):
    """One act of a company: bids handed in or withdrawn. The receipt is its number, digest and time."""

    __tablename__ = "bid_submission"
    __table_args__ = (UniqueConstraint("box_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    box_id: Mapped[int] = mapped_column(ForeignKey("bid_box.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    number: Mapped[int]
    receipt: Mapped[str] = mapped_column(unique=True)
    withdrawal: Mapped[bool] = mapped_column(default=False)
    lots: Mapped[int]
    digest: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())

    box: Mapped[Box] = relationship()
    company: Mapped[Organisation] = relationship()


class Bid(Base):
    """A company's bid for a lot: one row, whose revisions the submissions record.

    Its content lies behind bids.sealing under `sealed_id`.
    """

    __tablename__ = "bid"
    __table_args__ = (UniqueConstraint("box_id", "lot_id", "company_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    box_id: Mapped[int] = mapped_column(ForeignKey("bid_box.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[BidState] = mapped_column(Code(BidState))
    revision: Mapped[int] = mapped_column(default=1)
    submission_id: Mapped[int] = mapped_column(ForeignKey("bid_submission.id"), index=True)
    sealed_id: Mapped[int | None] = mapped_column(ForeignKey("sealed.id"))
    digest: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment())

    box: Mapped[Box] = relationship()
    lot: Mapped[Lot] = relationship()
    company: Mapped[Organisation] = relationship()
    submission: Mapped[Submission] = relationship()


class OpenedLine(Base):
    """A price as it was bid, written at the opening: `typed` is the bidder's own text, never replaced."""

    __tablename__ = "opened_line"
    __table_args__ = (UniqueConstraint("bid_id", "specification_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    typed: Mapped[str]
    unit_price: Mapped[Decimal | None] = mapped_column(Price())

    bid: Mapped[Bid] = relationship()
