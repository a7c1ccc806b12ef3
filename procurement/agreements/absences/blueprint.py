"""The map of winners not brought in."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.routes import Pages
from procurement.agreements.absences import exports, labels, views

assert labels and exports  # importing them registers sentences and the workbook


def mount(pages: Pages) -> None:
    """Add the page to the package's table."""
    here = "/progress/absences"
    pages.add("absences", here, views.show, P.LEDGER_READ)
    pages.add("absences_remind", here, views.remind, P.RETENTION_RUN, methods=("POST",), again=views.show)
