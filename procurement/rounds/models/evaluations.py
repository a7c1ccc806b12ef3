"""What people record after the opening, and what the rules make of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Specification
from kernel.columns import Code, Json, Moment, Price, Ratio
from kernel.columns import Factor as Figure
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.demand.models import Lot
from procurement.rounds.flow import Outcome


class Draw(Base):
    """A recorded manual draw among bids that no key could part: the companies in the order drawn."""

    __tablename__ = "round_draw"
    __table_args__ = (UniqueConstraint("round_id", "lot_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    company_ids: Mapped[list[int]] = mapped_column(Json())
    witness: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())


class ReviewFact(Base):
    """What the rules read about an opened bid beside its price, as the agency found it (评审资料)."""

    __tablename__ = "review_fact"
    __table_args__ = (
        UniqueConstraint("round_id", "lot_id", "company_id", "specification_id", "column", name="uq_review_fact_place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    column: Mapped[str]
    value: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())


class Evaluation(Base):
    """One run of the rules over the opened bids. A new run is a new version; the newest counts."""

    __tablename__ = "evaluation"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    number: Mapped[int]
    rules_digest: Mapped[str]
    inputs_digest: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())


class LotResult(Base):
    """What the rules gave for a lot: how many bid, how many could win, the anchor, the limit, volume and period."""

    __tablename__ = "lot_result"
    __table_args__ = (UniqueConstraint("evaluation_id", "lot_id", "unit"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    unit: Mapped[str] = mapped_column(default="")
    bidders: Mapped[int]
    places: Mapped[int | None]
    winners: Mapped[int | None]
    anchor: Mapped[Decimal | None] = mapped_column(Figure())
    limit: Mapped[Decimal | None] = mapped_column(Figure())
    ratio: Mapped[Decimal | None] = mapped_column(Ratio())
    period: Mapped[Any] = mapped_column(Json(), nullable=True)
    ties: Mapped[list[Any]] = mapped_column(Json(), default=list)

    lot: Mapped[Lot] = relationship()


class Decision(Base):
    """One bid's outcome with every step, so that it explains itself.

    `unit_price` and `comparable_price` are those of the bid, `winning_price` (yuan per unit of the specification) and
    `winning_comparable` those of the award. `revival`: what it may win by, or has won by, with its conditions.
    """

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("evaluation_id", "lot_id", "company_id", "specification_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    unit: Mapped[str] = mapped_column(default="")
    typed: Mapped[str] = mapped_column(default="")
    unit_price: Mapped[Decimal | None] = mapped_column(Price())
    comparable_price: Mapped[Decimal | None] = mapped_column(Price())
    rank: Mapped[int | None]
    outcome: Mapped[Outcome] = mapped_column(Code(Outcome))
    decided_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    winning_price: Mapped[Decimal | None] = mapped_column(Price())
    winning_comparable: Mapped[Decimal | None] = mapped_column(Price())
    margin: Mapped[Decimal | None] = mapped_column(Figure())
    change_to: Mapped[Decimal | None] = mapped_column(Price())
    change_becomes: Mapped[str] = mapped_column(default="")
    main_regions: Mapped[int | None]
    ratio: Mapped[Decimal | None] = mapped_column(Ratio())
    share: Mapped[Decimal | None] = mapped_column(Ratio())
    carries_volume: Mapped[bool] = mapped_column(default=False)
    chooses_regions: Mapped[bool] = mapped_column(default=False)
    statement_due: Mapped[bool] = mapped_column(default=False)
    other_specs: Mapped[list[Any]] = mapped_column(Json(), default=list)
    steps: Mapped[list[Any]] = mapped_column(Json())
    revival: Mapped[dict[str, Any] | None] = mapped_column(Json(), nullable=True)

    company: Mapped[Organisation] = relationship()
    lot: Mapped[Lot] = relationship()
    specification: Mapped[Specification] = relationship()
