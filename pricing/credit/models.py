"""Commitment letters and reported facts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.auth.models import User
from kernel.columns import Amount, Code, Moment
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from pricing.credit.flow import LetterState, Matter


class CommitmentLetter(Base):
    """A company's commitment for a year. `digest` is the SHA-256 of the text that was signed."""

    __tablename__ = "commitment_letter"
    __table_args__ = (UniqueConstraint("company_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    state: Mapped[LetterState] = mapped_column(Code(LetterState), default=LetterState.SIGNED)
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    signed_at: Mapped[datetime] = mapped_column(Moment())
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment())
    digest: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)

    company: Mapped[Organisation] = relationship()
    signed_by: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class CreditFact(Base):
    """Something a company is said to have done, with the record it is about; a fact is not yet a rating."""

    __tablename__ = "credit_fact"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "matter"),
        CheckConstraint("amount is null or amount >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    matter: Mapped[Matter] = mapped_column(Code(Matter))
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    amount: Mapped[Decimal | None] = mapped_column(Amount())
    happened_on: Mapped[date]
    note: Mapped[str]
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reported_from_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    reported_at: Mapped[datetime] = mapped_column(Moment())

    company: Mapped[Organisation] = relationship(foreign_keys=company_id)
    reported_from: Mapped[Organisation | None] = relationship(foreign_keys=reported_from_id)
    region: Mapped[Region] = relationship()
