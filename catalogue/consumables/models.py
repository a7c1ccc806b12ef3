"""Tables of consumables; written in bulk, a row for a row of the source."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.consumables.rules.identifiers import Told
from kernel.columns import Code, Json
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
    """A consumable under its national code of 20 (product) or 27 (model) characters.

    `udi` is what its row of the list says, in one spelling; the identifiers themselves stand in `consumable_udi`.
    """

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
    certificate_holder: Mapped[str | None]
    certificate_until: Mapped[date | None]
    product_name: Mapped[str | None]
    company: Mapped[str]
    company_code: Mapped[str | None] = mapped_column(index=True)
    models: Mapped[int | None]
    udi: Mapped[str | None]
    unit: Mapped[str | None]
    note: Mapped[str | None]
    import_id: Mapped[int | None] = mapped_column(index=True)
    row: Mapped[int | None]


class ConsumableUdi(Base):
    """A device identifier of a consumable's code, and who says so; a code has many, and an identifier may have many."""

    __tablename__ = "consumable_udi"
    __table_args__ = (UniqueConstraint("code", "di", "told"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    di: Mapped[str] = mapped_column(index=True)
    told: Mapped[Told] = mapped_column(Code(Told))


class Device(Base):
    """A device as the drug authority publishes it under its identifier (UDI-DI) of the smallest sales unit."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    di: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    model: Mapped[str]
    certificate: Mapped[str] = mapped_column(index=True)
    certificate_until: Mapped[date | None]
    holder: Mapped[str]
    holder_code: Mapped[str]
    category: Mapped[str]
    edition: Mapped[str]
    published: Mapped[date | None]
    packings: Mapped[list[dict[str, Any]]] = mapped_column(Json())
    """[{"di", "level", "count", "holds"}]: the packages around it."""
