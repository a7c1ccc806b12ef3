"""The page on which a region says its own figures."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from catalogue.dual_channel import schemas
from catalogue.dual_channel.labels import PARAMETERS
from catalogue.dual_channel.queries import regions as queries
from catalogue.dual_channel.rules.fixings import Fixing
from catalogue.dual_channel.rules.regional import parameters_of, written
from catalogue.dual_channel.services import regions as services
from catalogue.editions.rules.parts import AGREED
from kernel.calls import Call
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.parties.queries import regions as every_region
from kernel.web import flash_done, redirect_to, render


def show(call: Call) -> str:
    """Show what holds in a region, figure by figure with its source, and the form to say otherwise."""
    region = queries.chosen(call.session, call.args.get("region", ""), call.actor)
    found = queries.rules_of(call.session, region.code)
    own = found if found is not None and found.region_code == region.code else None
    holds = queries.parameters(call.session, region.code)
    said: dict[str, Any] = schemas.region(call.form) if call.form else {
        name: written(name, parameters_of(own.said)) if own and name in own.said else "" for name in PARAMETERS
    }  # fmt: skip
    return render(
        "catalogue/dual_region.html", region=region, own=own, above=None if own else found, holds=holds, said=said,
        names=PARAMETERS, fixings=Fixing, listed=sorted(AGREED), errors=mistakes(call.error),
        source=call.form.get("source", ""),
        regions=[(each.code, each.name) for each in every_region(call.session)],
        shown={name: written(name, holds) for name in PARAMETERS},
    )  # fmt: skip


def say(call: Call) -> Response:
    """Set a region's figures."""
    code = call.form.get("region", "")
    services.say(
        call.session, region_code=code, values=schemas.region(call.form), source=call.form.get("source", "")[:400],
        version=schemas.version(call.form), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The region's rules were saved."))
    return redirect_to("catalogue.dual_region", region=code)
