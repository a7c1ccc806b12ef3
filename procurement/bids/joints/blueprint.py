"""The map of joint bids."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.routes import Pages
from kernel.web import home_queue
from procurement.bids.joints import labels, views

assert labels  # registers names and sentences

POST = ("POST",)


def mount(pages: Pages) -> None:
    """Add the rows of joint bids, and their queue."""
    form = "/bids/<int:box_id>/lots/<int:lot_id>/joint"
    pages.add("joint_form", form, views.form, P.BID_SUBMIT)
    pages.add("joint_propose", form, views.propose, P.BID_SUBMIT, methods=POST, again=views.form)
    one = "/joints/<int:joint_id>"
    pages.add("joint", one, views.show, P.BID_READ)
    pages.add("joint_file", f"{one}/files/<int:file_id>", views.file, P.BID_READ)
    pages.add("joint_confirm", f"{one}/confirm", views.confirm, P.BID_SUBMIT, methods=POST)
    pages.add("joint_decline", f"{one}/decline", views.decline, P.BID_SUBMIT, methods=POST)
    pages.add("joint_dissolve", f"{one}/dissolve", views.dissolve, P.BID_SUBMIT, methods=POST)
    home_queue(P.BID_SUBMIT, views.queue, order=11)
