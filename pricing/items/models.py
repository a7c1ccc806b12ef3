"""Service items with their versions, what belongs to a version, prices by grade and region, annual volumes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Amount, Code, Moment, Price, Quantity, Ratio
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from pricing.items.flow import AddOnKind, ItemStandard, PriceGrade, PriceSource, Pricing

_OF_ALL = text("hospital_id is null and ends_on is null")
_OF_ONE = text("hospital_id is not null and ends_on is null")
_RUNNING = text("ends_on is null")


class ServiceCategory(Base):
    """A category of items with the beginnings of the codes that belong to it, as its list writes them.

    A code stands in several rows: each names another pattern, and lists keep several categories under one code.
    """

    __tablename__ = "service_category"
    __table_args__ = (
        UniqueConstraint("code", "name", "charge", "national_pattern", "local_pattern", name="uq_service_category_row"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    charge: Mapped[str]
    """The kind of charge on a bill (费用项目), empty where the list names none."""
    national_pattern: Mapped[str]
    local_pattern: Mapped[str]
    level: Mapped[str | None]
    import_id: Mapped[int | None] = mapped_column(index=True)
    row: Mapped[int | None]


class ServiceItem(Base):
    """An item under its code, which stays opaque. `region_code` is empty for a national catalogue."""

    __tablename__ = "service_item"
    __table_args__ = (UniqueConstraint("code", "region_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    standard: Mapped[ItemStandard] = mapped_column(Code(ItemStandard))
    region_code: Mapped[str] = mapped_column(default="", index=True)


class ItemVersion(Base):
    """What an item is from `starts_on` up to but not on `ends_on`; one version follows another without a gap.

    `listed_price` (yuan) is what the catalogue itself prints; what counts is in `service_price`. `variable` says that
    the catalogue leaves the price to the bill.
    """

    __tablename__ = "service_item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "starts_on"),
        CheckConstraint("ends_on is null or ends_on > starts_on", name="days"),
        Index("uq_service_item_version_running", "item_id", unique=True, sqlite_where=_RUNNING,
              postgresql_where=_RUNNING),
        Index("ix_service_item_version_category_code", "category_code"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("service_item.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    name: Mapped[str]
    unit: Mapped[str]
    pricing: Mapped[Pricing] = mapped_column(Code(Pricing), default=Pricing.GUIDED)
    category_code: Mapped[str] = mapped_column(default="")
    category_name: Mapped[str] = mapped_column(default="")
    charge_class: Mapped[str] = mapped_column(default="")
    connotation: Mapped[str] = mapped_column(default="")
    excluded: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    output: Mapped[str] = mapped_column(default="")
    composition: Mapped[str] = mapped_column(default="")
    specification: Mapped[str] = mapped_column(default="")
    origin: Mapped[str] = mapped_column(default="")
    technical: Mapped[bool] = mapped_column(default=False)
    """Whether it is above all technical labour (技术劳务), whose share an adjustment has to keep."""
    variable: Mapped[bool] = mapped_column(default=False)
    listed_price: Mapped[Decimal | None] = mapped_column(Price())
    import_id: Mapped[int | None] = mapped_column(index=True)
    row: Mapped[int | None]

    item: Mapped[ServiceItem] = relationship()


class ItemAddOn(Base):
    """An add-on or reduction of a version (yuan, or a share of the main item's price), or an extension at its price."""

    __tablename__ = "service_item_add_on"
    __table_args__ = (
        UniqueConstraint("version_id", "kind", "name"),
        CheckConstraint("amount is null or percent is null", name="one"),
        CheckConstraint("(kind = 'extension') = (amount is null and percent is null)", name="priced"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("service_item_version.id"))
    kind: Mapped[AddOnKind] = mapped_column(Code(AddOnKind))
    name: Mapped[str]
    amount: Mapped[Decimal | None] = mapped_column(Price())
    percent: Mapped[Decimal | None] = mapped_column(Ratio())


class ItemExclusion(Base):
    """A category of consumables that a version's price does not contain: codes that begin so are charged beside it."""

    __tablename__ = "service_item_exclusion"
    __table_args__ = (UniqueConstraint("version_id", "category_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("service_item_version.id"))
    category_code: Mapped[str] = mapped_column(index=True)


class ItemMapping(Base):
    """That an item of an old catalogue goes into one of a guideline: one into many, many into one.

    `share` is how many of the new item are charged where the old one was charged once; null where nobody has said.
    """

    __tablename__ = "service_item_mapping"
    __table_args__ = (
        UniqueConstraint("old_id", "new_id"),
        CheckConstraint("old_id <> new_id", name="two"),
        CheckConstraint("share is null or share > 0", name="share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    old_id: Mapped[int] = mapped_column(ForeignKey("service_item.id"))
    new_id: Mapped[int] = mapped_column(ForeignKey("service_item.id"), index=True)
    share: Mapped[Decimal | None] = mapped_column(Ratio())
    note: Mapped[str] = mapped_column(default="")

    old: Mapped[ServiceItem] = relationship(foreign_keys=old_id)
    new: Mapped[ServiceItem] = relationship(foreign_keys=new_id)


class ItemPrice(Base):
    """A price in yuan per unit from 00:00 Beijing time of `starts_on` up to `ends_on`, which is exclusive.

    For hospitals of a grade in a pricing region it is a ceiling. With `hospital_id` it is that hospital's own, for an
    item whose price hospitals set; region and grade are then those of the hospital on the day it was filed.
    """

    __tablename__ = "service_price"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("ends_on is null or ends_on > starts_on", name="days"),
        Index("uq_service_price_running", "item_id", "region_code", "grade", unique=True, sqlite_where=_OF_ALL,
              postgresql_where=_OF_ALL),
        Index("uq_service_price_hospital", "item_id", "hospital_id", unique=True, sqlite_where=_OF_ONE,
              postgresql_where=_OF_ONE),
        Index("ix_service_price_item_id", "item_id", "region_code", "grade", "starts_on"),
        Index("ix_service_price_region_code", "region_code", "grade"),
        Index("ix_service_price_hospital_id", "hospital_id", "item_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("service_item.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    grade: Mapped[PriceGrade] = mapped_column(Code(PriceGrade))
    hospital_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    price: Mapped[Decimal] = mapped_column(Price())
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    source: Mapped[PriceSource] = mapped_column(Code(PriceSource))
    source_id: Mapped[int | None]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    set_at: Mapped[datetime] = mapped_column(Moment())

    item: Mapped[ServiceItem] = relationship()
    region: Mapped[Region] = relationship()
    hospital: Mapped[Organisation | None] = relationship()


class ItemVolume(Base):
    """How often a hospital charged an item in a calendar year, and for how much (yuan).

    `department` is empty where a hospital does not tell its departments apart.
    """

    __tablename__ = "service_volume"
    __table_args__ = (
        UniqueConstraint("hospital_id", "item_id", "year", "department"),
        CheckConstraint("quantity >= 0 and revenue >= 0", name="figures"),
        Index("ix_service_volume_item_id", "item_id", "year"),
        Index("ix_service_volume_year", "year", "hospital_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("service_item.id"))
    year: Mapped[int]
    department: Mapped[str] = mapped_column(default="")
    quantity: Mapped[Decimal] = mapped_column(Quantity())
    revenue: Mapped[Decimal] = mapped_column(Amount())

    hospital: Mapped[Organisation] = relationship()
    item: Mapped[ServiceItem] = relationship()
