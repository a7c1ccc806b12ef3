"""A pharmacy's sheet of stock and prices, with the gaps of its own district."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from catalogue.dual_channel import exports, schemas
from catalogue.dual_channel.queries import coverage, places, regions, stock
from catalogue.dual_channel.services import stock as services
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import FileRefused, Issue
from kernel.i18n import _
from kernel.parties.models import Organisation
from kernel.problems import sentence
from kernel.sheets import Sheet
from kernel.web import flash_done, redirect_to, render


def show(call: Call) -> str:
    """Show every drug the pharmacy may sell with its last report, to fill in today's."""
    pharmacy, day = _own(call), today(call.at)
    near = coverage.near(call.session, pharmacy, day)
    parameter = regions.parameters(call.session, pharmacy.region_code)["stock.most_days"]
    return render(
        "catalogue/dual_stock.html", pharmacy=pharmacy, rows=stock.shelf(call.session, pharmacy, day), day=day,
        typed=call.form, errors=_errors(call), near=near, designation=places.of_organisation(call.session, pharmacy.id),
        today=stock.lines_on(call.session, pharmacy.id, day),
        most_days=parameter.value if parameter.is_set else None,
    )  # fmt: skip


def report(call: Call) -> Response:
    """Keep today's report."""
    pharmacy = _own(call)
    rows = stock.shelf(call.session, pharmacy, today(call.at))
    lines, unread = schemas.stock(call.form, {str(row.drug.id): row.drug.drug_key for row in rows})
    count = services.report(call.session, lines=lines, unread=unread, actor=call.actor, at=call.at)
    flash_done(_("%(count)s drugs were reported.", count=count))
    return redirect_to("catalogue.dual_stock")


def table(call: Call) -> Sheet:
    """Return the pharmacy's own sheet, to be imported as it is."""
    return exports.stock_sheet(stock.shelf(call.session, _own(call), today(call.at)))


def _own(call: Call) -> Organisation:
    return places.place(call.session, services.own_pharmacy(call.actor))


def _errors(call: Call) -> dict[str, str]:
    """The refusal's sentences; a row's own are told with the drug's name."""
    if isinstance(call.error, FileRefused):
        return {_field(issue, at): _told(issue) for at, issue in enumerate(call.error.issues)}
    return {} if call.error is None else {"": sentence(call.error)}


def _field(issue: Issue, at: int) -> str:
    return f"{issue.column}-{at}"


def _told(issue: Issue) -> str:
    said: Any = sentence(issue)
    return f"{issue.column}: {said}" if issue.column else str(said)
