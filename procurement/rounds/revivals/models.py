"""Stages of offers, and the offers with their answers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Specification
from kernel.columns import Code, Json, Moment, Price
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.demand.models import Lot
from procurement.rounds.models.evaluations import Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.revivals.flow import OfferState
from procurement.rounds.rules.model import By


class RevivalStage(Base):
    """Offers that went out in one act, after one evaluation, to be answered before one deadline."""

    __tablename__ = "revival_stage"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"))
    deadline: Mapped[datetime] = mapped_column(Moment())
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime] = mapped_column(Moment())

    round: Mapped[Round] = relationship()
    evaluation: Mapped[Evaluation] = relationship()


class RevivalOffer(Base):
    """A price that a bidder may win at by accepting it (复活), with its conditions as they were, and its answer.

    `price` is the comparable price; `prices` hold each specification's in yuan per unit. An answer is final and bound
    to these terms. `accepts` stays when a later evaluation supersedes the offer; `on_paper`: the agency recorded it.
    """

    __tablename__ = "revival_offer"
    __table_args__ = (
        UniqueConstraint("stage_id", "lot_id", "company_id", "specification_id", name="uq_revival_offer_place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("revival_stage.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    kind: Mapped[By] = mapped_column(Code(By))
    price: Mapped[Decimal] = mapped_column(Price())
    prices: Mapped[list[Any]] = mapped_column(Json())
    conditions: Mapped[list[Any]] = mapped_column(Json())
    chooses_regions: Mapped[bool]
    volume: Mapped[str]
    state: Mapped[OfferState] = mapped_column(Code(OfferState), default=OfferState.OPEN, index=True)
    accepts: Mapped[bool | None]
    answered_at: Mapped[datetime | None] = mapped_column(Moment())
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    receipt: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(default="")
    on_paper: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime | None] = mapped_column(Moment())
    note: Mapped[str] = mapped_column(default="")

    stage: Mapped[RevivalStage] = relationship()
    lot: Mapped[Lot] = relationship()
    company: Mapped[Organisation] = relationship()
    specification: Mapped[Specification] = relationship()
