"""Names of the fields of consumables and their events, and refusals as sentences."""

from __future__ import annotations

from kernel.audit.tags import Tag
from kernel.i18n import _l, labels
from kernel.problems import sentences

labels(
    {
        Tag.CONSUMABLES_IMPORTED: _l("Consumables imported"),
        Tag.CONSUMABLE_CATEGORIES_IMPORTED: _l("Categories of consumables imported"),
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
        "udi-wrong": _l("The check digit of the UDI-DI “%(value)s” is wrong, or it does not have 14 digits."),
        "categories-only": _l(
            "All %(count)s codes stop where the category ends: these are categories, no consumables."
        ),
        "categories-only.fix": _l("Import it under “Categories of consumables”"),
    }
)
FIELDS = {
    "code": _l("Consumable code"), "class_1": _l("First class"), "class_2": _l("Second class"),
    "class_3": _l("Third class"), "generic_name": _l("Generic name"), "material": _l("Material"),
    "feature": _l("Feature"), "certificate": _l("Certificate number"), "product_name": _l("Product name"),
    "company": _l("Company"), "company_code": _l("Company credit code"), "models": _l("Models"),
    "udi": _l("UDI-DI"), "unit": _l("Unit"), "note": _l("Note"),
}  # fmt: skip
