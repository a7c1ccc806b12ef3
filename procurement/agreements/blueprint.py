"""The map of agreements."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.panels import panel
from kernel.routes import Api, Pages
from kernel.web import NavItem, nav_item
from procurement.agreements import exports, labels, views
from procurement.agreements.absences import blueprint as absences
from procurement.agreements.alerts import labels as alert_labels
from procurement.agreements.boards import blueprint as boards
from procurement.agreements.deliveries import blueprint as deliveries
from procurement.agreements.ledger import labels as ledger_labels
from procurement.agreements.letters import views as letters
from procurement.agreements.products.views import rounds_panel
from procurement.agreements.reassignment import blueprint as reassignment
from procurement.agreements.takeovers import blueprint as takeovers

assert labels and ledger_labels and exports and alert_labels  # importing them registers sentences


def mount(pages: Pages, _api: Api) -> None:
    """Add the area's rows to the package's table, and its line to the side bar."""
    pages.add("agreements", "/agreements", views.index, P.AGREEMENT_READ)
    pages.add("agreement", "/agreements/<int:agreement_id>", views.show, P.LEDGER_READ)
    create = "/rounds/<int:round_id>/agreements"
    pages.add("agreements_create", create, views.create, P.ROUND_AWARD, methods=("POST",))
    pages.add("letters_issue", "/rounds/<int:round_id>/letters", letters.issue, P.ROUND_AWARD, methods=("POST",))
    nav_item(
        NavItem(
            _l("Procurement"), _l("Agreements"), "procurement.agreements", "file-earmark-text", P.AGREEMENT_READ,
            order=40,
        )
    )  # fmt: skip
    reassignment.mount(pages)
    deliveries.mount(pages)
    boards.mount(pages)
    takeovers.mount(pages)
    absences.mount(pages)
    panel("catalogue.product", 50, P.ROUND_READ, rounds_panel)
