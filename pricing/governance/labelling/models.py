"""Summaries of prices, from which price on products are labelled, and the labels themselves."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Product
from kernel.columns import Code, Json, Moment, Price, Ratio
from kernel.db import Base
from kernel.parties.models import Region
from pricing.governance.rules import Label, ProductKind
from pricing.governance.sets.models import LabelSet
from pricing.listings.flow import ListingKind

_OPEN = text("until is null")


class ProductEvaluation(Base):
    """Whether a product passed the consistency evaluation (一致性评价), and the document that says so."""

    __tablename__ = "product_evaluation"

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    passed: Mapped[bool]
    source: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment(), index=True)

    product: Mapped[Product] = relationship(lazy="joined", innerjoin=True)


class PriceSummary(Base):
    """Prices of a specification in the country, yuan per unit, as the last run found them; `count` listings."""

    __tablename__ = "price_summary"

    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"), primary_key=True)
    highest_winning: Mapped[Decimal | None] = mapped_column(Price())
    highest_listed: Mapped[Decimal] = mapped_column(Price())
    percentile_75: Mapped[Decimal] = mapped_column(Price())
    count: Mapped[int]


class LabelBand(Base):
    """From which price on a product is labelled by a rule set, yuan per unit; `given`: what it was measured with."""

    __tablename__ = "label_band"

    set_id: Mapped[int] = mapped_column(ForeignKey("label_set.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    kind: Mapped[ProductKind] = mapped_column(Code(ProductKind))
    rule: Mapped[str]
    anchor: Mapped[Decimal] = mapped_column(Ratio())
    first: Mapped[Decimal] = mapped_column(Price())
    yellow: Mapped[Decimal | None] = mapped_column(Price())
    red: Mapped[Decimal | None] = mapped_column(Price())
    suspend: Mapped[Decimal | None] = mapped_column(Price())
    outside_only: Mapped[bool]
    given: Mapped[dict[str, Any]] = mapped_column(Json())


class PriceLabel(Base):
    """A label on a product's listing in a region, from `since` up to but not on `until`.

    `price` and `anchor` are yuan per unit, `ratio` the one over the other; `given` is what the rule measured with.
    """

    __tablename__ = "price_label"
    __table_args__ = (
        CheckConstraint("until is null or until >= since", name="days"),
        Index(
            "uq_price_label_open", "product_id", "region_code", "kind", unique=True, sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_price_label_region_code", "region_code", "until"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    kind: Mapped[ListingKind] = mapped_column(Code(ListingKind))
    label: Mapped[Label] = mapped_column(Code(Label))
    set_id: Mapped[int] = mapped_column(ForeignKey("label_set.id"))
    rule: Mapped[str]
    price: Mapped[Decimal] = mapped_column(Price())
    anchor: Mapped[Decimal] = mapped_column(Ratio())
    ratio: Mapped[Decimal] = mapped_column(Ratio())
    product_kind: Mapped[ProductKind] = mapped_column(Code(ProductKind))
    given: Mapped[dict[str, Any]] = mapped_column(Json())
    since: Mapped[date]
    until: Mapped[date | None]

    product: Mapped[Product] = relationship()
    region: Mapped[Region] = relationship()
    set_: Mapped[LabelSet] = relationship()


class LabelRun(Base):
    """A run: up to which instant it has followed changes, how many labels it gave and took.

    `unknown` counts products nobody said of whether they passed, where the rule needs to know.
    """

    __tablename__ = "label_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Moment())
    upto: Mapped[int]
    """The highest number of a listing then."""
    whole: Mapped[bool]
    """Whether everything was looked at, or only what had changed since the run before."""
    given: Mapped[int]
    taken: Mapped[int]
    unknown: Mapped[int]
    rules: Mapped[dict[str, Any]] = mapped_column(Json())
    """By region the rule set that was applied."""
