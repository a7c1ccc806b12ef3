"""The map of new items."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, home_queue, nav_item, subject_link
from pricing.items.applications import exports, labels, schemas
from pricing.items.applications.views import announced, applications, experts, reviewing

assert exports and labels  # importing them registers names, sentences and the table

POST = ("POST",)
ALL, ONE = "/new-items", "/new-items/<int:application_id>"
SEAT, OPEN = f"{ALL}/experts/<int:application_id>", f"{ALL}/announced/<int:application_id>"


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's table, and its lines to the shell."""
    _of_hospitals(pages)
    _of_bureaus(pages)
    pages.add("new_item_seats", f"{ALL}/experts", experts.index, P.EXPERT_SCORE)
    pages.add("new_item_score", SEAT, experts.show, P.EXPERT_SCORE)
    pages.add("new_item_seat_file", f"{SEAT}/files/<int:file_id>", experts.download, P.EXPERT_SCORE)
    for name in ("declare", "score"):
        view = getattr(experts, name)
        pages.add(f"new_item_seat_{name}", f"{SEAT}/{name}", view, P.EXPERT_SCORE, methods=POST, again=experts.show)
    pages.add("new_items_announced", f"{ALL}/announced", announced.index, P.PUBLIC)
    pages.add("new_item_announced", OPEN, announced.show, P.PUBLIC)
    pages.add(
        "new_item_object", f"{OPEN}/object", announced.object_to, P.OBJECTION_FILE, methods=POST, again=announced.show
    )
    api.add("new_items", ALL, announced.api_index, P.PUBLIC, returns=schemas.NewItemOut(many=True))
    _shell()


def _of_hospitals(pages: Pages) -> None:
    again = applications.show
    pages.add("new_items", ALL, applications.index, P.NEW_ITEM_READ)
    pages.add("new_item_new", f"{ALL}/new", applications.new, P.NEW_ITEM_FILE)
    pages.add(
        "new_item_create", f"{ALL}/new", applications.create, P.NEW_ITEM_FILE, methods=POST, again=applications.new
    )
    pages.add("new_item", ONE, applications.show, P.NEW_ITEM_READ)
    pages.add("new_item_file", f"{ONE}/files/<int:file_id>", applications.download, P.NEW_ITEM_READ)
    pages.add("new_item_edit", f"{ONE}/edit", applications.edit, P.NEW_ITEM_FILE)
    pages.add("new_item_save", f"{ONE}/edit", applications.save, P.NEW_ITEM_FILE, methods=POST, again=applications.edit)
    for name in ("submit", "withdraw"):
        view = getattr(applications, name)
        pages.add(f"new_item_{name}", f"{ONE}/{name}", view, P.NEW_ITEM_FILE, methods=POST, again=again)
    for name in ("price", "report"):
        view = getattr(reviewing, name)
        pages.add(f"new_item_{name}", f"{ONE}/{name}", view, P.NEW_ITEM_FILE, methods=POST, again=again)


def _of_bureaus(pages: Pages) -> None:
    again = applications.show
    for name in ("accept", "give_back", "propose", "confirm", "send_back", "experts"):
        url = f"{ONE}/{name.replace('_', '-')}"
        pages.add(f"new_item_{name}", url, getattr(reviewing, name), P.NEW_ITEM_REVIEW, methods=POST, again=again)
    for name in ("reply", "reply_back", "reply_confirm"):
        url, view = f"{ONE}/objections/<int:objection_id>/{name.replace('_', '-')}", getattr(reviewing, name)
        pages.add(f"new_item_{name}", url, view, P.NEW_ITEM_REVIEW, methods=POST)
    pages.add("new_item_rounds", f"{ALL}/rounds", applications.all_rounds, P.NEW_ITEM_READ)
    pages.add(
        "new_item_round_open", f"{ALL}/rounds", applications.open_round, P.NEW_ITEM_REVIEW, methods=POST,
        again=applications.all_rounds,
    )  # fmt: skip


def _shell() -> None:
    section = _l("Service prices")
    nav_item(
        NavItem(section, _l("New items"), "pricing.new_items", "clipboard-plus", P.NEW_ITEM_READ, announced.count, 76)
    )
    nav_item(
        NavItem(
            section, _l("New items to review"), "pricing.new_item_seats", "star", P.EXPERT_SCORE, experts.count, 77
        )
    )  # fmt: skip
    nav_item(
        NavItem(section, _l("New items announced"), "pricing.new_items_announced", "megaphone", P.PUBLIC, order=78)
    )
    home_queue(P.NEW_ITEM_READ, announced.queue, order=30)
    home_queue(P.EXPERT_SCORE, experts.queue, order=31)
    subject_link("item_application", announced.subject)
