"""Prices of products by region and kind, every one that ever stood."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Product
from kernel.columns import Code, Moment, Price
from kernel.db import Base
from kernel.parties.models import Region
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.rules import counts, pack_price

_CURRENT = text("state <> 'ended'")
_ENDS, _HELD = text("ends is not null"), text("suspended_on is not null")


class Listing(Base):
    """A product's price in a region, yuan per unit of its specification, from `starts` up to but not on `ends`.

    `suspended_on` is the first day on which it may not be bought. `origin` says where the price came from: "import/3",
    "round/12", "typed".
    """

    __tablename__ = "listing"
    __table_args__ = (
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("ends is null or ends >= starts", name="days"),
        Index(
            "uq_listing_current", "product_id", "region_code", "kind", unique=True, sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        Index("ix_listing_product_id", "product_id", "region_code"),
        Index("ix_listing_region_code", "region_code", "kind", "state"),
        Index("ix_listing_ends", "ends", sqlite_where=_ENDS, postgresql_where=_ENDS),
        Index("ix_listing_suspended_on", "suspended_on", sqlite_where=_HELD, postgresql_where=_HELD),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    kind: Mapped[ListingKind] = mapped_column(Code(ListingKind))
    price: Mapped[Decimal] = mapped_column(Price())
    starts: Mapped[date]
    ends: Mapped[date | None]
    state: Mapped[ListingState] = mapped_column(Code(ListingState), default=ListingState.ACTIVE)
    suspended_on: Mapped[date | None]
    origin: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    """Why it is listed, and later why it was suspended or ended."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment())
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    restored_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    product: Mapped[Product] = relationship()
    region: Mapped[Region] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class

    def counts_on(self, day: date) -> bool:
        """Say whether the price counts on a day."""
        return counts(day, starts=self.starts, ends=self.ends, suspended_on=self.suspended_on)

    def state_on(self, day: date) -> ListingState:
        """Return the state as a day shows it: a listing whose days are over has ended, whoever wrote that down."""
        over = self.ends is not None and self.ends <= day
        return ListingState.ENDED if over else self.state

    @property
    def per_pack(self) -> Decimal:
        """Return yuan per pack of the product."""
        return pack_price(self.price, self.product.pack)
