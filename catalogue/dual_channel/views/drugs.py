"""Pages of the drug lists."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from catalogue.dual_channel import exports, schemas
from catalogue.dual_channel.queries import drugs as queries
from catalogue.dual_channel.queries import regions
from catalogue.dual_channel.rules.listing import DrugState, Layer
from catalogue.dual_channel.services import drugs as services
from kernel.calls import Call
from kernel.clock import today
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.sheets import Sheet
from kernel.web import flash_done, paginate, redirect_to, render


def index(call: Call) -> str:
    """List a region's drugs by list and state on a day; everything asked stands in the address."""
    asked, day = call.args, today(call.at)
    region = regions.chosen(call.session, asked.get("region", ""), call.actor)
    parts = regions.parameters(call.session, region.code).value("list.parts")
    rows = _listed(call, region.code)
    return render(
        "catalogue/dual_drugs.html", list=paginate(call.session, rows), region=region, day=day, layers=Layer,
        states=DrugState, counts=queries.counts(call.session, region.code, day),
        regions=[(each.code, each.name) for each in regions.offered(call.session)],
        gone=queries.gone(call.session, region.code, day, parts), values=call.form, errors=mistakes(call.error),
    )  # fmt: skip


def add(call: Call) -> Response:
    """Put a drug on a list."""
    values = schemas.listing(call.form)
    drug = services.list_drug(call.session, **values, actor=call.actor, at=call.at)
    call.session.flush()  # the address needs the id
    flash_done(_("%(name)s was put on the list.", name=drug.entry.name))
    return redirect_to("catalogue.dual_drugs", region=drug.region_code)


def show(call: Call, drug_id: int) -> str:
    """Show a listed drug: its days, the entry it comes from, and how it leaves."""
    drug, day = queries.one(call.session, drug_id), today(call.at)
    values: Any = call.form or drug.snapshot()
    return render(
        "catalogue/dual_drug.html", drug=drug, day=day, state=drug.state_on(day), values=values,
        errors=mistakes(call.error),
        rows=queries.same_drug(call.session, drug.region_code, drug.layer, drug.drug_key),
    )  # fmt: skip


def change(call: Call, drug_id: int) -> Response:
    """Change a listed drug."""
    services.change_drug(
        call.session, drug_id=drug_id, version=schemas.version(call.form), draft=schemas.drug(call.form),
        actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The changes were saved."))
    return redirect_to("catalogue.dual_drug", drug_id=drug_id)


def leave(call: Call, drug_id: int) -> Response:
    """Let a drug leave."""
    values = schemas.leaving(call.form)
    drug = services.leave(call.session, drug_id=drug_id, **values, actor=call.actor, at=call.at)
    flash_done(_("%(name)s leaves the list.", name=drug.entry.name))
    return redirect_to("catalogue.dual_drug", drug_id=drug_id)


def table(call: Call) -> Sheet:
    """Return what the filter shows, to be imported as it is."""
    region = regions.chosen(call.session, call.args.get("region", ""), call.actor)
    return exports.drug_sheet(call.session, _listed(call, region.code))


def _listed(call: Call, region: str) -> Any:
    asked = call.args
    return queries.listing(
        region=region, layer=asked.get("layer", type=Layer), state=asked.get("state", type=DrugState),
        text=asked.get("q", ""), day=today(call.at),
    )  # fmt: skip
