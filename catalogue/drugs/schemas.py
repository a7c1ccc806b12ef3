"""What forms and calls carry in, and what calls carry out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from marshmallow import Schema, fields, validate

from catalogue.drugs.rules.codes import VolumeClass
from catalogue.drugs.rules.drafts import SpecificationDraft
from catalogue.drugs.rules.forms import Form, FormKind
from catalogue.drugs.services.companies import OrganisationDraft
from catalogue.drugs.services.products import ProductDraft
from kernel.errors import DomainError, NotFound
from kernel.i18n import _
from kernel.money import NotANumber, parse_decimal
from kernel.parties.codes import OrganisationKind
from kernel.problems import sentence

T = TypeVar("T")
A = TypeVar("A")
E = TypeVar("E", bound=StrEnum)
# A refusal of a service is shown at the field it is about.
FIELDS = {
    "variety-exists": "generic_name", "variety-code-taken": "code", "form-group-kind": "form_kind",
    "unreadable-specification": "text", "incomparable-strength": "price_factor", "bad-factors": "price_factor",
    "specification-exists": "text", "bad-approval-number": "approval_number", "bad-standard-code": "standard_code",
    "bad-pack": "pack", "product-exists": "approval_number", "bad-credit-code": "code", "credit-code-taken": "code",
    "unknown-region": "region_code", "empty-period": "until", "related-group-exists": "name",
    "already-related": "company_id",
}  # fmt: skip


class FormRefused(DomainError):
    """Fields of a form can't be read; `fields` maps each to its own refusal."""

    code = "form-refused"

    def __init__(self, refused: Mapping[str, DomainError]) -> None:
        self.fields = dict(refused)
        super().__init__()


class FormReader:
    """Reads a form field by field and refuses all mistakes at once."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self.form = form
        self.refused: dict[str, DomainError] = {}

    def read(self, name: str, reader: Callable[[str], T], *, label: str = "", absent: A) -> T | A:
        """Read a field; an empty one is `absent`, or refused where it has a `label` to ask for it by."""
        written = self.form.get(name, "").strip()
        try:
            if written:
                return reader(written)
            if label:
                raise DomainError("field-missing", field=label)
        except DomainError as refusal:
            self.refused[name] = refusal
        return absent

    def text(self, name: str, *, label: str = "", most: int = 200) -> str:
        """Read a line of text."""
        return self.read(name, lambda written: shorter(written, most), label=label, absent="")

    def choice(self, name: str, enum: type[E], *, label: str, absent: E) -> E:
        """Read one of an enum's values."""
        return self.read(name, lambda written: member(enum, written), label=label, absent=absent)

    def flag(self, name: str) -> bool:
        """Read a checkbox."""
        return bool(self.form.get(name))

    def done(self) -> None:
        """Refuse the form where a field was refused."""
        if self.refused:
            raise FormRefused(self.refused)


def shorter(written: str, most: int) -> str:
    """Return a text that is short enough to keep."""
    if len(written) > most:
        raise DomainError("text-too-long", most=most)
    return written


def member(enum: type[E], written: str) -> E:
    """Return the enum's member of that value."""
    try:
        return enum(written)
    except ValueError:
        raise DomainError("unknown-choice", value=written) from None


def decimal(written: str) -> Decimal:
    """Return a plain decimal."""
    try:
        return parse_decimal(written)
    except NotANumber:
        raise DomainError("bad-number", number=written) from None


def whole(written: str) -> int:
    """Return a whole number that fits any column."""
    number = decimal(written)
    if number != number.to_integral() or abs(number) >= 2**31:
        raise DomainError("bad-number", number=written)
    return int(number)


def day(written: str) -> date:
    """Return a date written 2026-11-20."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise DomainError("bad-date", date=written) from None


def errors(refusal: DomainError | None) -> dict[str, str]:
    """Return the sentences of a refusal by field, for the summary and the fields of a form."""
    if refusal is None:
        return {}
    if isinstance(refusal, FormRefused):
        return {name: sentence(each) for name, each in refusal.fields.items()}
    return {FIELDS.get(refusal.code, ""): sentence(refusal)}


def variety(form: Mapping[str, str], labels: Mapping[str, str], *, new: bool) -> dict[str, Any]:
    """Read the form of a variety; its name can't be changed later."""
    reader = FormReader(form)
    found: dict[str, Any] = {
        "code": reader.text("code", label=labels["code"], most=20),
        "strength_group": reader.text("strength_group", most=60),
        "volume_class": reader.choice(
            "volume_class", VolumeClass, label=labels["volume_class"], absent=VolumeClass.GENERAL
        ),
    }
    if new:
        found["generic_name"] = reader.text("generic_name", label=labels["generic_name"], most=100)
        found["english"] = reader.text("english")
        found["form_group"] = reader.text("form_group", label=labels["form_group"], most=60)
        found["form_kind"] = reader.choice("form_kind", FormKind, label=labels["form_kind"], absent=FormKind.OTHER)
    reader.done()
    return found


