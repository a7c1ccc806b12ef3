"""Pages of what people bring in: shares of the pooling areas, and the forms for more."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.clock import today
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.parties import regions
from kernel.web import flash_done, redirect_to, render
from procurement.retention.queries import brought
from procurement.retention.services import inputs
from procurement.settlement.schemas import Reader


def index(call: Call) -> str:
    """Show what was brought in, and the forms for more."""
    return render(
        "procurement/retention_inputs.html", shares=brought.shares(call.session), rounds=brought.rounds(call.session),
        areas=[(code, one.name) for code, one in sorted(regions.by_code(call.session).items())],
        errors=mistakes(call.error), values=call.form, year=today(call.at).year,
    )  # fmt: skip


def share(call: Call) -> Response:
    """Say the shares of a pooling area."""
    numbers = Reader(call.form)
    year, r, s = (numbers.number(name, "number-bad") for name in ("year", "r", "s"))
    numbers.done()
    inputs.say_share(
        call.session, area_code=numbers.text("area"), year=int(year), r=r, s=s, source=numbers.text("source")[:200],
        actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The shares are recorded."))
    return redirect_to("procurement.retention_inputs")
