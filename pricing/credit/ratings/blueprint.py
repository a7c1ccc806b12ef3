"""The map of ratings."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, home_queue, nav_item, subject_link
from pricing.credit.ratings import api as calls
from pricing.credit.ratings import exports, labels
from pricing.credit.ratings.queries import waiting
from pricing.credit.ratings.schemas import PublishedOut, RegisterQuery
from pricing.credit.ratings.views import acts, home, ratings

assert labels and exports  # importing them registers names, sentences and workbooks

READ, RATE, SIGN, POST = P.CREDIT_READ, P.CREDIT_RATE, P.CREDIT_SIGN, ("POST",)
CASE, ONE = "/credit/cases/<int:case_id>", "/credit/ratings/<int:rating_id>"


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's tables, and its lines to the side bar."""
    pages.add("credit_case", CASE, ratings.case, RATE)
    pages.add("credit_propose", f"{CASE}/propose", acts.propose, RATE, methods=POST, again=ratings.case)
    pages.add("credit_ratings", "/credit/ratings", ratings.index, READ)
    pages.add("credit_rating", ONE, ratings.show, READ)
    for name, view, permission in (
        ("notice", acts.give_notice, RATE), ("collect", acts.collect, SIGN), ("defend", acts.defend, SIGN),
        ("suggest", acts.suggest, RATE), ("return", acts.send_back, RATE), ("decide", acts.decide, RATE),
        ("clear", acts.clear, RATE),
    ):  # fmt: skip
        pages.add(f"credit_{name}", f"{ONE}/{name}", view, permission, methods=POST, again=ratings.show)
    for name, review, permission in (("submit", acts.submit, SIGN), ("review", acts.review, RATE)):
        url = f"{ONE}/corrections/<int:number>/{name}"
        pages.add(f"credit_correction_{name}", url, review, permission, methods=POST, again=ratings.show_again)
    pages.add("credit_file", f"{ONE}/files/<int:file_id>", acts.file, READ)
    pages.add("credit_register", "/credit/register", ratings.register, P.PUBLIC)
    api.add(
        "credit_register", "/credit/ratings", calls.register, P.PUBLIC, query=RegisterQuery,
        returns=PublishedOut(many=True),
    )  # fmt: skip
    section = _l("Credit")
    line = NavItem(section, _l("Credit ratings"), "pricing.credit_ratings", "award", READ, waiting.waiting, 78)
    nav_item(line)
    nav_item(
        NavItem(
            section, _l("Register of credit ratings"), "pricing.credit_register", "journal-text", P.PUBLIC, order=79
        )
    )
    home_queue(READ, home.queue, order=9)
    subject_link("credit_rating", ratings.subject)
