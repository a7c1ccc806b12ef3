"""Delivery relationships of producers, and hospitals' choices among them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Product
from kernel.columns import Code, Moment
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from procurement.agreements.deliveries.flow import DeliveryState, Exemption, Via

_CURRENT = text("state in ('asked', 'named', 'accepted')")


class DeliveryRelation(Base):
    """A distributor that delivers a producer's product in a region (and all regions under it).

    `via`, `via_name`: who stands between them; `exemption` and `reason`: why one more invoice is asked for. The
    documents are files of the record.
    """

    __tablename__ = "delivery_relation"
    __table_args__ = (
        Index(
            "uq_delivery_relation_current", "product_id", "region_code", "deliverer_id", unique=True,
            sqlite_where=_CURRENT, postgresql_where=_CURRENT,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    deliverer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    state: Mapped[DeliveryState] = mapped_column(Code(DeliveryState))
    via: Mapped[Via] = mapped_column(Code(Via), default=Via.DIRECT)
    via_name: Mapped[str] = mapped_column(default="")
    exemption: Mapped[Exemption | None] = mapped_column(Code(Exemption))
    reason: Mapped[str] = mapped_column(default="")
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    named_at: Mapped[datetime] = mapped_column(Moment())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment())
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    note: Mapped[str] = mapped_column(default="")

    company: Mapped[Organisation] = relationship(foreign_keys=company_id)
    deliverer: Mapped[Organisation] = relationship(foreign_keys=deliverer_id)
    product: Mapped[Product] = relationship()
    region: Mapped[Region] = relationship()


class DeliveryChoice(Base):
    """Whom a hospital wants to be delivered by, of those a producer named."""

    __tablename__ = "delivery_choice"
    __table_args__ = (UniqueConstraint("hospital_id", "company_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    deliverer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    chosen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    chosen_at: Mapped[datetime] = mapped_column(Moment())
