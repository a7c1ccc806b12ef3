"""Pages of filed prices: a hospital's own, those that wait for the bureau, one with its decision."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import Invalid, Issue
from kernel.forms import FormReader, mistakes
from kernel.i18n import _, label
from kernel.money import NotANumber, parse_decimal
from kernel.policy import covers
from kernel.web import flash_done, paginate, redirect_to, render
from pricing.items.filings import queries, services
from pricing.items.filings.flow import FILING_FLOW, FilingAction, FilingState
from pricing.items.filings.models import PriceFiling
from pricing.items.filings.rules import earliest
from pricing.items.queries import items, pages


def index(call: Call) -> str:
    """List filings within the reader's scope."""
    found = paginate(call.session, queries.listing(call.actor, call.args))
    return render(
        "pricing/service_filings.html", list=found, names=queries.names(call.session, found.rows, today(call.at)),
        states=[(one.value, label(one)) for one in FilingState],
    )  # fmt: skip


def new(call: Call, item_id: int) -> str:
    """Ask for the price of an item that hospitals price themselves."""
    day = today(call.at)
    item, version = items.one(call.session, item_id), queries.own_priced(call.session, item_id, day)
    first = earliest(version.pricing, day, notice=queries.parameters().value("notice.trial"))
    return render(
        "pricing/service_filing_new.html", item=item, version=version, first=first, values=call.form,
        errors=mistakes(call.error), others=pages.by_hospital(call.session, item_id, day),
        share=queries.share(call.session, call.actor.organisation_id or 0, day.year - 1),
    )  # fmt: skip


def create(call: Call, item_id: int) -> Response:
    """File it."""
    reader = FormReader(call.form)
    price, starts_on = reader.text("price", _("Price")), reader.day("starts_on", _("From"))
    reader.done()
    if starts_on is None:
        raise Invalid({"starts_on": Issue("service-no-day")})
    try:
        asked = parse_decimal(price)
    except NotANumber:
        raise Invalid({"price": Issue("service-bad-own-price", value=price)}) from None
    made = services.file_price(
        call.session, item_id=item_id, price=asked, starts_on=starts_on, reason=call.form.get("reason", ""),
        actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The price is filed; the price bureau decides on it."))
    return redirect_to("pricing.service_filing", filing_id=made.id)


def show(call: Call, filing_id: int) -> str:
    """Show a filing with what a decision needs."""
    filing, day = queries.one(call.session, filing_id, call.actor), today(call.at)
    version = queries.names(call.session, [filing], day).get(filing.item_id)
    return render(
        "pricing/service_filing.html", filing=filing, name=version.name if version else filing.item.code,
        version=version, share=queries.share(call.session, filing.hospital_id, day.year - 1), A=FilingAction,
        actions=FILING_FLOW.actions(filing.state) if _decides(call, filing) else (),
        own=FILING_FLOW.actions(filing.state) if call.actor.organisation_id == filing.hospital_id else (),
        others=[one for one in pages.by_hospital(call.session, filing.item_id, day)
                if one.hospital_id != filing.hospital_id],
        errors=mistakes(call.error), values=call.form,
    )  # fmt: skip


def _decides(call: Call, filing: PriceFiling) -> bool:
    return call.actor.may(P.SERVICE_WRITE) and covers(call.actor.region, filing.hospital.region_code or "")


def accept(call: Call, filing_id: int) -> Response:
    """Accept a filing."""
    done = services.accept(call.session, filing_id=filing_id, actor=call.actor, at=call.at)
    flash_done(_("The price is published and holds from %(day)s on.", day=done.starts_on.isoformat()))
    return redirect_to("pricing.service_filing", filing_id=filing_id)


def send_back(call: Call, filing_id: int) -> Response:
    """Return a filing."""
    note = call.form.get("note", "")
    services.send_back(call.session, filing_id=filing_id, note=note, actor=call.actor, at=call.at)
    flash_done(_("The filing is returned to the hospital."))
    return redirect_to("pricing.service_filing", filing_id=filing_id)


def withdraw(call: Call, filing_id: int) -> Response:
    """Take a filing back."""
    services.withdraw(call.session, filing_id=filing_id, actor=call.actor, at=call.at)
    flash_done(_("The filing is taken back."))
    return redirect_to("pricing.service_filing", filing_id=filing_id)
