"""Pages of consumables and their categories."""

from __future__ import annotations

from werkzeug.wrappers import Response

from catalogue.consumables import exports, queries
from catalogue.consumables.labels import FIELDS
from kernel.i18n import _
from kernel.routes import Call
from kernel.sending import workbook
from kernel.web import paginate, render


def index(call: Call) -> str:
    """List consumables."""
    found = paginate(call.session, queries.consumables(**_filtered(call)))
    return render("catalogue/consumables.html", list=found, names=FIELDS)


def show(call: Call, code: str) -> str:
    """Show a consumable with others of its category."""
    found = queries.one(call.session, code)
    return render(
        "catalogue/consumable.html", found=found, names=FIELDS, category=queries.category(call.session, code),
        others=queries.same_category(call.session, found),
    )  # fmt: skip


def export(call: Call) -> Response:
    """Give out what the filter shows as a workbook that imports as it is."""
    return workbook(
        exports.consumables(call.session, queries.consumables(**_filtered(call))), _("Consumables"), call.at
    )


def categories(call: Call) -> str:
    """List the categories with how many consumables each has."""
    found = paginate(call.session, queries.categories(text=call.args.get("q", "")))
    counts = queries.counts(call.session, [each.code for each in found.rows])
    return render("catalogue/consumable_categories.html", list=found, counts=counts)


def categories_export(call: Call) -> Response:
    """Give out the categories as a workbook that imports as it is."""
    found = queries.categories(text=call.args.get("q", ""))
    return workbook(exports.categories(call.session, found), _("Categories of consumables"), call.at)


def _filtered(call: Call) -> dict[str, str]:
    asked = call.args
    return {"text": asked.get("q", ""), "category": asked.get("category", ""), "sort": asked.get("sort", "code")}
