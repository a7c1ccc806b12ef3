"""The list of labels, one label with its working, the company's cut, a product's labels on its page."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.forms import mistakes
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.paging import windowed
from kernel.panels import Panel
from kernel.policy import covers
from kernel.web import flash_done, page_number, redirect_to, render
from pricing.governance import rules
from pricing.governance.labelling.models import LabelBand, PriceLabel
from pricing.governance.labelling.queries import gathering
from pricing.governance.labelling.queries import labels as queries
from pricing.governance.labelling.rules import COLOURS, STEP
from pricing.governance.labelling.services import cutting, running
from pricing.governance.labels import rule_name, source_name
from pricing.governance.sets.rules import applied
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing


def index(call: Call) -> str:
    """List the labels that stand, the highest ratio first."""
    day = today(call.at)
    found = queries.listing(call.actor, **queries.asked(call.args, day))
    return render(
        "pricing/labels.html", list=windowed(call.session, found, number=page_number()), colours=COLOURS,
        tally=queries.tally(call.session, call.actor, day), rule_name=rule_name, regions=queries.regions(call.session),
        labels=[(one.value, label(one)) for one in COLOURS], run=gathering.last_run(call.session), today=day,
    )  # fmt: skip


def run(call: Call) -> Response:
    """Look at everything now."""
    running.run(call.session, day=today(call.at), actor=call.actor, at=call.at, whole=True)
    flash_done(_("Every listed price was looked at."))
    return redirect_to("pricing.labels")


def show(call: Call, label_id: int) -> str:
    """Show a label with its rule, its working, and to its company the price that has none."""
    found = queries.one(call.session, label_id, call.actor)
    listing, band = queries.standing(call.session, found), queries.band(call.session, found)
    return render(
        "pricing/label.html", found=found, working=working(found), listing=listing, band=band, today=today(call.at),
        free=free(band), history=queries.history(call.session, found), errors=mistakes(call.error), values=call.form,
        cuts=_cuts(call, found, listing), rule_name=rule_name, source_name=source_name,
        governs=covers(call.actor.region, found.region_code),
    )  # fmt: skip


def working(found: PriceLabel) -> rules.Labelled:
    """Compute a label anew from what it was given by, with its steps."""
    prices = {name: Decimal(value) for name, value in found.given.items()}
    return rules.label(
        applied(found.set_.values), kind=found.product_kind, price=found.price, prices=prices, in_supply_region=False
    )


def free(band: LabelBand | None) -> Decimal | None:
    """Return the highest price without a label, yuan per unit."""
    return band.first - STEP if band is not None and band.first > STEP else None


def _cuts(call: Call, found: PriceLabel, listing: Listing | None) -> bool:
    own = found.product.company_id == call.actor.organisation_id and call.actor.may(P.LISTING_APPLY)
    return own and listing is not None and listing.kind is not ListingKind.AGREEMENT


def cut(call: Call, label_id: int) -> Response:
    """Cut the price of one's own product."""
    found = queries.one(call.session, label_id, call.actor)
    listing = queries.standing(call.session, found)
    cutting.cut(
        call.session, listing_id=listing.id if listing else 0, written=call.form.get("price", ""), actor=call.actor,
        at=call.at,
    )  # fmt: skip
    flash_done(_("The price is cut from today on; labels that no longer hold go tomorrow."))
    return redirect_to("pricing.labels")


def panel(session: Session, actor: Actor, product: Product, at: datetime) -> Panel | None:
    """Show on a product's page which of its prices are labelled."""
    if actor.supplies and product.company_id != actor.organisation_id:
        return None
    rows = queries.of_product(session, product.id, today(at))
    return Panel("pricing/product_labels.html", {"rows": rows, "rule_name": rule_name}) if rows else None


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how a run is called in the audit trail; None where there is none of that number."""
    if not queries.is_run(session, record_id(identity) or 0):
        return None
    return _("Labelling run no. %(number)s", number=identity), "/pricing/labels"
