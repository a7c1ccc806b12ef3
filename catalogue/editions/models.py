"""Tables of the national drug list's editions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.editions.flow import EditionState, MatchState
from catalogue.editions.rules.parts import Grade, Number, Part
from kernel.columns import Code, Json, Moment, Ratio
from kernel.db import Base
from kernel.periods import Period


class Edition(Base):
    """One edition of the list, valid from `valid_from` up to but not including `valid_until`."""

    __tablename__ = "list_edition"
    __table_args__ = (CheckConstraint("valid_until is null or valid_until > valid_from", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    valid_from: Mapped[date] = mapped_column(index=True)
    valid_until: Mapped[date | None]
    state: Mapped[EditionState] = mapped_column(Code(EditionState), default=EditionState.DRAFT, index=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(Moment())
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    issued_name: Mapped[str] = mapped_column(default="")
    issued_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    readings: Mapped[list[EditionReading]] = relationship(
        back_populates="edition", order_by="EditionReading.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class

    @property
    def period(self) -> Period:
        """Return when the edition is in force."""
        return Period(self.valid_from, self.valid_until)


class EditionReading(Base):
    """A workbook that was read into a draft: who read it, and what was counted in it."""

    __tablename__ = "list_reading"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("list_edition.id"), index=True)
    import_id: Mapped[int]
    """The number of the import; its table lies in another package."""
    file_name: Mapped[str]
    digest: Mapped[str]
    read_at: Mapped[datetime] = mapped_column(Moment())
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    user_name: Mapped[str]
    counts: Mapped[dict[str, Any]] = mapped_column(Json())

    edition: Mapped[Edition] = relationship(back_populates="readings")


class ListClass(Base):
    """A class of an edition's tree; `parent_code` is the nearest class above, empty at the top."""

    __tablename__ = "list_class"
    __table_args__ = (UniqueConstraint("edition_id", "part", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("list_edition.id"))
    part: Mapped[Part] = mapped_column(Code(Part))
    code: Mapped[str]
    name: Mapped[str]
    parent_code: Mapped[str]
    level: Mapped[int]
    position: Mapped[int]


class ListEntry(Base):
    """A row of an edition: a numbered entry (occurrence 0) or a repeat of it (★, occurrence 1, 2, …)."""

    __tablename__ = "list_entry"
    __table_args__ = (
        UniqueConstraint("edition_id", "part", "number", "occurrence"),
        Index("ix_list_entry_class", "edition_id", "part", "class_code"),
        Index("ix_list_entry_order", "edition_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("list_edition.id"))
    part: Mapped[Part] = mapped_column(Code(Part))
    number: Mapped[int]
    occurrence: Mapped[int]
    is_repeat: Mapped[bool]
    grade: Mapped[Grade | None] = mapped_column(Code(Grade))
    class_code: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(index=True)
    """The name as it is searched and found again in other editions (rules.texts.key)."""
    form: Mapped[str]
    standard: Mapped[str]
    """The payment standard as printed, "*" where it is confidential, empty where there is none."""
    standard_lines: Mapped[list[dict[str, str]]] = mapped_column(Json())
    """[{"price", "specification", "per"}], empty where the text could not be read."""
    agreed_from: Mapped[date | None]
    agreed_until: Mapped[date | None]
    restriction: Mapped[str]
    restriction_read: Mapped[dict[str, Any]] = mapped_column(Json())
    """What rules.restrictions read of it."""
    position: Mapped[int]
    sheet: Mapped[str]
    sheet_row: Mapped[int]
    """Excel's row in the workbook it came from."""

    edition: Mapped[Edition] = relationship(lazy="joined", innerjoin=True)

    @property
    def shown_number(self) -> str:
        """Return the number as the list prints it."""
        return str(Number(self.number, self.is_repeat))

    @property
    def confidential(self) -> bool:
        """Say whether the payment standard is agreed to stay confidential."""
        return self.standard == "*"

    @property
    def agreement(self) -> Period | None:
        """Return the agreement period."""
        return Period(self.agreed_from, self.agreed_until) if self.agreed_from else None


class ListMatch(Base):
    """A product, or all coded drugs alike (rules.matching.key_of), that belong or may belong to an entry."""

    __tablename__ = "list_match"
    __table_args__ = (
        UniqueConstraint("entry_id", "product_id"),
        UniqueConstraint("entry_id", "drug_key"),
        CheckConstraint("(product_id is null) <> (drug_key is null)", name="subject"),
        Index("ix_list_match_question", "edition_id", "state", "entry_id", "product_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("list_edition.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("list_entry.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"), index=True)
    drug_key: Mapped[str | None] = mapped_column(index=True)
    drug_code: Mapped[str | None]
    """One of the coded drugs, to look at."""
    drugs: Mapped[int] = mapped_column(default=0)
    """How many coded drugs there are of the key."""
    product_name: Mapped[str]
    """What the product is called: one question for all makers of the same product."""
    certainty: Mapped[Decimal] = mapped_column(Ratio())
    reasons: Mapped[list[str]] = mapped_column(Json())
    state: Mapped[MatchState] = mapped_column(Code(MatchState))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_name: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    entry: Mapped[ListEntry] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class
