"""The map of statements."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, nav_item
from procurement.settlement.statements import api as calls
from procurement.settlement.statements import exports, labels, schemas, views

READ = P.INVOICE_READ
PAIR = "/<int:hospital_id>/<int:seller_id>"
assert labels and exports  # importing them registers names and workbooks


def mount(pages: Pages, api: Api) -> None:
    """Add the rows to the package's tables and the line to the side bar."""
    pages.add("settlement_statements", "/settlement/statements", views.index, READ)
    pages.add("settlement_statement", f"/settlement/statements{PAIR}", views.show, READ)
    lines = schemas.StatementLineOut(many=True)
    api.add("statements", "/statements", calls.index, READ, query=schemas.StatementsQuery, returns=lines)
    api.add(
        "statement", f"/statements{PAIR}", calls.show, READ, query=schemas.PeriodQuery, returns=schemas.StatementOut
    )  # fmt: skip
    section, title = _l("Settlement"), _l("Statements of account")
    nav_item(NavItem(section, title, "procurement.settlement_statements", "journal-text", READ, order=54))
