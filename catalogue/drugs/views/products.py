"""Pages of products."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from catalogue.drugs import exports, schemas
from catalogue.drugs.labels import FIELDS
from catalogue.drugs.models import Product
from catalogue.drugs.queries import products as queries
from catalogue.drugs.services import products as services
from kernel.auth.actor import Actor
from kernel.calls import Call
from kernel.i18n import _
from kernel.identity import record_id
from kernel.panels import Panel, panels
from kernel.sheets import Sheet
from kernel.web import flash_done, page_number, redirect_to, render


def index(call: Call) -> str:
    """List products."""
    asked = _asked(call)
    narrowed = bool(asked["text"] or asked["company_id"] or asked["active"] is not None)
    return render(
        "catalogue/products.html", list=queries.page(call.session, **asked, number=page_number()),
        names=FIELDS["product"], ranked=asked["variety_id"] is None and narrowed,
        choices=[("yes", _("On the market")), ("no", _("Off the market"))],
    )  # fmt: skip


def _asked(call: Call) -> dict[str, Any]:
    asked = call.args
    return {
        "text": asked.get("q", ""), "company_id": asked.get("company", type=record_id),
        "variety_id": asked.get("variety", type=record_id), "sort": asked.get("sort", "name"),
        "active": {"yes": True, "no": False}.get(asked.get("active", "")),
    }  # fmt: skip


def show(call: Call, product_id: int) -> str:
    """Show a product with what is known of it elsewhere: codes, the national list, makers, places, rounds."""
    product = queries.one(call.session, product_id)
    added = panels(call.session, "catalogue.product", product, actor=call.actor, at=call.at)
    return render("catalogue/product.html", product=product, names=FIELDS["product"], panels=added)


def others_panel(session: Session, _actor: Actor, product: Product, _at: datetime) -> Panel:
    """Show what other companies sell of the same generic name."""
    return Panel("catalogue/product_others.html", {"products": queries.others_of(session, product)})


def new(call: Call) -> str:
    """Show the form of a new product."""
    return _form(call, None)


def create(call: Call) -> Response:
    """Add a product."""
    draft, company_id, specification_id = schemas.product(call.form, FIELDS["product"], new=True)
    product = services.create_product(
        call.session,
        company_id=company_id,
        specification_id=specification_id,
        draft=draft,
        actor=call.actor,
        at=call.at,
    )
    flash_done(_("%(name)s was added.", name=product.registered_name))
    return redirect_to("catalogue.product", product_id=product.id)


def edit(call: Call, product_id: int) -> str:
    """Show the form of a product."""
    return _form(call, queries.one(call.session, product_id))


def change(call: Call, product_id: int) -> Response:
    """Change a product."""
    draft, _company, _specification = schemas.product(call.form, FIELDS["product"], new=False)
    version = call.form.get("version", type=record_id)
    services.change_product(
        call.session, product_id=product_id, version=version, draft=draft, actor=call.actor, at=call.at
    )
    flash_done(_("The changes were saved."))
    return redirect_to("catalogue.product", product_id=product_id)


def _form(call: Call, product: Product | None) -> str:
    values: Any = call.form or (product.snapshot() if product else {"active": True})
    chosen = queries.chosen(call.session, values.get("company_id"), values.get("specification_id"))
    return render(
        "catalogue/product_form.html", product=product, values=values, chosen=chosen,
        errors=schemas.errors(call.error), names=FIELDS["product"],
    )  # fmt: skip


def table(call: Call) -> Sheet:
    """Return the products that the filter shows, to be imported as they are."""
    asked = {name: value for name, value in _asked(call).items() if name != "sort"}
    return exports.product_sheet(call.session, queries.listing(**asked, sort=call.args.get("sort", "approval")))
