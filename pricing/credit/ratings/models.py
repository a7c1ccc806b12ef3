"""Ratings with the products they are about, what they do, and how they are corrected."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Product
from kernel.auth.models import User
from kernel.columns import Code, Json, Moment
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from pricing.credit.flow import Matter
from pricing.credit.models import CreditCase
from pricing.credit.ratings.flow import CorrectionState, Level, MeasureKind, RatingState, Route, number


class CreditRating(Base):
    """A company's rating for one case by one version of the benchmark, valid in a province.

    `grade` is what the benchmark said when it was proposed: inputs, level (or none), options, steps. `level` is what
    the officers hold; `ground` and `document` say why. `due_at` is the last instant of the defence: at first as if the
    notice stayed uncollected, moved forward by its collection. `record` is the rating as it was published.
    """

    __tablename__ = "credit_rating"
    __table_args__ = (
        CheckConstraint("lapses_on is null or lapses_on > effective_on", name="days"),
        Index("ix_credit_rating_company_id", "company_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("credit_case.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    matter: Mapped[Matter] = mapped_column(Code(Matter))
    benchmark: Mapped[str]
    state: Mapped[RatingState] = mapped_column(Code(RatingState), default=RatingState.PROPOSED, index=True)
    grade: Mapped[dict[str, Any]] = mapped_column(Json())
    level: Mapped[Level] = mapped_column(Code(Level))
    ground: Mapped[str] = mapped_column(default="")
    document: Mapped[str] = mapped_column(default="")
    effective_on: Mapped[date]
    lapses_on: Mapped[date | None]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment())
    noticed_at: Mapped[datetime | None] = mapped_column(Moment())
    notice_days: Mapped[int | None]
    defence_days: Mapped[int | None]
    collected_at: Mapped[datetime | None] = mapped_column(Moment())
    due_at: Mapped[datetime | None] = mapped_column(Moment(), index=True)
    defence: Mapped[str] = mapped_column(default="")
    defended_at: Mapped[datetime | None] = mapped_column(Moment())
    answer: Mapped[str] = mapped_column(default="")
    suggested: Mapped[Level | None] = mapped_column(Code(Level))
    corrections_asked: Mapped[list[int]] = mapped_column(Json(), default=list)
    starts_on: Mapped[date | None]
    suggested_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    suggested_at: Mapped[datetime | None] = mapped_column(Moment())
    return_reason: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None] = mapped_column(Moment(), index=True)
    record: Mapped[dict[str, Any] | None] = mapped_column(Json())
    cleared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    cleared_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    case: Mapped[CreditCase] = relationship()
    company: Mapped[Organisation] = relationship()
    region: Mapped[Region] = relationship()
    products: Mapped[list[Product]] = relationship(secondary="credit_rating_product", order_by=Product.id)
    measures: Mapped[list[CreditMeasure]] = relationship(order_by="CreditMeasure.id")
    corrections: Mapped[list[CreditCorrection]] = relationship(order_by="CreditCorrection.number")
    proposed_by: Mapped[User | None] = relationship(foreign_keys=proposed_by_id)
    suggested_by: Mapped[User | None] = relationship(foreign_keys=suggested_by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class

    @property
    def number(self) -> str:
        """Return what documents call the rating."""
        return number(self.id, self.proposed_at)


class CreditRatingProduct(Base):
    """A product that a rating's case involves, the holder's even where its distributor is rated."""

    __tablename__ = "credit_rating_product"

    rating_id: Mapped[int] = mapped_column(ForeignKey("credit_rating.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True, index=True)


class CreditMeasure(Base):
    """What a published rating does from `starts_on` up to, not on, `ends_on`; without a region it does so everywhere.

    `company_id` is the one that may not act where the measure covers all its products.
    """

    __tablename__ = "credit_measure"
    __table_args__ = (
        UniqueConstraint("rating_id", "kind"), CheckConstraint("ends_on is null or ends_on >= starts_on", name="days")
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("credit_rating.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[MeasureKind] = mapped_column(Code(MeasureKind))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class CreditCorrection(Base):
    """One measure of correction (①–⑥) that a rating asks for, its evidence and what its review said.

    Without `reviewed_by_id` the price of a round verified it. `confirmed_by_id` looked at it after the reviewer.
    """

    __tablename__ = "credit_correction"
    __table_args__ = (
        UniqueConstraint("rating_id", "number"), CheckConstraint("number between 1 and 6", name="number")
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("credit_rating.id"))
    number: Mapped[int]
    state: Mapped[CorrectionState] = mapped_column(Code(CorrectionState), default=CorrectionState.DUE)
    route: Mapped[Route | None] = mapped_column(Code(Route))
    note: Mapped[str] = mapped_column(default="")
    submitted_at: Mapped[datetime | None] = mapped_column(Moment())
    review: Mapped[str] = mapped_column(default="")
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment())
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment())

    reviewed_by: Mapped[User | None] = relationship(foreign_keys=reviewed_by_id)
    confirmed_by: Mapped[User | None] = relationship(foreign_keys=confirmed_by_id)
