"""Pages of varieties and their specifications."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from catalogue.drugs import exports, schemas
from catalogue.drugs.labels import FIELDS
from catalogue.drugs.models import Specification, Variety
from catalogue.drugs.queries import varieties as queries
from catalogue.drugs.rules.codes import Part, VarietyKind, VolumeClass
from catalogue.drugs.rules.forms import Form, FormKind
from catalogue.drugs.services import varieties as services
from kernel.calls import Call
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.sheets import Sheet
from kernel.web import flash_done, paginate, redirect_to, render


def index(call: Call) -> str:
    """List varieties; what is filtered and how it is sorted stands in the address."""
    found = _listed(call)
    groups = [(group.id, group.name) for group in queries.form_groups(call.session)]
    classes = [(each.value, label(each)) for each in VolumeClass]
    return render(
        "catalogue/varieties.html", list=paginate(call.session, found), groups=groups, classes=classes, names=FIELDS,
        kinds=[(each.value, label(each)) for each in VarietyKind],
    )  # fmt: skip


def _listed(call: Call) -> Any:
    asked = call.args
    return queries.listing(
        text=asked.get("q", ""), form_group_id=asked.get("group", type=record_id),
        volume_class=asked.get("class", type=VolumeClass), sort=asked.get("sort", "code"),
        kind=asked.get("kind", type=VarietyKind),
    )  # fmt: skip


def show(call: Call, variety_id: int) -> str:
    """Show a variety with its specifications, factors and products."""
    variety = queries.one(call.session, variety_id)
    products = queries.products_of(call.session, variety_id)
    category = queries.category_name(call.session, variety.category) if variety.category else ""
    return render("catalogue/variety.html", variety=variety, products=products, names=FIELDS, category=category)


def new(call: Call) -> str:
    """Show the form of a new variety."""
    return _variety_form(call, None)


def create(call: Call) -> Response:
    """Add a drug or a consumable."""
    if call.form.get("kind") == VarietyKind.CONSUMABLE:
        made = schemas.consumable(call.form, FIELDS["variety"], new=True)
        return _added(services.create_consumable(call.session, **made, actor=call.actor, at=call.at))
    read = schemas.variety(call.form, FIELDS["variety"], new=True)
    return _added(services.create_variety(call.session, **read, actor=call.actor, at=call.at))


def _added(variety: Variety) -> Response:
    flash_done(_("%(name)s was added. Now add its specifications.", name=variety.name))
    return redirect_to("catalogue.variety", variety_id=variety.id)


def edit(call: Call, variety_id: int) -> str:
    """Show the form of a variety."""
    return _variety_form(call, queries.one(call.session, variety_id))


def change(call: Call, variety_id: int) -> Response:
    """Change a variety."""
    consumable = queries.one(call.session, variety_id).is_consumable
    read = (schemas.consumable if consumable else schemas.variety)(call.form, FIELDS["variety"], new=False)
    version = call.form.get("version", type=record_id)
    services.change_variety(call.session, variety_id=variety_id, version=version, **read, actor=call.actor, at=call.at)
    flash_done(_("The changes were saved."))
    return redirect_to("catalogue.variety", variety_id=variety_id)


def _variety_form(call: Call, variety: Variety | None) -> str:
    values: Any = call.form or (variety.snapshot() if variety else {})
    kinds = [(kind.value, label(kind)) for kind in FormKind]
    classes = [(each.value, label(each)) for each in VolumeClass]
    return render(
        "catalogue/variety_form.html", variety=variety, values=values, errors=schemas.errors(call.error), kinds=kinds,
        classes=classes, groups=queries.form_groups(call.session), names=FIELDS["variety"],
        consumable=variety.is_consumable if variety else _asks_consumable(call),
    )  # fmt: skip


def _asks_consumable(call: Call) -> bool:
    return (call.form.get("kind") or call.args.get("kind")) == VarietyKind.CONSUMABLE


def specification_new(call: Call, variety_id: int) -> str:
    """Show the form of a new specification."""
    return _specification_form(call, queries.one(call.session, variety_id), None)


def specification_create(call: Call, variety_id: int) -> Response:
    """Add a specification to a variety."""
    consumable = queries.one(call.session, variety_id).is_consumable
    draft = (schemas.part if consumable else schemas.specification)(call.form, FIELDS["specification"])
    services.add_specification(call.session, variety_id=variety_id, draft=draft, actor=call.actor, at=call.at)
    flash_done(_("The specification %(text)s was added.", text=draft.text))
    return redirect_to("catalogue.variety", variety_id=variety_id)


def specification_edit(call: Call, specification_id: int) -> str:
    """Show the form of a specification."""
    specification = queries.specification(call.session, specification_id)
    return _specification_form(call, specification.variety, specification)


def specification_change(call: Call, specification_id: int) -> Response:
    """Change a specification."""
    consumable = queries.specification(call.session, specification_id).variety.is_consumable
    draft = (schemas.part if consumable else schemas.specification)(call.form, FIELDS["specification"])
    specification = services.change_specification(
        call.session, specification_id=specification_id, version=call.form.get("version", type=record_id), draft=draft,
        actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The changes were saved."))
    return redirect_to("catalogue.variety", variety_id=specification.variety_id)


def _specification_form(call: Call, variety: Variety, specification: Specification | None) -> str:
    values: Any = call.form or (specification.snapshot() if specification else {})
    if specification is not None and not call.form and not specification.factors_stated:
        values = {**values, "price_factor": "", "volume_factor": ""}
    forms = [(form.value, label(form)) for form in Form if form is not Form.DEVICE]
    return render(
        "catalogue/specification_form.html", variety=variety, specification=specification, values=values,
        errors=schemas.errors(call.error), forms_=forms, names=FIELDS["specification"],
        parts_=[(each.value, label(each)) for each in Part],
    )  # fmt: skip


def table(call: Call) -> Sheet:
    """Return the specifications of the varieties that the filter shows, to be imported as they are."""
    return exports.varieties(call.session, _listed(call))
