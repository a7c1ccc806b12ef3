"""Companies that did not keep what they committed to: for everybody, as a page and as a call."""

from __future__ import annotations

from collections.abc import Sequence

from kernel.calls import Call
from kernel.web import paginate, render
from pricing.governance.cases.models import PriceCase
from pricing.governance.cases.queries import cases as queries


def index(call: Call) -> str:
    """List the companies with their prices."""
    return render("pricing/exposures.html", list=paginate(call.session, queries.exposed()))


def api_index(call: Call) -> Sequence[PriceCase]:
    """Return the companies with their prices, the latest first."""
    return call.session.scalars(queries.exposed()).all()
