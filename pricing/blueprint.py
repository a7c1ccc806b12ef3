"""The map of the package."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, nav_item
from pricing.ratio import api as ratio_api
from pricing.ratio import views as ratio

pages = Pages("pricing", "pricing")
api = Api("pricing")

pages.add("calculator", "/calculator", ratio.calculator, P.PUBLIC)
api.add(
    "convert", "/convert", ratio_api.convert, P.PUBLIC, query=ratio_api.ConversionQuery, returns=ratio_api.ConversionOut
)

nav_item(NavItem(_l("Pricing"), _l("Ratio calculator"), "pricing.calculator", "calculator", P.PUBLIC, order=70))
