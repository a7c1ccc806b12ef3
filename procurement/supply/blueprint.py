"""The map of supply."""

from __future__ import annotations

from kernel.routes import Api, Pages
from procurement.supply import jobs, labels
from procurement.supply.channel import blueprint as channel
from procurement.supply.effects import blueprint as effects
from procurement.supply.shortages import blueprint as shortages
from procurement.supply.warnings import blueprint as warnings

assert labels and jobs  # importing them registers names, sentences and jobs


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's table."""
    warnings.mount(pages)
    shortages.mount(pages, api)
    channel.mount(pages)
    effects.mount(pages)
