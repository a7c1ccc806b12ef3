"""What companies say about their owners, the share that makes a holder count, and the relations found from it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.relations.flow import ProfileState, ProposalState
from kernel.columns import Code, Json, Moment, Ratio
from kernel.db import Base
from kernel.parties.models import Organisation


class CompanyProfile(Base):
    """A company's own statement: who represents, controls and owns it, and where it is registered."""

    __tablename__ = "company_profile"

    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    legal_person: Mapped[str]
    controller: Mapped[str] = mapped_column(default="")
    address: Mapped[str]
    authorisation_holder: Mapped[str] = mapped_column(default="")
    state: Mapped[ProfileState] = mapped_column(Code(ProfileState), default=ProfileState.FILED, index=True)
    filed_at: Mapped[datetime] = mapped_column(Moment())
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    looked_at: Mapped[datetime | None] = mapped_column(Moment())
    looked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    looked_note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    company: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    shareholders: Mapped[list[Shareholder]] = relationship(
        order_by="Shareholder.share.desc(), Shareholder.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class Shareholder(Base):
    """Who holds which share of a company; a share of 1 is the whole."""

    __tablename__ = "company_shareholder"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company_profile.company_id"), index=True)
    name: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    share: Mapped[Decimal] = mapped_column(Ratio())


class ShareLine(Base):
    """From which share on a common holder is a ground, with the document that says so; the newest row holds."""

    __tablename__ = "related_share_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    share: Mapped[Decimal] = mapped_column(Ratio())
    source: Mapped[str]
    said_at: Mapped[datetime] = mapped_column(Moment())
    said_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class RelationProposal(Base):
    """Two companies that seem to be related, and by what; the one with the lower id is first.

    `digest` stands for the grounds: what was rejected is proposed again only when they change.
    """

    __tablename__ = "related_proposal"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    grounds: Mapped[list[dict[str, Any]]] = mapped_column(Json())
    digest: Mapped[str]
    state: Mapped[ProposalState] = mapped_column(Code(ProposalState), default=ProposalState.PROPOSED, index=True)
    found_at: Mapped[datetime] = mapped_column(Moment())
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(default="")
    group_id: Mapped[int | None] = mapped_column(ForeignKey("related_group.id"))
    version: Mapped[int] = mapped_column(default=1)

    first: Mapped[Organisation] = relationship(foreign_keys=[first_id], lazy="joined", innerjoin=True)
    second: Mapped[Organisation] = relationship(foreign_keys=[second_id], lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class
