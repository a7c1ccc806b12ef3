"""The map of renewals and take-overs."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.routes import Pages
from procurement.agreements.takeovers import labels, views

assert labels  # importing it registers names and sentences

URL = "/rounds/<int:round_id>/takeovers"


def mount(pages: Pages) -> None:
    """Add the rows to the package's table."""
    post, one = ("POST",), f"{URL}/<int:takeover_id>"
    pages.add("takeovers", URL, views.show, P.ROUND_AWARD)
    pages.add("takeover_propose", URL, views.propose, P.ROUND_AWARD, methods=post, again=views.show)
    pages.add("takeover_confirm", f"{one}/confirm", views.confirm, P.ROUND_AWARD, methods=post)
    pages.add("takeover_drop", f"{one}/drop", views.drop, P.ROUND_AWARD, methods=post)
    renewal = "/rounds/<int:round_id>/agreements/renew"
    pages.add("agreements_renew", renewal, views.renew, P.ROUND_AWARD, methods=post)
