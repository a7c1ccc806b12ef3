"""Prices of other regions, groups of the same product, gaps between regions, warnings of linkage."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Product
from kernel.columns import Code, Json, Moment, Price, Ratio
from kernel.db import Base
from kernel.parties.models import Region
from pricing.governance.comparison.flow import Doubt, Match, Same, WarningState
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing

_OPEN = text("state in ('open', 'answered')")


class SameGroup(Base):
    """Products that are the same: four-same with the maker, three-same without.

    Of the catalogue's own, specification and company are named; others stand by their code or by their names.
    """

    __tablename__ = "same_group"
    __table_args__ = (UniqueConstraint("same", "key"), Index("ix_same_group_pair", "specification_id", "company_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    same: Mapped[Same] = mapped_column(Code(Same))
    key: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("same_group.id"), index=True)
    """Of a four-same group of injections: its three-same group."""
    name: Mapped[str] = mapped_column(index=True)
    maker: Mapped[str]
    form: Mapped[str]
    specification: Mapped[str]
    specification_id: Mapped[int | None] = mapped_column(ForeignKey("specification.id"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)


class SameMember(Base):
    """The four-same group of a product of the catalogue."""

    __tablename__ = "same_member"

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("same_group.id"), index=True)


class OutsideProduct(Base):
    """A product as other regions write it, and what it was matched with; without a group it is compared with nothing.

    `candidates` are pairs of specification and company that a person looks at.
    """

    __tablename__ = "outside_product"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    maker: Mapped[str]
    form: Mapped[str]
    specification: Mapped[str]
    pack: Mapped[int]
    match: Mapped[Match] = mapped_column(Code(Match), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("same_group.id"), index=True)
    candidates: Mapped[list[list[int]]] = mapped_column(Json())
    doubt: Mapped[Doubt | None] = mapped_column(Code(Doubt))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    group: Mapped[SameGroup | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class OutsidePrice(Base):
    """A price in another region, yuan per unit, from `starts` up to but not on `ends`; `document` says where from."""

    __tablename__ = "outside_price"
    __table_args__ = (
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("ends is null or ends >= starts", name="days"),
        UniqueConstraint("outside_id", "region_code", "kind", "starts"),
        Index("ix_outside_price_region_code", "region_code", "outside_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    outside_id: Mapped[int] = mapped_column(ForeignKey("outside_product.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    kind: Mapped[ListingKind] = mapped_column(Code(ListingKind))
    starts: Mapped[date]
    ends: Mapped[date | None]
    price: Mapped[Decimal] = mapped_column(Price())
    pack_price: Mapped[Decimal | None] = mapped_column(Price())
    document: Mapped[str]
    import_id: Mapped[int | None]
    changed_at: Mapped[datetime] = mapped_column(Moment(), index=True)

    outside: Mapped[OutsideProduct] = relationship()
    region: Mapped[Region] = relationship()


class PriceGap(Base):
    """A region's price of a four-same group above the nation's, as the last run found it, yuan per unit.

    By `same` the national prices are those of the group or of its three-same group. `lowest` is the lowest valid
    provincial price and `ratio` the price's multiple of it; `outlier` is unset where no rule says what is one.
    """

    __tablename__ = "price_gap"
    __table_args__ = (
        Index("ix_price_gap_ratio", "same", "ratio"),
        Index("ix_price_gap_region_code", "same", "region_code", "ratio"),
    )

    same: Mapped[Same] = mapped_column(Code(Same), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("same_group.id"), primary_key=True)
    kind: Mapped[ListingKind] = mapped_column(Code(ListingKind), primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    price: Mapped[Decimal] = mapped_column(Price())
    least: Mapped[Decimal] = mapped_column(Price())
    median: Mapped[Decimal] = mapped_column(Price())
    lowest: Mapped[Decimal] = mapped_column(Price())
    lowest_region: Mapped[str]
    provinces: Mapped[int]
    ratio: Mapped[Decimal] = mapped_column(Ratio())
    outlier: Mapped[bool | None]

    group: Mapped[SameGroup] = relationship()
    region: Mapped[Region] = relationship()


class GapRun(Base):
    """A run: up to which listing it has followed changes, how many gaps it found, warnings it gave and cleared."""

    __tablename__ = "gap_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Moment())
    upto: Mapped[int]
    whole: Mapped[bool]
    gaps: Mapped[int]
    given: Mapped[int]
    cleared: Mapped[int]


class LinkageWarning(Base):
    """A listed price above the lowest valid provincial one, told to its company, with the last day to answer.

    `price` and `lowest` are yuan per unit as of the day it was given.
    """

    __tablename__ = "linkage_warning"
    __table_args__ = (
        Index(
            "uq_linkage_warning_open", "product_id", "region_code", "kind", unique=True, sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_linkage_warning_state", "state", "due_on"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    kind: Mapped[ListingKind] = mapped_column(Code(ListingKind))
    group_id: Mapped[int] = mapped_column(ForeignKey("same_group.id"), index=True)
    price: Mapped[Decimal] = mapped_column(Price())
    lowest: Mapped[Decimal] = mapped_column(Price())
    lowest_region: Mapped[str] = mapped_column(ForeignKey("region.code"))
    state: Mapped[WarningState] = mapped_column(Code(WarningState), default=WarningState.OPEN)
    given_on: Mapped[date]
    due_on: Mapped[date]
    told_at: Mapped[datetime | None] = mapped_column(Moment())
    """When both sides were told that it is overdue."""
    answer: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment())
    reply: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    cleared_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    product: Mapped[Product] = relationship()
    listing: Mapped[Listing] = relationship()
    region: Mapped[Region] = relationship(foreign_keys=region_code)
    lowest_in: Mapped[Region] = relationship(foreign_keys=lowest_region)
    group: Mapped[SameGroup] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class

    def overdue_on(self, day: date) -> bool:
        """Say whether the company should have answered before a day."""
        return self.state is WarningState.OPEN and self.due_on < day
