"""Drugs by their national code, and products as hospitals keep them; written in bulk, a row for a row of the source."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class CodedDrug(Base):
    """One pack of one company's drug under its national code (医保药品代码). `import_id` and `row` say where from."""

    __tablename__ = "coded_drug"
    __table_args__ = (Index("ix_coded_drug_company", "company", "registered_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    registered_name: Mapped[str] = mapped_column(index=True)
    trade_name: Mapped[str | None]
    registered_form: Mapped[str | None]
    actual_form: Mapped[str | None]
    registered_spec: Mapped[str | None]
    actual_spec: Mapped[str | None]
    packaging: Mapped[str | None]
    pack_quantity: Mapped[int | None]
    preparation_unit: Mapped[str | None]
    packing_unit: Mapped[str | None]
    company: Mapped[str]
    company_code: Mapped[str | None] = mapped_column(index=True)
    approval_number: Mapped[str | None] = mapped_column(index=True)
    standard_code: Mapped[str | None] = mapped_column(index=True)
    list_class: Mapped[str | None]
    list_number: Mapped[str | None]
    list_name: Mapped[str | None] = mapped_column(index=True)
    list_form: Mapped[str | None]
    note: Mapped[str | None]
    import_id: Mapped[int | None] = mapped_column(index=True)
    row: Mapped[int | None]


class LocalProduct(Base):
    """A product as one list keeps it under a code of its own: a hospital's drug file, a distributor's catalogue."""

    __tablename__ = "local_product"
    __table_args__ = (UniqueConstraint("list_name", "local_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_name: Mapped[str]
    local_code: Mapped[str]
    name: Mapped[str]
    trade_name: Mapped[str | None]
    specification: Mapped[str | None]
    form: Mapped[str | None]
    maker: Mapped[str | None]
    approval_number: Mapped[str | None] = mapped_column(index=True)
    packing_unit: Mapped[str | None]
    pack_quantity: Mapped[int | None]
    preparation_unit: Mapped[str | None]
    drug_code: Mapped[str | None] = mapped_column(index=True)
    note: Mapped[str | None]
    import_id: Mapped[int | None] = mapped_column(index=True)
    row: Mapped[int | None]
