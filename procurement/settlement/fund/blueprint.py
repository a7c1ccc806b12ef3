"""The map of fund accounts, and what they add to the shell."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, nav_item
from procurement.settlement.claims import schemas
from procurement.settlement.fund import api as calls
from procurement.settlement.fund import exports, labels, views

assert labels and exports  # importing them registers sentences and workbooks
READ, PAY, POST = P.FUND_READ, P.FUND_PAY, ("POST",)
HERE = "/settlement/fund"


def mount(pages: Pages, api: Api) -> None:
    """Add the sub-area's rows to the package's tables and its line to the side bar."""
    pages.add("settlement_fund", HERE, views.index, READ)
    pages.add("settlement_account", f"{HERE}/<int:hospital_id>", views.show, READ)
    pages.add("settlement_entry_undo", f"{HERE}/<int:hospital_id>/take-back", views.take_back, PAY, methods=POST,
              again=views.show)  # fmt: skip
    pages.add("settlement_due_form", f"{HERE}/due", views.due_form, PAY)
    pages.add("settlement_due_say", f"{HERE}/due", views.due, PAY, methods=POST, again=views.due_form)
    pages.add("settlement_prepay_form", f"{HERE}/prepayment", views.prepay_form, PAY)
    pages.add("settlement_prepay", f"{HERE}/prepayment", views.prepay, PAY, methods=POST, again=views.prepay_form)
    pages.add("settlement_offset", f"{HERE}/set-off", views.offset, PAY, methods=POST, again=views.index)
    api.add("fund_account", "/fund-accounts/<int:hospital_id>", calls.show, READ, returns=schemas.FundAccountOut)
    nav_item(
        NavItem(_l("Settlement"), _l("Fund accounts"), "procurement.settlement_fund", "piggy-bank", READ, order=56)
    )
