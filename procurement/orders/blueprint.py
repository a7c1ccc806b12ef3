"""The map of online purchasing."""

from __future__ import annotations

from kernel.routes import Api, Pages
from procurement.orders import jobs, labels

assert labels and jobs  # importing them registers sentences and jobs


def mount(_pages: Pages, _api: Api) -> None:
    """Add the area's rows to the package's table."""
