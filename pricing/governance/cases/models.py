"""Cases, the prices they are about, and every step that was taken."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Product
from kernel.auth.models import User
from kernel.columns import Code, Json, Moment, Price, Ratio
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from pricing.governance.cases.flow import CaseAction, CaseReason, CaseState, InterviewMode
from pricing.governance.cases.rules import state_on
from pricing.governance.rules import Label
from pricing.listings.flow import ListingKind

_OPEN = text("not closed")


class PriceCase(Base):
    """A case of one company about prices of a region, kept by the bureau that opened it (`organisation_id`).

    `due_at` is the deadline of the state it is in, `told` how much was told of that deadline. `proposed` waits for a
    second person; it is empty where nothing does.
    """

    __tablename__ = "price_case"
    __table_args__ = (Index("ix_price_case_state", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    reason: Mapped[CaseReason] = mapped_column(Code(CaseReason))
    text: Mapped[str]
    """What was found, as the letters say it."""
    state: Mapped[CaseState] = mapped_column(Code(CaseState), default=CaseState.DRAFT)
    due_at: Mapped[datetime | None] = mapped_column(Moment())
    told: Mapped[int] = mapped_column(default=0)
    mode: Mapped[InterviewMode | None] = mapped_column(Code(InterviewMode))
    interview_at: Mapped[datetime | None] = mapped_column(Moment())
    place: Mapped[str] = mapped_column(default="")
    proposed: Mapped[CaseAction | None] = mapped_column(Code(CaseAction))
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_text: Mapped[str] = mapped_column(default="")
    exposed_at: Mapped[datetime | None] = mapped_column(Moment())
    exposed_text: Mapped[str] = mapped_column(default="")
    fact_id: Mapped[int | None] = mapped_column(ForeignKey("credit_fact.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(Moment())
    moved_at: Mapped[datetime] = mapped_column(Moment())
    closed_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)
    company: Mapped[Organisation] = relationship(foreign_keys=company_id)
    region: Mapped[Region] = relationship()
    lines: Mapped[list[CaseLine]] = relationship(order_by="CaseLine.id", back_populates="case")
    steps: Mapped[list[CaseStep]] = relationship(order_by="CaseStep.id", back_populates="case")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class

    def state_on(self, at: datetime) -> CaseState:
        """Return the state as the clock shows it."""
        return state_on(self.state, self.due_at, at)


class CaseLine(Base):
    """One price of a case, yuan per unit, with the label it had: evidence, copied and never changed.

    `committed` is what the company will sell at; `suspended` says that the case stopped the listing. A product stands
    in one open case a region.
    """

    __tablename__ = "price_case_line"
    __table_args__ = (
        Index(
            "uq_price_case_line_open", "product_id", "region_code", unique=True, sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("price_case.id"), index=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    kind: Mapped[ListingKind] = mapped_column(Code(ListingKind))
    price: Mapped[Decimal] = mapped_column(Price())
    label_id: Mapped[int | None] = mapped_column(ForeignKey("price_label.id"))
    label: Mapped[Label | None] = mapped_column(Code(Label))
    rule: Mapped[str] = mapped_column(default="")
    anchor: Mapped[Decimal | None] = mapped_column(Ratio())
    ratio: Mapped[Decimal | None] = mapped_column(Ratio())
    committed: Mapped[Decimal | None] = mapped_column(Price())
    suspended: Mapped[bool] = mapped_column(default=False)
    closed: Mapped[bool] = mapped_column(default=False)

    case: Mapped[PriceCase] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()


class CaseStep(Base):
    """What somebody did and said; it is never changed. `facts` hold what the step's document says beside the text."""

    __tablename__ = "price_case_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("price_case.id"), index=True)
    action: Mapped[CaseAction] = mapped_column(Code(CaseAction))
    state: Mapped[CaseState] = mapped_column(Code(CaseState))
    """The state it led to."""
    text: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(Json())
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())

    case: Mapped[PriceCase] = relationship(back_populates="steps")
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
