"""Organisations as tenants, and regions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Code, Moment
from kernel.db import Base
from kernel.parties.codes import OrganisationKind, OrganisationState, Ownership


class Region(Base):
    """A province, city or county by its GB/T 2260 code; the XPCC (兵团) stands beside Xinjiang."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)


class Organisation(Base):
    """A company, hospital, agency or bureau. `code` is the 18-character unified social credit code."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[OrganisationKind] = mapped_column(Code(OrganisationKind), index=True)
    name: Mapped[str] = mapped_column(index=True)
    short_name: Mapped[str] = mapped_column(default="")
    code: Mapped[str]
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    grade: Mapped[str] = mapped_column(default="")
    ownership: Mapped[Ownership | None] = mapped_column(Code(Ownership))
    address: Mapped[str] = mapped_column(default="")
    legal_person: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    state: Mapped[OrganisationState] = mapped_column(Code(OrganisationState), default=OrganisationState.APPLIED)
    review_note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    region: Mapped[Region | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class

    @property
    def shown_name(self) -> str:
        """Return the short name where there is one."""
        return self.short_name or self.name


class Application(Base):
    """How an organisation came in: who filed it and the link by which the applicant follows and corrects it."""

    __tablename__ = "organisation_application"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    applicant_id: Mapped[int]  # the user who filed it; no foreign key, because users point at organisations
    admin_id: Mapped[int]  # the organisation's first user, inactive until acceptance
    address: Mapped[str] = mapped_column(default="", index=True)
    filed_at: Mapped[datetime] = mapped_column(Moment())

    organisation: Mapped[Organisation] = relationship(lazy="joined")
