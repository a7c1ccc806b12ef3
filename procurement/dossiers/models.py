"""Documents of companies, what the agency said about them, and reminders of their last days."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Product
from kernel.auth.models import User
from kernel.columns import Code, Moment
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.dossiers.flow import BackReason, DocumentKind, DocumentState


class CompanyDocument(Base):
    """One version of a certificate or product document; `series` is the id of its first version.

    `until` is its last day, none where it is unlimited; `followed_from` the first day of the version after it.
    """

    __tablename__ = "company_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[DocumentKind] = mapped_column(Code(DocumentKind))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"), index=True)
    number: Mapped[str]
    issuer: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    since: Mapped[date | None]
    until: Mapped[date | None] = mapped_column(index=True)
    state: Mapped[DocumentState] = mapped_column(Code(DocumentState), default=DocumentState.FILED, index=True)
    series: Mapped[int | None] = mapped_column(index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("company_document.id"))
    followed_from: Mapped[date | None]
    filed_at: Mapped[datetime] = mapped_column(Moment())
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)

    company: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    product: Mapped[Product | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class DocumentLook(Base):
    """What somebody of the agency said about a document; a checked one may be looked at again by somebody else."""

    __tablename__ = "company_document_look"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("company_document.id"), index=True)
    verdict: Mapped[DocumentState] = mapped_column(Code(DocumentState))
    reason: Mapped[BackReason | None] = mapped_column(Code(BackReason))
    text: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Moment())
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class DocumentReminder(Base):
    """A company was told that a document ends in so many days."""

    __tablename__ = "company_document_reminder"
    __table_args__ = (UniqueConstraint("document_id", "days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("company_document.id"))
    days: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment())
