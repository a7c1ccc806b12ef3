"""Which region goes by which label rule set; the sets themselves are pages of the kernel."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.clock import today
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.parties import regions
from kernel.policy import covers
from kernel.web import flash_done, redirect_to, render
from pricing.governance.sets import queries, services
from pricing.governance.sets.rules import starts


def index(call: Call) -> str:
    """List the regions with their rule sets, and the sets that are in force."""
    standing = queries.standing(call.session, today(call.at))
    return render(
        "pricing/label_regions.html", standing=standing, placed=queries.placed(call.session), starts=starts,
        errors=mistakes(call.error), values=call.form,
        codes=[(code, one.name) for code, one in sorted(standing.items())],
        areas=[(code, f"{code} {one.name}") for code, one in sorted(regions.by_code(call.session).items())
               if covers(call.actor.region, code)],
    )  # fmt: skip


def place(call: Call) -> Response:
    """Let a region go by a rule set."""
    form = call.form
    services.place(
        call.session, region_code=form.get("region", ""), code=form.get("code", ""),
        reason=form.get("reason", "")[:400], actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The region's listings are labelled by this rule set from the next run on."))
    return redirect_to("pricing.label_regions")
