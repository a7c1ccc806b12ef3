"""The page of hospitals that have not brought winners in."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.i18n import _
from kernel.identity import record_id
from kernel.paging import Page
from kernel.parties import regions
from kernel.web import flash_done, page_number, redirect_to, render
from procurement.agreements.absences import queries, services

SIZE = 50


def show(call: Call) -> str:
    """List hospitals with the lots whose winner they bought nothing of; a hospital sees its own."""
    region = call.args.get("region", "")
    found = queries.hospitals(call.session, call.actor, region)
    number = page_number()
    shown = found[(number - 1) * SIZE : number * SIZE]
    names = {code: one.name for code, one in regions.by_code(call.session).items()}
    return render(
        "procurement/absences.html", list=Page(shown, len(found), number, SIZE), names=names,
        lots=queries.by_hospital(call.session, call.actor, [one.hospital_id for one in shown]),
        regions=sorted(names.items()), reminds=call.actor.may(P.RETENTION_RUN), total=sum(one.lots for one in found),
    )  # fmt: skip


def remind(call: Call) -> Response:
    """Remind the ticked hospitals, or all of the region shown."""
    ticked = [record_id(one) or 0 for one in call.form.getlist("hospital")]
    everybody, region = call.form.get("all") == "1", call.form.get("region", "")
    count = services.remind(
        call.session, hospitals=None if everybody else ticked, region=region, actor=call.actor, at=call.at
    )
    flash_done(_("%(count)s hospitals are reminded; those of today were left out.", count=count))
    return redirect_to("procurement.absences", region=region or None)
