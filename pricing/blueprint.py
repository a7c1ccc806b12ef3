"""The map of the package."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, nav_item
from pricing.adjustments import blueprint as adjustments
from pricing.applications import blueprint as applications
from pricing.credit import blueprint as credit
from pricing.credit.national import blueprint as national_ratings
from pricing.credit.ratings import blueprint as credit_ratings
from pricing.credit.violations import blueprint as violations
from pricing.governance import blueprint as governance
from pricing.items import blueprint as items
from pricing.items.applications import blueprint as new_items
from pricing.listings import blueprint as listings
from pricing.monitoring import blueprint as monitoring
from pricing.ratio import api as ratio_api
from pricing.ratio import views as ratio
from pricing.standards import api as standard_api
from pricing.standards import views as standards
from pricing.triggers import blueprint as triggers

pages = Pages("pricing", "pricing")
api = Api("pricing")

pages.add("calculator", "/calculator", ratio.calculator, P.PUBLIC)
api.add(
    "convert", "/convert", ratio_api.convert, P.PUBLIC, query=ratio_api.ConversionQuery, returns=ratio_api.ConversionOut
)
pages.add("standard", "/standard", standards.calculator, P.PUBLIC)
api.add(
    "standard", "/standard", standard_api.derive, P.PUBLIC, query=standard_api.StandardQuery,
    returns=standard_api.StandardOut,
)  # fmt: skip
items.mount(pages, api)
listings.mount(pages, api)
credit.mount(pages)
credit_ratings.mount(pages, api)
national_ratings.mount(pages)
violations.mount(pages)
triggers.mount(pages)
new_items.mount(pages, api)
governance.mount(pages, api)
applications.mount(pages)
adjustments.mount(pages)
monitoring.mount(pages, api)

nav_item(NavItem(_l("Pricing"), _l("Ratio calculator"), "pricing.calculator", "calculator", P.PUBLIC, order=70))
nav_item(NavItem(_l("Pricing"), _l("Payment standards"), "pricing.standard", "cash-coin", P.PUBLIC, order=71))
