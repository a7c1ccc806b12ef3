"""The list of prices, a product's prices through time, and what an officer does to one listing."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from catalogue.drugs.models import Product
from catalogue.drugs.queries import products
from kernel.auth.actor import Actor
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import DomainError
from kernel.forms import mistakes
from kernel.i18n import _, label
from kernel.panels import Panel
from kernel.periods import Period, last_day, read_day
from kernel.policy import covers
from kernel.web import flash_done, page_number, redirect_to, render
from pricing.listings import queries, services
from pricing.listings.flow import LISTING_FLOW, ListingAction, ListingKind, ListingState
from pricing.listings.labels import origin
from pricing.listings.models import Listing
from pricing.listings.views.plots import steps


def index(call: Call) -> str:
    """List prices by product, region, kind, state and day."""
    asked = queries.asked(call.args, today(call.at))
    return render(
        "pricing/listings.html", list=queries.page(call.session, queries.listing(**asked), number=page_number()),
        regions=queries.regions(call.session), kinds=_choices(ListingKind),
        states=[("", _("Current")), *_choices(ListingState)], last=last,
        today=asked["today"],
    )  # fmt: skip


def _choices(codes: type[StrEnum]) -> list[tuple[str, str]]:
    return [(code.value, label(code)) for code in codes]


def last(listing: Listing) -> date | None:
    """Return the last day on which a price counts, as documents print it; None while it is open or never counts."""
    return None if listing.ends in (None, listing.starts) else last_day(Period(listing.starts, listing.ends))


def history(call: Call, product_id: int) -> str:
    """Show every price a product ever had."""
    product, day = products.one(call.session, product_id), today(call.at)
    rows = queries.history(call.session, product_id)
    return render(
        "pricing/listing_history.html", product=product, rows=rows, plot=steps(rows, day), today=day, last=last,
        origin=origin,
    )  # fmt: skip


def show(call: Call, listing_id: int) -> str:
    """Show one listing, to an officer with what can be done to it."""
    listing, day = queries.one(call.session, listing_id), today(call.at)
    governs = covers(call.actor.region, listing.region_code)
    return render(
        "pricing/listing.html", listing=listing, state=listing.state_on(day), today=day, last=last, origin=origin,
        actions=LISTING_FLOW.actions(listing.state_on(day)) if governs else (), errors=mistakes(call.error),
        values=call.form, governs=governs, A=ListingAction,
    )  # fmt: skip


def suspend(call: Call, listing_id: int) -> Response:
    """Suspend a listing."""
    reason = call.form.get("reason", "")
    services.suspend(call.session, listing_id=listing_id, reason=reason, actor=call.actor, at=call.at)
    flash_done(_("The listing is suspended from today on."))
    return redirect_to("pricing.listing", listing_id=listing_id)


def restore(call: Call, listing_id: int) -> Response:
    """Restore a listing."""
    reason = call.form.get("reason", "")
    services.restore(call.session, listing_id=listing_id, reason=reason, actor=call.actor, at=call.at)
    flash_done(_("The listing is in force again."))
    return redirect_to("pricing.listing", listing_id=listing_id)


def end(call: Call, listing_id: int) -> Response:
    """End a listing."""
    day = read_day(call.form.get("day", ""))
    if day is None:
        raise DomainError("listing-no-day")
    reason = call.form.get("reason", "")
    services.end(call.session, listing_id=listing_id, day=day, reason=reason, actor=call.actor, at=call.at)
    flash_done(_("The listing ends on %(day)s.", day=day.isoformat()))
    return redirect_to("pricing.listing", listing_id=listing_id)


def prices_panel(session: Session, _actor: Actor, product: Product, at: datetime) -> Panel:
    """Show on a product's page at which prices it may be bought where."""
    day = today(at)
    rows = [row for row in queries.history(session, product.id) if row.state_on(day) is not ListingState.ENDED]
    return Panel("pricing/product_listings.html", {"rows": rows, "last": last, "product": product, "today": day})
