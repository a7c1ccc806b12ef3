"""The map of online purchasing."""

from __future__ import annotations

from kernel.routes import Api, Pages
from procurement.orders import jobs, labels
from procurement.orders.planning import blueprint as planning

assert labels and jobs  # importing them registers sentences and jobs


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's table."""
    planning.mount(pages, api)
