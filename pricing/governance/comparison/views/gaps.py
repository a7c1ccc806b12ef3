"""The gap table, and a group with its prices by region and where a rise began."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from kernel.calls import Call
from kernel.clock import today
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.paging import windowed
from kernel.panels import Panel
from kernel.web import address, page_number, render
from pricing.governance.comparison.flow import Same
from pricing.governance.comparison.models import GapRun
from pricing.governance.comparison.queries import changes, groups
from pricing.governance.comparison.rules.gaps import began, ratio
from pricing.governance.comparison.views.plots import by_region
from pricing.listings.flow import ListingKind


def index(call: Call) -> str:
    """List the prices above the lowest provincial one, the highest ratio first."""
    asked = groups.asked(call.args)
    found = groups.gaps(call.actor, **asked)
    return render(
        "pricing/gaps.html", list=windowed(call.session, found, number=page_number()), asked=asked,
        run=changes.last_run(call.session), names=groups.region_names(call.session),
        regions=groups.regions(call.session), Same=Same,
        kinds=[(one.value, label(one)) for one in ListingKind],
        outliers=groups.outlier_count(call.session, call.actor, asked["same"]),
    )  # fmt: skip


def show(call: Call, same_id: int) -> str:
    """Show a group's prices of each kind on a day with the nation's, and the rises that still stand."""
    found, day = groups.one(call.session, same_id, call.actor), today(call.at)
    prices = groups.priced(call.session, found, day)
    kinds = sorted({one.kind for one in prices}, key=list(ListingKind).index)
    asked = call.args.get("kind", "")
    usual = ListingKind.LISTED if ListingKind.LISTED in kinds else kinds[0] if kinds else None
    kind = next((one for one in kinds if one.value == asked), usual)
    shown = [one for one in prices if one.kind is kind]
    nation = groups.figures(shown).get(kind) if kind else None
    rises = groups.standing_rises([one for one in groups.priced(call.session, found) if one.kind is kind])
    return render(
        "pricing/same_group.html", found=found, rows=sorted(shown, key=lambda one: -one.price), nation=nation,
        plot=by_region(shown, nation), tabs=[(label(one), address(kind=one.value), one is kind, None) for one in kinds],
        kinds=kinds, kind=kind, rises=rises, began=began(rises), ratio=ratio, today=day,
        parent=groups.one(call.session, found.parent_id, call.actor)
        if found.parent_id and not call.actor.supplies else None,
    )  # fmt: skip


def panel(session: Session, actor: Actor, product: Product, at: datetime) -> Panel | None:
    """Show on a product's page where its price stands among the regions."""
    if actor.supplies and product.company_id != actor.organisation_id:
        return None
    group, rows = groups.of_product(session, product.id)
    return Panel("pricing/product_gaps.html", {"group": group, "rows": rows}) if group and rows else None


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how a run is called in the audit trail; None where there is none of that number."""
    if session.get(GapRun, record_id(identity) or 0) is None:
        return None
    return _("Building of gaps no. %(number)s", number=identity), "/pricing/gaps"
