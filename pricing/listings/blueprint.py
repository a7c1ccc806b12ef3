"""The map of listings."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.i18n import _l, label
from kernel.identity import record_id
from kernel.panels import panel
from kernel.routes import Api, Pages
from kernel.web import NavItem, nav_item, subject_link
from pricing.listings import api as calls
from pricing.listings import exports, labels, queries
from pricing.listings.duplicates import blueprint as duplicates
from pricing.listings.models import Listing
from pricing.listings.schemas import ListingOut, ListingQuery
from pricing.listings.views import listings

assert labels and exports  # importing them registers names, sentences and the workbook


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's tables, its line to the side bar, its panel to a product's page."""
    post, one = ("POST",), "/listings/<int:listing_id>"
    pages.add("listings", "/listings", listings.index, P.LISTING_READ)
    pages.add("listing_history", "/products/<int:product_id>", listings.history, P.LISTING_READ)
    pages.add("listing", one, listings.show, P.LISTING_READ)
    for name, view in (("suspend", listings.suspend), ("restore", listings.restore), ("end", listings.end)):
        pages.add(f"listing_{name}", f"{one}/{name}", view, P.LISTING_WRITE, methods=post, again=listings.show)
    api.add(
        "listings", "/listings", calls.index, P.LISTING_READ, query=ListingQuery, returns=ListingOut(many=True)
    )  # fmt: skip
    nav_item(NavItem(_l("Pricing"), _l("Listed prices"), "pricing.listings", "tags", P.LISTING_READ, order=65))
    duplicates.mount(pages)
    panel("catalogue.product", 60, P.LISTING_READ, listings.prices_panel)
    subject_link("listing", _listing)


def _listing(session: Session, _actor: Actor, identity: str) -> tuple[str, str] | None:
    found = session.get(Listing, record_id(identity) or 0)
    if found is None:
        return None
    whole = queries.one(session, found.id)
    name = f"{whole.product.registered_name} {label(whole.kind)} {whole.region.name}"
    return name, f"/pricing/listings/{whole.id}"
