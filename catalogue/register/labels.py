"""Names of the register's fields and events, and its refusals as sentences."""

from __future__ import annotations

from catalogue.tags import Tag
from kernel.i18n import _l, labels
from kernel.problems import sentences

labels(
    {
        Tag.DRUGS_IMPORTED: _l("Drug codes imported"),
        Tag.LOCAL_PRODUCTS_IMPORTED: _l("Product list imported"),
    }
)
sentences(
    {
        "not-a-drug-code": _l("“%(value)s” does not have the structure of a drug code."),
        "not-a-drug-code.fix": _l(
            "23 characters beginning with X, or 20 beginning with Z or T; look at the code's page"
        ),
        "list-name-too-long": _l("A list's name has at most %(limit)s characters."),
    }
)
DRUG = {
    "code": _l("Drug code"), "registered_name": _l("Registered name"), "trade_name": _l("Trade name"),
    "registered_form": _l("Registered form"), "actual_form": _l("Actual form"),
    "registered_spec": _l("Registered specification"), "actual_spec": _l("Actual specification"),
    "packaging": _l("Packaging"), "pack_quantity": _l("Pack quantity"),
    "preparation_unit": _l("Preparation unit"), "packing_unit": _l("Packing unit"), "company": _l("Company"),
    "company_code": _l("Credit code"), "approval_number": _l("Approval number"),
    "standard_code": _l("Standard code"), "list_class": _l("List class"), "list_number": _l("List number"),
    "list_name": _l("List name"), "list_form": _l("List form"), "note": _l("Note"),
}  # fmt: skip
LOCAL = {
    "local_code": _l("Product code"), "name": _l("Name"), "trade_name": _l("Trade name"),
    "specification": _l("Specification"), "form": _l("Dosage form"), "maker": _l("Maker"),
    "approval_number": _l("Approval number"), "packing_unit": _l("Packing unit"),
    "pack_quantity": _l("Pack quantity"), "preparation_unit": _l("Preparation unit"),
    "drug_code": _l("National drug code"), "note": _l("Note"),
}  # fmt: skip
