"""What forms and calls carry in, and what calls carry out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from catalogue.drugs.rules.codes import Part, VolumeClass
from catalogue.drugs.rules.drafts import SpecificationDraft
from catalogue.drugs.rules.forms import Form, FormKind
from catalogue.drugs.services.companies import OrganisationDraft
from catalogue.drugs.services.products import ProductDraft
from kernel.errors import DomainError, Issue, NotFound
from kernel.forms import FormReader, mistakes
from kernel.i18n import _
from kernel.money import NotANumber, parse_decimal
from kernel.parties.codes import OrganisationKind, Ownership

T = TypeVar("T")
A = TypeVar("A")
# A refusal of a service is shown at the field it is about.
FIELDS = {
    "variety-exists": "generic_name", "variety-code-taken": "code", "form-group-kind": "form_kind",
    "unreadable-specification": "text", "incomparable-strength": "price_factor", "bad-factors": "price_factor",
    "specification-exists": "text", "bad-approval-number": "approval_number", "bad-standard-code": "standard_code",
    "bad-certificate": "approval_number", "bad-consumable-code": "standard_code", "bad-category": "category",
    "not-this-kind": "text", "parts-mixed": "part", "service-out-of-place": "part",
    "service-without-products": "specification_id",
    "bad-pack": "pack", "product-exists": "approval_number", "bad-credit-code": "code",
    "credit-code-taken": "code",
    "unknown-region": "region_code", "empty-period": "until", "related-group-exists": "name",
    "already-related": "company_id",
}  # fmt: skip


class Fields(FormReader):
    """The kernel's reader, with fields that are more than text."""

    def read(self, name: str, reader: Callable[[str], T], *, label: object = "", absent: A) -> T | A:
        """Read a field; an empty one is `absent`, or refused where it has a `label` to ask for it by."""
        written = self.text(name, label)
        try:
            return reader(written) if written else absent
        except DomainError as refusal:
            self.wrong[name] = Issue(refusal.code, value=written, facts=refusal.facts)
            return absent

    def flag(self, name: str) -> bool:
        """Read a checkbox."""
        return bool(self.form.get(name))


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
    """Return the sentences of a refusal by field; what a service refused stands at the field it is about."""
    found = mistakes(refusal)
    if refusal is not None and "" in found and refusal.code in FIELDS:
        found[FIELDS[refusal.code]] = found.pop("")
    return found


def variety(form: MultiDict[str, str], labels: Mapping[str, object], *, new: bool) -> dict[str, Any]:
    """Read the form of a variety; its name can't be changed later."""
    reader = Fields(form)
    found: dict[str, Any] = {
        "code": reader.text("code", labels["code"], most=20),
        "strength_group": reader.text("strength_group", most=60),
        "volume_class": reader.choice("volume_class", VolumeClass, labels["volume_class"]),
    }
    if new:
        found["generic_name"] = reader.text("generic_name", labels["generic_name"], most=100)
        found["english"] = reader.text("english")
        found["form_group"] = reader.text("form_group", labels["form_group"], most=60)
        found["form_kind"] = reader.choice("form_kind", FormKind, labels["form_kind"])
    reader.done()
    return found


def consumable(form: MultiDict[str, str], labels: Mapping[str, object], *, new: bool) -> dict[str, Any]:
    """Read the form of a consumable; its name can't be changed later."""
    reader = Fields(form)
    found: dict[str, Any] = {
        "code": reader.text("code", labels["code"], most=20), "category": reader.text("category", most=20),
    }  # fmt: skip
    if new:
        found["name"] = reader.text("generic_name", labels["name"], most=100)
        found["english"], found["group"] = reader.text("english"), reader.text("strength_group", most=60)
    else:
        found["strength_group"] = reader.text("strength_group", most=60)
        found["volume_class"] = VolumeClass.GENERAL
    reader.done()
    return found


def part(form: MultiDict[str, str], labels: Mapping[str, object]) -> SpecificationDraft:
    """Read the form of a consumable's specification: a product, a component, or the service."""
    reader = Fields(form)
    draft = SpecificationDraft(
        text=reader.text("text", labels["kind_text"]), form=Form.DEVICE, is_reference=reader.flag("is_reference"),
        part=reader.choice("part", Part, labels["part"]), unit=reader.text("unit", labels["unit"], most=10),
    )  # fmt: skip
    reader.done()
    return draft


