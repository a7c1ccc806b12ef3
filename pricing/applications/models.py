"""Applications, and what reviewers said about them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Product
from kernel.auth.models import User
from kernel.columns import Code, Json, Moment, Price
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from pricing.applications.flow import ApplicationAction, ApplicationState, Back, Purpose
from pricing.listings.flow import ListingKind
from pricing.listings.rules import Key

_OPEN = text("state in ('submitted', 'checked', 'returned')")


class ListingApplication(Base):
    """What a company asks for one product, region and kind. Prices are yuan per unit of the specification.

    `before` is the price that stood when it was submitted, `elsewhere` the lowest valid price of another province as
    the company declares it, `ceiling` the highest price allowed with its document. `starts` is the first day, of a
    delisting the first day without. `checks` are the checks' steps as of the last submission or look.
    """

    __tablename__ = "listing_application"
    __table_args__ = (
        CheckConstraint("price is null or price > 0", name="price"),
        Index(
            "uq_listing_application_open", "product_id", "region_code", "kind", unique=True, sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_listing_application_state", "state", "submitted_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    kind: Mapped[ListingKind] = mapped_column(Code(ListingKind))
    purpose: Mapped[Purpose] = mapped_column(Code(Purpose))
    state: Mapped[ApplicationState] = mapped_column(Code(ApplicationState), default=ApplicationState.SUBMITTED)
    price: Mapped[Decimal | None] = mapped_column(Price())
    before: Mapped[Decimal | None] = mapped_column(Price())
    starts: Mapped[date]
    reason: Mapped[str]
    code: Mapped[str]
    certificate_until: Mapped[date | None]
    elsewhere: Mapped[Decimal | None] = mapped_column(Price())
    elsewhere_region: Mapped[str] = mapped_column(default="")
    ceiling: Mapped[Decimal | None] = mapped_column(Price())
    ceiling_source: Mapped[str] = mapped_column(default="")
    passed: Mapped[bool | None]
    checks: Mapped[list[dict[str, Any]]] = mapped_column(Json())
    failed: Mapped[int]
    """How many checks it does not pass, or that nobody can answer."""
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime] = mapped_column(Moment())
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    checked_at: Mapped[datetime | None] = mapped_column(Moment())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    back: Mapped[Back | None] = mapped_column(Code(Back))
    note: Mapped[str] = mapped_column(default="")
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))
    bar_until: Mapped[date | None]
    """Of a delisting: the first day on which the product may be listed again; none where no rule says."""
    version: Mapped[int] = mapped_column(default=1)

    company: Mapped[Organisation] = relationship()
    product: Mapped[Product] = relationship()
    region: Mapped[Region] = relationship()
    looks: Mapped[list[ApplicationLook]] = relationship(order_by="ApplicationLook.id", back_populates="application")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class

    @property
    def key(self) -> Key:
        """Return what has one current listing only."""
        return self.product_id, self.region_code, self.kind


class ApplicationLook(Base):
    """What a reviewer did and said; it is never changed. `text` is the opinion."""

    __tablename__ = "listing_application_look"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("listing_application.id"), index=True)
    action: Mapped[ApplicationAction] = mapped_column(Code(ApplicationAction))
    back: Mapped[Back | None] = mapped_column(Code(Back))
    text: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())

    application: Mapped[ListingApplication] = relationship(back_populates="looks")
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
