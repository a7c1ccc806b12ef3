"""Declarations: that a company takes part in a lot is a fact of its own, apart from any price."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Code, Json, Moment
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.bids.declarations.flow import DeclarationState
from procurement.bids.models import Box
from procurement.demand.models import Lot


class Declaration(Base):
    """A company's declaration for a lot. `receipt` names the act or the bid that made it.

    `checked` is what its documents looked like at that moment, as procurement.dossiers.rules.Finding writes it.
    """

    __tablename__ = "bid_declaration"
    __table_args__ = (UniqueConstraint("box_id", "lot_id", "company_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    box_id: Mapped[int] = mapped_column(ForeignKey("bid_box.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[DeclarationState] = mapped_column(Code(DeclarationState))
    by_bid: Mapped[bool] = mapped_column(default=False)
    receipt: Mapped[str]
    checked: Mapped[list[dict[str, Any]]] = mapped_column(Json())
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())

    lot: Mapped[Lot] = relationship()
    company: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)


class DeclarationAct(Base):
    """One act of a company: lots declared or taken back together. Its receipt is its name, digest and time."""

    __tablename__ = "bid_declaration_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    box_id: Mapped[int] = mapped_column(ForeignKey("bid_box.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    receipt: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[str]
    withdrawal: Mapped[bool] = mapped_column(default=False)
    lots: Mapped[list[int]] = mapped_column(Json())
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())

    box: Mapped[Box] = relationship()
