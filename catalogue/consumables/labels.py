"""Names of the fields of consumables and their events, and refusals as sentences."""

from __future__ import annotations

from catalogue.consumables.rules.identifiers import Told
from catalogue.tags import Tag
from kernel.i18n import _l, labels
from kernel.problems import sentences

labels(
    {
        Tag.CONSUMABLES_IMPORTED: _l("Consumables imported"),
        Tag.CONSUMABLE_CATEGORIES_IMPORTED: _l("Categories of consumables imported"),
        Tag.DEVICES_READ: _l("Device identifiers read"),
        Told.LIST: _l("the list of consumables"),
        Told.AUTHORITY: _l("the drug authority"),
    }
)
sentences(
    {
        "not-a-consumable-code": _l("“%(value)s” does not have the structure of a consumable's code."),
        "not-a-consumable-code.fix": _l("C and 19 digits for a product, C and 26 digits for a model"),
        "category-not-a-code": _l("“%(value)s” is a category, not the code of a consumable."),
        "category-not-a-code.fix": _l("Import it under “Categories of consumables”"),
        "not-a-category-code": _l("“%(value)s” does not have the structure of a category's code."),
        "not-a-category-code.fix": _l("C and 9 or 10 digits"),
        "udi-wrong": _l("The check digit of the UDI-DI “%(di)s” is wrong, or it does not have 14 digits."),
        "udi-wrong.fix": _l("Several identifiers in one cell are set off by ; or a line break"),
        "udi-file-unreadable": _l("The file is not a list of devices as the drug authority publishes it (%(reason)s)."),
        "categories-only": _l(
            "All %(count)s codes stop where the category ends: these are categories, no consumables."
        ),
        "categories-only.fix": _l("Import it under “Categories of consumables”"),
    }
)
FIELDS = {
    "code": _l("Code"), "class_1": _l("First class"), "class_2": _l("Second class"),
    "class_3": _l("Third class"), "generic_name": _l("Generic name"), "material": _l("Material"),
    "feature": _l("Feature"), "certificate": _l("Certificate number"),
    "certificate_holder": _l("Certificate holder"), "certificate_until": _l("Certificate valid until"),
    "product_name": _l("Product name"),
    "company": _l("Company"), "company_code": _l("Credit code"), "models": _l("Models"),
    "udi": _l("UDI-DI"), "unit": _l("Unit"), "note": _l("Note"),
}  # fmt: skip
