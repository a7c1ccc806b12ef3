"""Collections of demand, their lots, hospitals' reports, and the locked base."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Specification, Variety
from catalogue.drugs.rules.codes import VolumeClass
from catalogue.drugs.rules.forms import FormKind
from kernel.columns import Code, Factor, Moment, Price, Quantity
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.demand.flow import CallState, LineReason, ReportState


class Call(Base):
    """A collection: hospitals report a year's demand for its lots until the deadline.

    Public hospitals are asked. `private_join` and `pharmacies_join` say who else may join, `joined_count` whether the
    base counts them. `reminded` is how many hours before the deadline the last reminder went out, `nudged_at` when the
    agency last reminded by hand. `copied_from_id`: the collection whose locked base was taken over for
    lots that are run again.
    """

    __tablename__ = "demand_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    year: Mapped[int]
    state: Mapped[CallState] = mapped_column(Code(CallState), default=CallState.DRAFT)
    deadline: Mapped[datetime] = mapped_column(Moment())
    private_join: Mapped[bool] = mapped_column(default=True)
    pharmacies_join: Mapped[bool] = mapped_column(default=True)
    joined_count: Mapped[bool] = mapped_column(default=True)
    reminded: Mapped[int | None]
    nudged_at: Mapped[datetime | None] = mapped_column(Moment())
    notes: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Moment())
    locked_at: Mapped[datetime | None] = mapped_column(Moment())
    copied_from_id: Mapped[
        int | None
    ]  # no foreign key: SQLite could add one only by making a table anew that others name
    version: Mapped[int] = mapped_column(default=1)

    lots: Mapped[list[Lot]] = relationship(back_populates="call", order_by="Lot.number")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class Lot(Base):
    """One variety of a collection, and later of the round that grows from it."""

    __tablename__ = "lot"
    __table_args__ = (UniqueConstraint("call_id", "number"), UniqueConstraint("call_id", "variety_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("demand_call.id"), index=True)
    number: Mapped[int]
    variety_id: Mapped[int] = mapped_column(ForeignKey("variety.id"))
    volume_class: Mapped[VolumeClass] = mapped_column(Code(VolumeClass), default=VolumeClass.GENERAL)
    form_kind: Mapped[FormKind] = mapped_column(Code(FormKind), default=FormKind.OTHER)

    call: Mapped[Call] = relationship(back_populates="lots")
    variety: Mapped[Variety] = relationship()
    specifications: Mapped[list[LotSpecification]] = relationship(back_populates="lot", order_by="LotSpecification.id")


class LotSpecification(Base):
    """A specification that may be reported and bid, with its cap in yuan per smallest unit and its two factors."""

    __tablename__ = "lot_specification"
    __table_args__ = (UniqueConstraint("lot_id", "specification_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    cap: Mapped[Decimal | None] = mapped_column(Price())
    price_factor: Mapped[Decimal] = mapped_column(Factor())
    volume_factor: Mapped[Decimal] = mapped_column(Factor())
    is_reference: Mapped[bool] = mapped_column(default=False)

    lot: Mapped[Lot] = relationship(back_populates="specifications")
    specification: Mapped[Specification] = relationship()


class Report(Base):
    """What one hospital needs for one collection. `due_at` is given to a report that is returned after the deadline.

    `reminded` is how many hours before that moment of its own the last reminder went out, `told_at` when an event last
    said what is in it: drafts that save themselves tell the audit chain now and then only.
    """

    __tablename__ = "demand_report"
    __table_args__ = (UniqueConstraint("call_id", "hospital_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("demand_call.id"), index=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[ReportState] = mapped_column(Code(ReportState), default=ReportState.DRAFT)
    saved_at: Mapped[datetime] = mapped_column(Moment())
    due_at: Mapped[datetime | None] = mapped_column(Moment())
    reminded: Mapped[int | None]
    told_at: Mapped[datetime | None] = mapped_column(Moment())
    submitted_at: Mapped[datetime | None] = mapped_column(Moment())
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment())
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    review_note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    call: Mapped[Call] = relationship()
    hospital: Mapped[Organisation] = relationship()
    lines: Mapped[list[ReportLine]] = relationship(back_populates="report", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class ReportLine(Base):
    """A year's need of a specification in smallest units: of one company's product, or (no company) of any."""

    __tablename__ = "demand_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("demand_report.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity())
    reason: Mapped[LineReason | None] = mapped_column(Code(LineReason))

    report: Mapped[Report] = relationship(back_populates="lines")
    lot: Mapped[Lot] = relationship()
    specification: Mapped[Specification] = relationship()
    company: Mapped[Organisation | None] = relationship()


Index(
    "uq_demand_line_place",
    ReportLine.report_id,
    ReportLine.specification_id,
    func.coalesce(ReportLine.company_id, 0),
    unique=True,
)


class PastUse(Base):
    """What a hospital bought of a specification in a calendar year, smallest units; shown beside the demand."""

    __tablename__ = "past_use"
    __table_args__ = (UniqueConstraint("hospital_id", "specification_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    year: Mapped[int]
    quantity: Mapped[Decimal] = mapped_column(Quantity())


class BaseVolume(Base):
    """The locked first-year base (首年约定采购量计算基数) per region, specification and reported company."""

    __tablename__ = "base_volume"

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity())


Index(
    "uq_base_volume_place",
    BaseVolume.lot_id,
    BaseVolume.specification_id,
    BaseVolume.region_code,
    func.coalesce(BaseVolume.company_id, 0),
    unique=True,
)
