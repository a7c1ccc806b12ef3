"""Rounds with their notice, evaluation, region draft and award."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Specification
from kernel.columns import Code, Json, Moment, Price, Quantity, Ratio
from kernel.columns import Factor as Figure
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from procurement.bids.models import Box
from procurement.demand.models import Call, Lot
from procurement.rounds.flow import ExtensionState, Outcome, RoundState, SupplyRole


class Round(Base):
    """A volume-based round (带量采购轮次). Its deadline stands in its box, and nowhere else.

    `facts_changed_at`: since when review facts wait for an evaluation that reads them.
    """

    __tablename__ = "round"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    state: Mapped[RoundState] = mapped_column(Code(RoundState), default=RoundState.DRAFT, index=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("demand_call.id"))
    box_id: Mapped[int] = mapped_column(ForeignKey("bid_box.id"), unique=True)
    rule_set_id: Mapped[str]
    rule_set_text: Mapped[str] = mapped_column(default="")
    rule_values: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    rules_digest: Mapped[str] = mapped_column(default="")
    publicity_days: Mapped[int] = mapped_column(default=7)
    notice: Mapped[str] = mapped_column(default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment())
    published_at: Mapped[datetime | None] = mapped_column(Moment())
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime | None] = mapped_column(Moment())
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    evaluated_at: Mapped[datetime | None] = mapped_column(Moment())
    evaluated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    announced_at: Mapped[datetime | None] = mapped_column(Moment())
    announced_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    publicity_ends: Mapped[datetime | None] = mapped_column(Moment())
    awarded_at: Mapped[datetime | None] = mapped_column(Moment())
    awarded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    facts_changed_at: Mapped[datetime | None] = mapped_column(Moment())
    closed_at: Mapped[datetime | None] = mapped_column(Moment())
    void_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    call: Mapped[Call] = relationship()
    box: Mapped[Box] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class Extension(Base):
    """A later deadline: asked for with a reason, confirmed by a second person, told to everyone."""

    __tablename__ = "round_extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    before: Mapped[datetime] = mapped_column(Moment())
    deadline: Mapped[datetime] = mapped_column(Moment())
    reason: Mapped[str]
    state: Mapped[ExtensionState] = mapped_column(Code(ExtensionState), default=ExtensionState.ASKED)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())


class Question(Base):
    """A question on the notice page. The answer is for everyone; who asked is known to the agency alone."""

    __tablename__ = "round_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    text: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(Moment())
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(Moment())


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


class RevivalAnswer(Base):
    """Whether a company takes the revival price of a lot."""

    __tablename__ = "revival_answer"
    __table_args__ = (UniqueConstraint("round_id", "lot_id", "company_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    accepts: Mapped[bool]
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
    `winning_comparable` those of the award.
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

    company: Mapped[Organisation] = relationship()
    lot: Mapped[Lot] = relationship()
    specification: Mapped[Specification] = relationship()


class Preference(Base):
    """The regions a company would rather serve, best first; used when it does not choose in its turn."""

    __tablename__ = "region_preference"
    __table_args__ = (UniqueConstraint("round_id", "lot_id", "company_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    region_codes: Mapped[list[str]] = mapped_column(Json())
    at: Mapped[datetime] = mapped_column(Moment())


class Pick(Base):
    """Which winner serves a region, as main or backup supplier, in the order the draft gave it."""

    __tablename__ = "region_pick"
    __table_args__ = (UniqueConstraint("round_id", "lot_id", "region_code", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[SupplyRole] = mapped_column(Code(SupplyRole))
    turn: Mapped[int]

    region: Mapped[Region] = relationship()
    company: Mapped[Organisation] = relationship()


class Award(Base):
    """A winner of a lot at its final price, yuan per unit of the specification."""

    __tablename__ = "award"
    __table_args__ = (UniqueConstraint("round_id", "lot_id", "company_id", "specification_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    price: Mapped[Decimal] = mapped_column(Price())
    ratio: Mapped[Decimal] = mapped_column(Ratio())
    period: Mapped[Any] = mapped_column(Json(), nullable=True)

    lot: Mapped[Lot] = relationship()
    company: Mapped[Organisation] = relationship()
    specification: Mapped[Specification] = relationship()
    volumes: Mapped[list[AwardVolume]] = relationship(back_populates="award", order_by="AwardVolume.region_code")


class AwardVolume(Base):
    """The agreed first-year volume of a winner in a region, smallest units."""

    __tablename__ = "award_volume"
    __table_args__ = (UniqueConstraint("award_id", "region_code", "specification_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    base: Mapped[Decimal] = mapped_column(Quantity())
    agreed: Mapped[Decimal] = mapped_column(Quantity())

    award: Mapped[Award] = relationship(back_populates="volumes")
    region: Mapped[Region] = relationship()
