"""The map of letters; they are issued from agreements, which know what hospitals agreed to buy."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, nav_item, subject_link
from procurement.rounds.letters import exports, labels, views

assert exports and labels  # importing them registers names, sentences and the table

POST = ("POST",)


def mount(pages: Pages, _api: Api) -> None:
    """Add the area's rows to the package's table, and its line to the side bar."""
    pages.add("letters", "/letters", views.index, P.AGREEMENT_READ)
    pages.add("letters_print", "/letters/print", views.printed, P.AGREEMENT_READ)
    pages.add("letter", "/letters/<int:letter_id>", views.show, P.AGREEMENT_READ)
    pages.add("letter_read", "/letters/<int:letter_id>/open", views.read, P.AGREEMENT_READ, methods=POST)
    pages.add("round_letters", "/rounds/<int:round_id>/letters", views.of_round, P.AGREEMENT_READ)
    nav_item(
        NavItem(
            _l("Procurement"), _l("Letters"), "procurement.letters", "envelope", P.AGREEMENT_READ,
            count=views.count, order=42,
        )
    )  # fmt: skip
    subject_link("letter", views.subject)
