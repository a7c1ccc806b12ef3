"""The map of announcements."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.routes import Api, Pages
from procurement.rounds.announcements import labels, views

assert labels  # importing it registers names and sentences

ALL = "/rounds/<int:round_id>/announcements"


def mount(pages: Pages, _api: Api) -> None:
    """Add the area's rows to the package's table."""
    pages.add("announcements", ALL, views.index, P.ROUND_READ)
    pages.add("announcement", f"{ALL}/<int:number>", views.show, P.ROUND_READ)
    pages.add("announcement_file", f"{ALL}/<int:number>/list.xlsx", views.table, P.ROUND_READ)
