"""Purchase plans of hospitals and the templates of their departments."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Product
from kernel.auth.models import User
from kernel.columns import Code, Moment, Price, Quantity
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.orders.flow import OrderKind, PlanState


class Plan(Base):
    """What a hospital wants to buy (采购计划), before a second person approves it and it becomes orders.

    `reason` is asked of emergency purchases; `return_reason` says why the second person gave it back. `version` grows
    with every change, so that two who edit at once see each other.
    """

    __tablename__ = "purchase_plan"
    __table_args__ = (Index("ix_purchase_plan_hospital_id", "hospital_id", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[OrderKind] = mapped_column(Code(OrderKind))
    title: Mapped[str]
    department: Mapped[str] = mapped_column(default="")
    state: Mapped[PlanState] = mapped_column(Code(PlanState), default=PlanState.DRAFT)
    reason: Mapped[str] = mapped_column(default="")
    return_reason: Mapped[str] = mapped_column(default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment())
    saved_at: Mapped[datetime] = mapped_column(Moment())
    told_at: Mapped[datetime | None] = mapped_column(Moment())
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Moment())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    hospital: Mapped[Organisation] = relationship()
    submitted_by: Mapped[User | None] = relationship(foreign_keys=submitted_by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class PlanLine(Base):
    """One product of a plan, in units of its specification. Prices are asked anew until the plan is placed.

    `price` (yuan per unit) is typed only in emergencies, for what no agreement and no listing gives a price.
    """

    __tablename__ = "purchase_plan_line"
    __table_args__ = (UniqueConstraint("plan_id", "product_id"), CheckConstraint("quantity > 0", name="quantity"))

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("purchase_plan.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity())
    price: Mapped[Decimal | None] = mapped_column(Price())
    note: Mapped[str] = mapped_column(default="")

    product: Mapped[Product] = relationship()


class Template(Base):
    """What a department orders again and again."""

    __tablename__ = "purchase_template"
    __table_args__ = (UniqueConstraint("hospital_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[OrderKind] = mapped_column(Code(OrderKind))
    title: Mapped[str]
    department: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime] = mapped_column(Moment())


class TemplateLine(Base):
    """A product of a template with the quantity it is usually ordered in."""

    __tablename__ = "purchase_template_line"
    __table_args__ = (UniqueConstraint("template_id", "product_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("purchase_template.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity())
