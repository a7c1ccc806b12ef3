"""The map of objections."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.waits import waits
from kernel.web import NavItem, home_queue, nav_item, subject_link
from procurement.rounds.objections import exports, labels, views

assert exports and labels  # importing them registers names, sentences and the table

POST = ("POST",)
ROUND, ONE = "/rounds/<int:round_id>/objections", "/objections/<int:objection_id>"


def mount(pages: Pages, _api: Api) -> None:
    """Add the area's rows to the package's table, and its lines to the shell."""
    pages.add("round_objections", ROUND, views.of_round, P.ROUND_READ)
    pages.add(
        "round_reply_time", f"{ROUND}/reply-time", views.reply_time, P.OBJECTION_ANSWER, methods=POST,
        again=views.of_round,
    )  # fmt: skip
    pages.add("objection_new", f"{ROUND}/new", views.new, P.OBJECTION_FILE)
    pages.add("objection_file", f"{ROUND}/new", views.file, P.OBJECTION_FILE, methods=POST, again=views.new)
    pages.add("objections", "/objections", views.index, P.OBJECTION_READ)
    pages.add("objection", ONE, views.show, P.OBJECTION_READ)
    pages.add("objection_download", f"{ONE}/files/<int:file_id>", views.download, P.OBJECTION_READ)
    for name, needs in (
        ("claim", P.OBJECTION_ANSWER), ("release", P.OBJECTION_ANSWER), ("reply", P.OBJECTION_ANSWER),
        ("send_back", P.OBJECTION_ANSWER), ("confirm", P.OBJECTION_ANSWER), ("withdraw", P.OBJECTION_FILE),
        ("comment", P.OBJECTION_FILE),
    ):  # fmt: skip
        view, url = getattr(views, name), f"{ONE}/{name.replace('_', '-')}"
        pages.add(f"objection_{name}", url, view, needs, methods=POST, again=views.show)
    nav_item(
        NavItem(
            _l("Procurement"), _l("Objections"), "procurement.objections", "chat-square-text", P.OBJECTION_READ,
            count=views.count, order=25,
        )
    )  # fmt: skip
    waits("round", views.waits)
    home_queue(P.OBJECTION_ANSWER, views.queue, order=15)
    subject_link("objection", views.subject)
