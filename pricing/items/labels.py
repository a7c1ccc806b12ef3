"""Names of service items' codes, and what refusals about them say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.items.flow import AddOnKind, ItemStandard, PriceGrade, PriceSource, Pricing
from pricing.tags import Tag

labels(
    {
        ItemStandard.NORM_2001: _l("Norm of 2001"),
        ItemStandard.GUIDELINE: _l("Guideline item"),
        ItemStandard.LOCAL: _l("Local item"),
        Pricing.GUIDED: _l("Guided by the government"),
        Pricing.TRIAL: _l("New item in trial"),
        Pricing.SPECIAL: _l("Special-need item"),
        Pricing.MARKET: _l("Priced by the market"),
        PriceGrade.THIRD: _l("Third grade"),
        PriceGrade.SECOND: _l("Second grade"),
        PriceGrade.FIRST: _l("First grade and below"),
        AddOnKind.ADD: _l("Add-on"),
        AddOnKind.REDUCE: _l("Reduction"),
        AddOnKind.EXTENSION: _l("Extension"),
        Tag.SERVICE_ITEMS_MAPPED: _l("Old items mapped to new ones"),
        Tag.SERVICE_ITEMS_PUT: _l("Service items put"),
        Tag.SERVICE_CATEGORIES_PUT: _l("Categories of service items put"),
        Tag.SERVICE_PRICES_SET: _l("Service prices set"),
        Tag.SERVICE_PRICES_ENDED: _l("Service prices ended"),
    }
)
labels(  # apart: a source and a way of pricing are both called "trial"
    {
        PriceSource.IMPORT: _l("Price table"),
        PriceSource.PLAN: _l("Adjustment plan"),
        PriceSource.FILING: _l("Filed by the hospital"),
        PriceSource.TRIAL: _l("Trial of a new item"),
    }
)
facts(
    {
        "standard": _l("Standard"), "starts_on": _l("From"), "ends_on": _l("Until"), "source": _l("Source"),
        "source_id": _l("Number of the source"),
    }
)  # fmt: skip
sentences(
    {
        "service-prices-refused": _l("%(count)s prices can't be set, so none was."),
        "service-price-bad": _l("%(price)s is not a price: from 0 to below 100000000 yuan, with at most 4 decimals."),
        "service-price-early": _l(
            "The price %(price)s holds since %(starts)s; another one has to begin after that day."
        ),
        "service-price-twice": _l("The same item, region and grade stand here twice."),
        "service-price-ends-past": _l("%(day)s is past; a price ends today or later."),
        "service-no-item": _l("There is no service item %(item)s."),
        "service-no-code": _l("No catalogue of the nation or the region has the item %(item)s."),
        "service-no-price": _l("The row names no price."),
        "service-no-region": _l("There is no region %(region)s."),
        "service-version-early": _l("A version stands since %(starts)s; another one can't begin before that day."),
        "service-other-standard": _l("The item %(item)s stands under another standard."),
        "service-maps-itself": _l("An item does not go into itself."),
        "service-bad-codes": _l("Name between 1 and %(most)s items by their codes, with commas."),
        "service-bad-cell": _l("“%(text)s” can't be read."),
    }
)
CELLS = {
    "name": _l("Name"), "unit": _l("Unit"), "pricing": _l("Who sets the price"), "category_code": _l("Category code"),
    "category_name": _l("Category"), "charge_class": _l("Class of charge"), "connotation": _l("Connotation"),
    "excluded": _l("Excluded content"), "note": _l("Note"), "output": _l("Service output"),
    "composition": _l("Price composition"), "specification": _l("Specification"), "origin": _l("Origin"),
    "technical": _l("Technical labour"), "variable": _l("Variable price"), "listed_price": _l("Price of the catalogue"),
    "adds": _l("Add-ons"), "reductions": _l("Reductions"), "extensions": _l("Extensions"),
    "exclusions": _l("Consumables charged beside it"),
}  # fmt: skip
"""Cells of a catalogue's row, as pages name them."""
