"""Tables of consumables; written in bulk, a row for a row of the source."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class ConsumableCategory(Base):
    """A category (类目): the beginning of the codes of one generic name."""

    __tablename__ = "consumable_category"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    charge: Mapped[str | None]
    level: Mapped[str | None]
    import_id: Mapped[int | None] = mapped_column(index=True)
    row: Mapped[int | None]


class Consumable(Base):
    """A consumable under its national code of 20 (product) or 27 (model) characters."""

    __tablename__ = "consumable"
    __table_args__ = (Index("ix_consumable_company", "company", "generic_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    class_1: Mapped[str | None]
    class_2: Mapped[str | None]
    class_3: Mapped[str | None]
    generic_name: Mapped[str] = mapped_column(index=True)
    material: Mapped[str | None]
    feature: Mapped[str | None]
    certificate: Mapped[str | None] = mapped_column(index=True)
    product_name: Mapped[str | None]
    company: Mapped[str]
    company_code: Mapped[str | None] = mapped_column(index=True)
    models: Mapped[int | None]
    udi: Mapped[str | None] = mapped_column(index=True)
    unit: Mapped[str | None]
    note: Mapped[str | None]
    import_id: Mapped[int | None] = mapped_column(index=True)
    row: Mapped[int | None]
