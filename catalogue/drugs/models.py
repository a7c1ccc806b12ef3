"""Tables of the drug catalogue."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.rules.codes import SET, WHOLE, Part, VarietyKind, VolumeClass
from catalogue.drugs.rules.forms import Form, FormKind
from catalogue.drugs.rules.ratios import Measure, Strength, read_measure
from kernel.columns import Code, Factor, Ratio
from kernel.db import Base
from kernel.parties.models import Organisation


class GenericName(Base):
    """A substance or recipe by its generic name (通用名), without the dosage form."""

    __tablename__ = "generic_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    english: Mapped[str] = mapped_column(default="")


class FormGroup(Base):
    """Dosage forms and routes that compete with one another (口服常释剂型, 注射剂)."""

    __tablename__ = "form_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[FormKind] = mapped_column(Code(FormKind))


class Variety(Base):
    """What is procured as one: generic name × form group × strength group. `code` is its number in the catalogue.

    A consumable stands in a form group that no page shows; `category` is the code of its category where it is known.
    """

    __tablename__ = "variety"
    __table_args__ = (UniqueConstraint("generic_name_id", "form_group_id", "strength_group"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    generic_name_id: Mapped[int] = mapped_column(ForeignKey("generic_name.id"))
    form_group_id: Mapped[int] = mapped_column(ForeignKey("form_group.id"), index=True)
    strength_group: Mapped[str] = mapped_column(default="")
    volume_class: Mapped[VolumeClass] = mapped_column(Code(VolumeClass), default=VolumeClass.GENERAL)
    kind: Mapped[VarietyKind] = mapped_column(Code(VarietyKind), default=VarietyKind.DRUG)
    category: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    generic_name: Mapped[GenericName] = relationship(lazy="joined", innerjoin=True)
    form_group: Mapped[FormGroup] = relationship(lazy="joined", innerjoin=True)
    specifications: Mapped[list[Specification]] = relationship(
        back_populates="variety", order_by="Specification.volume_factor, Specification.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class

    @property
    def name(self) -> str:
        """Return the name as procurement documents print it: 阿莫西林口服常释剂型."""
        group = f"（{self.strength_group}）" if self.strength_group else ""
        form = "" if self.is_consumable else self.form_group.name
        return f"{self.generic_name.name}{form}{group}"

    @property
    def is_consumable(self) -> bool:
        """Say whether this is a consumable, which has no dosage form and no content."""
        return self.kind is VarietyKind.CONSUMABLE

    @property
    def reference(self) -> Specification | None:
        """Return the reference specification, which all factors are relative to."""
        return next((each for each in self.specifications if each.is_reference), None)


class Specification(Base):
    """One strength of a variety. The factors lead to the reference specification; stated ones were typed in.

    Of a consumable: one kind of product, one component of a system, or its accompanying service (伴随服务).
    """

    __tablename__ = "specification"
    __table_args__ = (
        UniqueConstraint("variety_id", "form", "text"),
        CheckConstraint("price_factor > 0 and volume_factor > 0", name="factors"),
        Index(
            "uq_specification_reference", "variety_id", unique=True,
            sqlite_where=text("is_reference"), postgresql_where=text("is_reference"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    variety_id: Mapped[int] = mapped_column(ForeignKey("variety.id"), index=True)
    text: Mapped[str]
    form: Mapped[Form] = mapped_column(Code(Form))
    content: Mapped[Decimal | None] = mapped_column(Ratio())
    content_unit: Mapped[str] = mapped_column(default="")
    components: Mapped[str] = mapped_column(default="")
    fill: Mapped[Decimal | None] = mapped_column(Ratio())
    fill_unit: Mapped[str] = mapped_column(default="")
    pack: Mapped[int | None]
    unit: Mapped[str] = mapped_column(default="")
    sugar_free: Mapped[bool] = mapped_column(default=False)
    is_reference: Mapped[bool] = mapped_column(default=False)
    price_factor: Mapped[Decimal] = mapped_column(Factor())
    volume_factor: Mapped[Decimal] = mapped_column(Factor())
    factors_stated: Mapped[bool] = mapped_column(default=False)
    part: Mapped[Part] = mapped_column(Code(Part), default=Part.PRODUCT)
    version: Mapped[int] = mapped_column(default=1)

    variety: Mapped[Variety] = relationship(back_populates="specifications")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class

    @property
    def asked_text(self) -> str:
        """Return what demand is asked for under it: of a system the whole set, else itself."""
        return WHOLE if self.part is Part.COMPONENT else self.text

    @property
    def asked_unit(self) -> str:
        """Return the unit demand is asked in."""
        return SET if self.part is Part.COMPONENT else self.unit

    @property
    def strength(self) -> Strength:
        """Return what a unit holds, for the ratio rules."""
        if self.components:
            parts = tuple(read_measure(part) for part in self.components.split(":"))
        else:
            parts = (Measure(self.content, self.content_unit),) if self.content is not None else ()
        return Strength(parts, Measure(self.fill, self.fill_unit) if self.fill is not None else None)


class Product(Base):
    """A company's product: one specification under one approval number in one pack."""

    __tablename__ = "product"
    __table_args__ = (UniqueConstraint("approval_number", "specification_id", "pack"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"), index=True)
    registered_name: Mapped[str] = mapped_column(index=True)
    trade_name: Mapped[str] = mapped_column(default="")
    approval_number: Mapped[str] = mapped_column(index=True)
    standard_code: Mapped[str | None] = mapped_column(index=True)
    pack: Mapped[int]
    packing: Mapped[str] = mapped_column(default="")
    is_reference_preparation: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    company: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    specification: Mapped[Specification] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class RelatedGroup(Base):
    """Companies that count as one bidder (关联企业), and why."""

    __tablename__ = "related_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    reason: Mapped[str]

    members: Mapped[list[RelatedMember]] = relationship(back_populates="group", order_by="RelatedMember.id")


class RelatedMember(Base):
    """A company's days in a group: from `since`, up to but not including `until`."""

    __tablename__ = "related_member"
    __table_args__ = (UniqueConstraint("group_id", "company_id", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("related_group.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")

    group: Mapped[RelatedGroup] = relationship(back_populates="members")
    company: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
