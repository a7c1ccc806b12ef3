"""The list of items with their prices of a day, for everybody; where workbooks are brought in, for the bureau."""

from __future__ import annotations

from kernel.calls import Call
from kernel.clock import today
from kernel.i18n import label
from kernel.policy import covers, nationwide
from kernel.web import page_number, paginate, render
from pricing.items.flow import ItemStandard, PriceGrade, Pricing
from pricing.items.queries import lists
from pricing.items.queries.prices import prices_on


def index(call: Call) -> str:
    """List items with the ceilings of a region on a day."""
    regions = lists.regions(call.session)
    wanted = lists.asked(call.args, today=today(call.at), region=home(call, regions))
    page = paginate(call.session, lists.versions(wanted), number=page_number())
    ids = [version.item_id for version in page.rows]
    grades = [wanted.grade] if wanted.grade else list(PriceGrade)
    return render(
        "pricing/service_items.html", list=page, asked=wanted, regions=regions, grades=grades,
        prices=prices_on(call.session, wanted.day, wanted.region, item_ids=ids), today=today(call.at),
        categories=lists.categories(call.session, wanted.day),
        standards=[(one.value, label(one)) for one in ItemStandard],
        pricings=[(one.value, label(one)) for one in Pricing],
        all_grades=[(one.value, label(one)) for one in PriceGrade],
    )  # fmt: skip


def home(call: Call, regions: lists.Choices) -> str:
    """Return the region whose prices are shown where none is named: the reader's own, else the first."""
    near = [code for code, _name in regions if code and covers(code, call.actor.region)]
    return max(near, key=len, default=next((code for code, _name in regions), ""))


def bring(call: Call) -> str:
    """Ask what a workbook is for before it is brought in: whose catalogue, where prices hold, from which day on."""
    places = [one for one in lists.places(call.session) if covers(call.actor.region, one[0])]
    return render(
        "pricing/service_import.html", today=today(call.at), places=places,
        standards=[(one.value, label(one)) for one in ItemStandard], nation=nationwide(call.actor.region),
    )  # fmt: skip