def specification(form: MultiDict[str, str], labels: Mapping[str, object]) -> SpecificationDraft:
    """Read the form of a specification."""
    reader = Fields(form)
    draft = SpecificationDraft(
        text=reader.text("text", labels["text"]),
        form=reader.choice("form", Form, labels["form"]),
        is_reference=reader.flag("is_reference"),
        price_factor=reader.read("price_factor", decimal, absent=None),
        volume_factor=reader.read("volume_factor", decimal, absent=None),
    )
    reader.done()
    return draft


def product(form: MultiDict[str, str], labels: Mapping[str, object], *, new: bool) -> tuple[ProductDraft, int, int]:
    """Read the form of a product: the draft, and for a new one its company and specification."""
    reader = Fields(form)
    company_id = reader.read("company_id", whole, label=labels["company_id"] if new else "", absent=0)
    specification_id = reader.read("specification_id", whole, label=labels["specification_id"] if new else "", absent=0)
    draft = ProductDraft(
        registered_name=reader.text("registered_name", labels["registered_name"]),
        approval_number=reader.text("approval_number", labels["either"], most=40),
        pack=reader.read("pack", whole, label=labels["pack"], absent=1),
        trade_name=reader.text("trade_name"),
        standard_code=reader.text("standard_code", most=30),
        packing=reader.text("packing"),
        is_reference_preparation=reader.flag("is_reference_preparation"),
        active=reader.flag("active"),
    )
    reader.done()
    return draft, company_id, specification_id


def organisation(form: MultiDict[str, str], labels: Mapping[str, object]) -> OrganisationDraft:
    """Read the form of a company or hospital."""
    reader = Fields(form)
    draft = OrganisationDraft(
        name=reader.text("name", labels["name"]),
        code=reader.text("code", labels["code"], most=30),
        **{
            name: reader.text(name)
            for name in ("short_name", "region_code", "grade", "address", "legal_person", "contact", "phone")
        },
        ownership=written if (written := reader.text("ownership")) in set(Ownership) else "",
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


class CatalogueSpecificationOut(Schema):
    """A specification of a variety, decimals as text."""

    id = fields.Int()
    text = fields.Str()
    form = fields.Str()
    part = fields.Str()
    unit = fields.Str()
    is_reference = fields.Bool()
    price_factor = fields.Decimal(as_string=True)
    volume_factor = fields.Decimal(as_string=True)


class CatalogueVarietyOut(Schema):
    """A variety with its specifications."""

    id = fields.Int()
    code = fields.Str()
    name = fields.Str()
    volume_class = fields.Str()
    kind = fields.Str()
    category = fields.Str()
    specifications = fields.List(fields.Nested(CatalogueSpecificationOut))


def party_kind(written: str) -> OrganisationKind:
    """Return what kind of organisation a page is about: the catalogue keeps companies and hospitals."""
    if written not in ("company", "hospital"):
        raise NotFound(kind=written)
    return OrganisationKind(written)


def group(form: MultiDict[str, str]) -> tuple[str, str]:
    """Read the form of a new group: its name and the reason."""
    reader = Fields(form)
    name = reader.text("name", _("Name of the group"), most=100)
    reason = reader.text("reason", _("Reason"), most=400)
    reader.done()
    return name, reason


def group_member(form: MultiDict[str, str]) -> dict[str, Any]:
    """Read the form that puts a company into a group."""
    reader = Fields(form)
    found = {
        "company_id": reader.read("company_id", whole, label=_("Company"), absent=0),
        "since": reader.read("since", day, label=_("From"), absent=date.min),
        "until": reader.read("until", day, absent=None),
        "reason": reader.text("reason", most=400),
    }
    reader.done()
    return found


def member_end(form: MultiDict[str, str]) -> date:
    """Read the day on which a company leaves a group."""
    reader = Fields(form)
    until = reader.read("until", day, label=_("Until"), absent=date.max)
    reader.done()
    return until
