"""The map of service items."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.identity import record_id
from kernel.routes import Api, Pages
from kernel.web import NavItem, nav_item, subject_link
from pricing.items import api as calls
from pricing.items import exports, labels
from pricing.items.filings import blueprint as filings
from pricing.items.models import ServiceItem
from pricing.items.schemas import HistoryQuery, PeriodOut, PriceOut, PriceQuery
from pricing.items.views import comparing, items, lists, mappings

assert exports and labels  # importing them registers names, sentences and workbooks


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's tables, and its line to the side bar."""
    pages.add("service_items", "/services", lists.index, P.SERVICE_READ)
    pages.add("service_import", "/services/import", lists.bring, P.SERVICE_WRITE)
    pages.add("service_item", "/services/<int:item_id>", items.show, P.SERVICE_READ)
    pages.add("service_mappings", "/services/mappings", mappings.index, P.SERVICE_WRITE)
    filings.mount(pages)
    pages.add("service_comparison", "/services/comparison", comparing.compare, P.SERVICE_READ)
    pages.add("service_announcements", "/services/changes", comparing.announcements, P.SERVICE_READ)
    one = "/services/changes/<day>/<region>"
    pages.add("service_announcement", one, comparing.announcement, P.SERVICE_READ)
    api.add(
        "service_prices", "/service-prices", calls.prices, P.SERVICE_READ, query=PriceQuery,
        returns=PriceOut(many=True),
    )  # fmt: skip
    api.add(
        "service_price_history", "/service-prices/history", calls.history, P.SERVICE_READ, query=HistoryQuery,
        returns=PeriodOut(many=True),
    )  # fmt: skip
    nav_item(
        NavItem(
            _l("Service prices"), _l("Items and prices"), "pricing.service_items", "hospital", P.SERVICE_READ, None, 72
        )
    )
    subject_link("service_item", _item)


def _item(session: Session, _actor: Actor, identity: str) -> tuple[str, str] | None:
    found = session.get(ServiceItem, record_id(identity) or 0)
    return (found.code, f"/pricing/services/{found.id}") if found else None
