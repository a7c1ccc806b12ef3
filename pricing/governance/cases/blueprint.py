"""The map of cases."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, home_queue, nav_item, subject_link
from pricing.governance.cases import exports, jobs, labels, schemas
from pricing.governance.cases.views import cases, exposures, steps

assert exports and jobs and labels  # importing them registers names, sentences, workbooks and the job

POST, ALL, ONE = ("POST",), "/cases", "/cases/<int:case_id>"
OFFICERS = {
    "move": steps.move, "call": steps.call_, "hold": steps.hold, "sign": steps.sign, "attach": steps.attach,
    "propose": steps.propose, "confirm": steps.confirm, "return": steps.give_back, "lift": steps.lift,
}  # fmt: skip
COMPANIES = {"answer": steps.answer, "sign_own": steps.sign_own, "commit": steps.commit, "cut": steps.cut}


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's tables, its lines to the side bar, its queue to the first pages."""
    pages.add("cases", ALL, cases.index, P.CASE_READ)
    pages.add("case_new", f"{ALL}/new", cases.new, P.CASE_WRITE)
    pages.add("case_create", f"{ALL}/new", cases.create, P.CASE_WRITE, methods=POST, again=cases.new)
    pages.add("case", ONE, cases.show, P.CASE_READ)
    pages.add("case_file", f"{ONE}/files/<int:file_id>", cases.file, P.CASE_READ)
    pages.add("case_letter", f"{ONE}/letters/<int:step_id>", cases.letter, P.CASE_READ)
    for needs, acts in ((P.CASE_WRITE, OFFICERS), (P.CASE_ANSWER, COMPANIES)):
        for name, view in acts.items():
            url = f"{ONE}/{name.replace('_', '-')}"
            pages.add(f"case_{name}", url, steps.fresh(view), needs, methods=POST, again=cases.show)
    pages.add("exposures", "/exposures", exposures.index, P.PUBLIC)
    api.add("exposures", "/exposures", exposures.api_index, P.PUBLIC, returns=schemas.ExposureOut(many=True))
    _shell()


def _shell() -> None:
    section = _l("Pricing")
    nav_item(
        NavItem(section, _l("Price cases"), "pricing.cases", "chat-square-text", P.CASE_READ, cases.waiting, order=68)
    )
    nav_item(NavItem(section, _l("Public exposures"), "pricing.exposures", "megaphone", P.PUBLIC, order=69))
    home_queue(P.CASE_READ, cases.queue, order=22)
    subject_link("price_case", cases.subject)
