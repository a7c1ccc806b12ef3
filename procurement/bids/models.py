"""Boxes, submissions, bids, and the lines that exist only after the opening. No price stands here before it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Product, Specification
from kernel.columns import Code, Json, Moment, Price
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.bids.flow import BidState, BoxState, Channel, InvalidPrice
from procurement.demand.models import Call, Lot


class Box(Base):
    """A round's bids under one deadline: the one source of that deadline. `entries` counts under the row's lock.

    `joint_most`: how many companies may bid as one, 0 where they may not. `rehearsal`: a round to practise in.
    """

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
    invalid_price: Mapped[InvalidPrice] = mapped_column(Code(InvalidPrice), default=InvalidPrice.REFUSE)
    joint_most: Mapped[int] = mapped_column(default=0)
    rehearsal: Mapped[bool] = mapped_column(default=False)
    eligibility: Mapped[dict[str, Any] | None] = mapped_column(Json())  # as dossiers.rules.Asked writes it

    call: Mapped[Call] = relationship()


class Submission(Base):
    """One act of a company: bids handed in or withdrawn. The receipt is its name, digest and time.

    `number` is its place in the box and shown to nobody before the opening: it would tell how many took part.
    """

    __tablename__ = "bid_submission"
    __table_args__ = (UniqueConstraint("box_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    box_id: Mapped[int] = mapped_column(ForeignKey("bid_box.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    number: Mapped[int]
    receipt: Mapped[str] = mapped_column(unique=True)
    withdrawal: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[Channel] = mapped_column(Code(Channel), default=Channel.FORM)
    lots: Mapped[int]
    digest: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())

    box: Mapped[Box] = relationship()
    company: Mapped[Organisation] = relationship()
    entries: Mapped[list[SubmissionLot]] = relationship(back_populates="submission", order_by="SubmissionLot.lot_id")


class SubmissionLot(Base):
    """One lot of a submission: the digest of what was handed in or withdrawn. It stays when the bid changes."""

    __tablename__ = "bid_submission_lot"

    submission_id: Mapped[int] = mapped_column(ForeignKey("bid_submission.id"), primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True, index=True)
    revision: Mapped[int]
    digest: Mapped[str]

    submission: Mapped[Submission] = relationship(back_populates="entries")
    lot: Mapped[Lot] = relationship()


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
    specification: Mapped[Specification] = relationship()
    product: Mapped[Product | None] = relationship()


class Reminder(Base):
    """A company was told that a deadline is near; a later deadline is told again."""

    __tablename__ = "bid_reminder"
    __table_args__ = (UniqueConstraint("box_id", "company_id", "hours", "deadline"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    box_id: Mapped[int] = mapped_column(ForeignKey("bid_box.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    hours: Mapped[int]
    deadline: Mapped[datetime] = mapped_column(Moment())
    at: Mapped[datetime] = mapped_column(Moment())
