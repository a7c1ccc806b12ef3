"""Claims against the fund, its payment runs, and what stands between the fund and each hospital."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.auth.models import User
from kernel.columns import Amount, Code, Moment
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.rounds.models.rounds import Round
from procurement.settlement.flow import ClaimState, FundEntryKind, RunState

_STANDS = text("undone_at is null")


class Run(Base):
    """A payment run of the fund over approved claims: one person prepares it, another one pays it.

    `reference` is the bank's and pays one run; each payment of the run adds its claim's number to it.
    """

    __tablename__ = "settlement_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    month: Mapped[date]
    state: Mapped[RunState] = mapped_column(Code(RunState))
    count: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Amount())
    reference: Mapped[str | None] = mapped_column(unique=True)
    paid_on: Mapped[date | None]
    prepared_at: Mapped[datetime] = mapped_column(Moment())
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)

    prepared_by: Mapped[User | None] = relationship(foreign_keys=prepared_by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class Claim(Base):
    """What a company asks of the fund for a month's invoices to one hospital. `month` is its first day.

    At `due_at` the hospital should have reviewed it; silence decides nothing, the agency is told (`told_at`).
    """

    __tablename__ = "settlement_claim"
    __table_args__ = (
        Index("ix_settlement_claim_seller_id", "seller_id", "month"),
        Index("ix_settlement_claim_hospital_id", "hospital_id", "state"),
        Index("ix_settlement_claim_state", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    seller_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    month: Mapped[date]
    state: Mapped[ClaimState] = mapped_column(Code(ClaimState))
    gross: Mapped[Decimal] = mapped_column(Amount())
    credited: Mapped[Decimal] = mapped_column(Amount())
    amount: Mapped[Decimal] = mapped_column(Amount())
    filed_at: Mapped[datetime] = mapped_column(Moment())
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    due_at: Mapped[datetime] = mapped_column(Moment())
    told_at: Mapped[datetime | None] = mapped_column(Moment())
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment())
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(default="")
    run_id: Mapped[int | None] = mapped_column(ForeignKey("settlement_run.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    seller: Mapped[Organisation] = relationship(foreign_keys=seller_id)
    hospital: Mapped[Organisation] = relationship(foreign_keys=hospital_id)
    run: Mapped[Run | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class FundAccount(Base):
    """What stands between the fund and a hospital, in sums of the entries that count.

    The hospital is still to get due − direct − set_off; below 0 it is carried into the next months. Of the
    prepayments prepaid − set_off are still to be set off.
    """

    __tablename__ = "settlement_fund_account"
    __table_args__ = (CheckConstraint("set_off <= prepaid", name="set_off"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    due: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))
    direct: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))
    prepaid: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))
    set_off: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))

    hospital: Mapped[Organisation] = relationship()

    @property
    def balance(self) -> Decimal:
        """Return what the fund still owes the hospital; below 0 the hospital is to make up for it."""
        return self.due - self.direct - self.set_off

    @property
    def open(self) -> Decimal:
        """Return what of the prepayments is still to be set off."""
        return self.prepaid - self.set_off


class FundEntry(Base):
    """A change of a fund account; `key` says what may stand once only.

    A row is never changed but by being taken back, by another person and with a reason: then it counts no longer.
    """

    __tablename__ = "settlement_fund_entry"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index("uq_settlement_fund_entry_standing", "key", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[FundEntryKind] = mapped_column(Code(FundEntryKind))
    key: Mapped[str]
    month: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Amount())
    budget: Mapped[Decimal | None] = mapped_column(Amount())
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    note: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime] = mapped_column(Moment())
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Moment())
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    undone_for: Mapped[str] = mapped_column(default="")

    hospital: Mapped[Organisation] = relationship()
    round: Mapped[Round | None] = relationship()
