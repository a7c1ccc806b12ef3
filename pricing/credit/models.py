"""Commitment letters, reported facts, and the cases that facts of several sources make up."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.auth.models import User
from kernel.columns import Amount, Code, Moment
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from pricing.credit.flow import LetterState, Matter, Source


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


class CreditCase(Base):
    """What one company did in one matter under one case number, whoever reports it."""

    __tablename__ = "credit_case"
    __table_args__ = (UniqueConstraint("company_id", "matter", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    matter: Mapped[Matter] = mapped_column(Code(Matter))
    number: Mapped[str]

    company: Mapped[Organisation] = relationship()
    facts: Mapped[list[CreditFact]] = relationship(back_populates="case", order_by="CreditFact.id")


class CreditFact(Base):
    """Something a company is said to have done, with the record it is about; a fact is not yet a rating.

    `origin` is the body that says so, `document` its judgment, decision or report. `amount` is what this document
    counts of the case, `single` its largest single payment. `shortage`: a shortage drug's price was raised, and
    stayed so after inquiry or interview. The conduct counts from `effective_on` on. Where a distributor acted for the
    holder of the authorisation, `company` is the holder and `via` the distributor.
    """

    __tablename__ = "credit_fact"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "matter"),
        CheckConstraint("amount is null or amount >= 0", name="amount"),
        CheckConstraint("single is null or (single >= 0 and single <= amount)", name="single"),
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
    case_id: Mapped[int] = mapped_column(ForeignKey("credit_case.id"), index=True)
    source: Mapped[Source] = mapped_column(Code(Source))
    origin: Mapped[str] = mapped_column(default="")
    document: Mapped[str] = mapped_column(default="")
    effective_on: Mapped[date]
    single: Mapped[Decimal | None] = mapped_column(Amount())
    staff: Mapped[bool] = mapped_column(default=False)
    national_round: Mapped[bool] = mapped_column(default=False)
    shortage: Mapped[bool] = mapped_column(default=False)
    via_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reported_from_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    reported_at: Mapped[datetime] = mapped_column(Moment())

    case: Mapped[CreditCase] = relationship(back_populates="facts")
    company: Mapped[Organisation] = relationship(foreign_keys=company_id)
    via: Mapped[Organisation | None] = relationship(foreign_keys=via_id)
    reported_from: Mapped[Organisation | None] = relationship(foreign_keys=reported_from_id)
    region: Mapped[Region] = relationship()