def specification(form: Mapping[str, str], labels: Mapping[str, str]) -> SpecificationDraft:
    """Read the form of a specification."""
    reader = FormReader(form)
    draft = SpecificationDraft(
        text=reader.text("text", label=labels["text"]),
        form=reader.choice("form", Form, label=labels["form"], absent=Form.TABLET),
        is_reference=reader.flag("is_reference"),
        price_factor=reader.read("price_factor", decimal, absent=None),
        volume_factor=reader.read("volume_factor", decimal, absent=None),
    )
    reader.done()
    return draft


def product(form: Mapping[str, str], labels: Mapping[str, str], *, new: bool) -> tuple[ProductDraft, int, int]:
    """Read the form of a product: the draft, and for a new one its company and specification."""
    reader = FormReader(form)
    company_id = reader.read("company_id", whole, label=labels["company_id"] if new else "", absent=0)
    specification_id = reader.read("specification_id", whole, label=labels["specification_id"] if new else "", absent=0)
    draft = ProductDraft(
        registered_name=reader.text("registered_name", label=labels["registered_name"]),
        approval_number=reader.text("approval_number", label=labels["approval_number"], most=40),
        pack=reader.read("pack", whole, label=labels["pack"], absent=1),
        trade_name=reader.text("trade_name"),
        standard_code=reader.text("standard_code", most=20),
        packing=reader.text("packing"),
        is_reference_preparation=reader.flag("is_reference_preparation"),
        active=reader.flag("active"),
    )
    reader.done()
    return draft, company_id, specification_id


def organisation(form: Mapping[str, str], labels: Mapping[str, str]) -> OrganisationDraft:
    """Read the form of a company or hospital."""
    reader = FormReader(form)
    draft = OrganisationDraft(
        name=reader.text("name", label=labels["name"]),
        code=reader.text("code", label=labels["code"], most=30),
        **{
            name: reader.text(name)
            for name in ("short_name", "region_code", "grade", "address", "legal_person", "contact", "phone")
        },
    )
    reader.done()
    return draft


class PickerQuery(Schema):
    """What a picker asks."""

    q = fields.Str(load_default="", validate=validate.Length(max=80))
    variety = fields.Int(load_default=None, allow_none=True)
    limit = fields.Int(load_default=20, validate=validate.Range(1, 50))


class OptionOut(Schema):
    """One line of a picker."""

    value = fields.Int(required=True)
    text = fields.Str(required=True)
    detail = fields.Str()


class SpecificationOut(Schema):
    """A specification of a variety, decimals as text."""

    id = fields.Int()
    text = fields.Str()
    form = fields.Str()
    is_reference = fields.Bool()
    price_factor = fields.Decimal(as_string=True)
    volume_factor = fields.Decimal(as_string=True)


class VarietyOut(Schema):
    """A variety with its specifications."""

    id = fields.Int()
    code = fields.Str()
    name = fields.Str()
    volume_class = fields.Str()
    specifications = fields.List(fields.Nested(SpecificationOut))


def party_kind(written: str) -> OrganisationKind:
    """Return what kind of organisation a page is about: the catalogue keeps companies and hospitals."""
    if written not in ("company", "hospital"):
        raise NotFound(kind=written)
    return OrganisationKind(written)


def group(form: Mapping[str, str]) -> tuple[str, str]:
    """Read the form of a new group: its name and the reason."""
    reader = FormReader(form)
    name = reader.text("name", label=_("Name of the group"), most=100)
    reason = reader.text("reason", label=_("Reason"), most=400)
    reader.done()
    return name, reason


def group_member(form: Mapping[str, str]) -> dict[str, Any]:
    """Read the form that puts a company into a group."""
    reader = FormReader(form)
    found = {
        "company_id": reader.read("company_id", whole, label=_("Company"), absent=0),
        "since": reader.read("since", day, label=_("From"), absent=date.min),
        "until": reader.read("until", day, absent=None),
        "reason": reader.text("reason", most=400),
    }
    reader.done()
    return found


def member_end(form: Mapping[str, str]) -> date:
    """Read the day on which a company leaves a group."""
    reader = FormReader(form)
    until = reader.read("until", day, label=_("Until"), absent=date.max)
    reader.done()
    return until
