"""Names of the drug catalogue's codes, and its refusals as sentences."""

from __future__ import annotations

from catalogue.drugs.rules.codes import Part, VarietyKind, VolumeClass
from catalogue.drugs.rules.forms import Form, FormKind
from catalogue.drugs.rules.ratios import Basis
from catalogue.tags import Tag
from kernel.i18n import _l, labels
from kernel.problems import sentences

labels(
    {
        FormKind.ORAL_SOLID: _l("Oral solid"),
        FormKind.INJECTION: _l("Injection"),
        FormKind.OTHER: _l("Other form"),
        VarietyKind.DRUG: _l("Drug"),
        VarietyKind.CONSUMABLE: _l("Consumable"),
        Part.PRODUCT: _l("Product"),
        Part.COMPONENT: _l("Component of the system"),
        Part.SERVICE: _l("Accompanying service"),
        VolumeClass.GENERAL: _l("General"),
        VolumeClass.B: _l("Class B"),
        VolumeClass.C: _l("Class C"),
        Basis.CONTENT: _l("Content"),
        Basis.FILL: _l("Fill"),
        Tag.VARIETY_CREATED: _l("Variety added"),
        Tag.VARIETY_CHANGED: _l("Variety changed"),
        Tag.SPECIFICATION_ADDED: _l("Specification added"),
        Tag.SPECIFICATION_CHANGED: _l("Specification changed"),
        Tag.PRODUCT_CREATED: _l("Product added"),
        Tag.PRODUCTS_CREATED: _l("Products added together"),
        Tag.PRODUCT_CHANGED: _l("Product changed"),
        Tag.ORGANISATIONS_CREATED: _l("Organisations entered together"),
        Tag.RELATED_GROUP_CREATED: _l("Group of related companies opened"),
        Tag.RELATED_GROUP_CHANGED: _l("Group of related companies changed"),
    }
)
labels(
    {
        Form.TABLET: _l("Ordinary tablet"),
        Form.SUGAR_COATED_TABLET: _l("Sugar coated tablet"),
        Form.FILM_COATED_TABLET: _l("Film coated tablet"),
        Form.CHEWABLE_TABLET: _l("Chewable tablet"),
        Form.LOZENGE: _l("Lozenge"),
        Form.SOLUBLE_TABLET: _l("Soluble tablet"),
        Form.ENTERIC_TABLET: _l("Enteric tablet"),
        Form.DISPERSIBLE_TABLET: _l("Dispersible tablet"),
        Form.EFFERVESCENT_TABLET: _l("Effervescent tablet"),
        Form.ORODISPERSIBLE_TABLET: _l("Orodispersible tablet"),
        Form.SUBLINGUAL_TABLET: _l("Sublingual tablet"),
        Form.SUSTAINED_RELEASE_TABLET: _l("Sustained release tablet"),
        Form.CONTROLLED_RELEASE_TABLET: _l("Controlled release tablet"),
        Form.HARD_CAPSULE: _l("Hard capsule"),
        Form.ENTERIC_CAPSULE: _l("Enteric capsule"),
        Form.SOFT_CAPSULE: _l("Soft capsule"),
        Form.SUSTAINED_RELEASE_CAPSULE: _l("Sustained release capsule"),
        Form.CONTROLLED_RELEASE_CAPSULE: _l("Controlled release capsule"),
        Form.PILL: _l("Pill"),
        Form.DRIPPING_PILL: _l("Dripping pill"),
        Form.GRANULES: _l("Granules"),
        Form.DRY_SUSPENSION: _l("Dry suspension"),
        Form.POWDER: _l("Powder"),
        Form.ORAL_SOLUTION: _l("Oral solution"),
        Form.ORAL_SUSPENSION: _l("Oral suspension"),
        Form.SYRUP: _l("Syrup"),
        Form.MIXTURE: _l("Mixture"),
        Form.SMALL_VOLUME_INJECTION: _l("Small volume injection"),
        Form.POWDER_INJECTION: _l("Powder injection"),
        Form.LYOPHILISED_INJECTION: _l("Lyophilised injection"),
        Form.SOLVENT_CRYSTAL_INJECTION: _l("Solvent crystal injection"),
        Form.LARGE_VOLUME_INJECTION: _l("Large volume injection"),
        Form.CREAM: _l("Cream"),
        Form.OINTMENT: _l("Ointment"),
        Form.GEL: _l("Gel"),
        Form.LINIMENT: _l("Liniment"),
        Form.LOTION: _l("Lotion"),
        Form.TINCTURE: _l("Tincture"),
        Form.TOPICAL_SOLUTION: _l("Topical solution"),
        Form.PATCH: _l("Patch"),
        Form.EYE_DROPS: _l("Eye drops"),
        Form.EYE_OINTMENT: _l("Eye ointment"),
        Form.EAR_DROPS: _l("Ear drops"),
        Form.NASAL_DROPS: _l("Nasal drops"),
        Form.NASAL_SPRAY: _l("Nasal spray"),
        Form.SPRAY: _l("Spray"),
        Form.AEROSOL: _l("Aerosol"),
        Form.INHALATION_SOLUTION: _l("Inhalation solution"),
        Form.INHALATION_POWDER: _l("Inhalation powder"),
        Form.SUPPOSITORY: _l("Suppository"),
        Form.DEVICE: _l("No dosage form"),
    }
)
sentences(
    {
        "unknown-form": _l("“%(form)s” is not a known dosage form."),
        "unreadable-measure": _l("“%(text)s” is not a positive amount such as 100mg, 0.25g or 5万IU."),
        "incomparable-strength": _l(
            "%(target)s can't be compared with the reference %(reference)s: state both factors."
        ),
        "unreadable-specification": _l(
            "The specification “%(text)s” can't be read at “%(part)s”. Write it like 0.25g*24片 or 10ml:0.1g, "
            "or state both factors."
        ),
        "bad-factors": _l("Price and volume factor go together and lie between 0.000001 and 1000000."),
        "bad-approval-number": _l("“%(number)s” is not an approval number such as 国药准字H20045678."),
        "bad-certificate": _l(
            "“%(number)s” is not a certificate number such as 国械注准20203130001 or 沪械备20160012."
        ),
        "bad-consumable-code": _l("“%(number)s” is not a consumable's code: C and 19 digits, of a model C and 26."),
        "bad-category": _l("“%(category)s” is not a category's code: C and 9 or 10 digits."),
        "not-this-kind": _l("“%(text)s” does not fit %(variety)s: drugs have dosage forms, consumables have parts."),
        "parts-mixed": _l(
            "%(variety)s is either one system of components, or products of their own; “%(text)s” mixes both."
        ),
        "service-out-of-place": _l(
            "“%(text)s” can't be added: a consumable has one service at most, and it never stands for the lot."
        ),
        "service-without-products": _l("“%(text)s” is a service: companies file no products of it."),
        "bad-standard-code": _l("“%(standard_code)s” is not a standard code of 14 digits beginning with 86."),
        "credit-code-taken": _l("The credit code %(credit_code)s belongs to %(name)s already."),
        "bad-pack": _l("A pack holds between 1 and 1000000 units, not %(pack)s."),
        "variety-exists": _l("%(name)s exists already as variety %(code)s."),
        "variety-code-taken": _l("The variety number %(code)s is taken."),
        "form-group-kind": _l("The form group %(name)s is already kept as %(kind)s."),
        "specification-exists": _l("The variety already has the specification %(text)s (%(form)s)."),
        "product-exists": _l("%(number)s with %(text)s in packs of %(pack)s exists already."),
        "unknown-region": _l("No region has the code %(region)s."),
        "empty-period": _l("The end must be after the beginning (%(since)s to %(until)s)."),
        "related-group-exists": _l("There is already a group called %(name)s."),
        "already-related": _l("%(company)s is in %(group)s already in that time."),
        "field-missing": _l("Fill in “%(field)s”."),
        "unknown-choice": _l("“%(value)s” is not one of the choices."),
        "company-unknown": _l("No company in the catalogue has the credit code %(credit_code)s."),
        "variety-unknown": _l("No variety has the number %(variety)s."),
        "specification-unknown": _l("The variety %(variety)s has no specification %(text)s of that form."),
        "specification-in-several-forms": _l("The variety %(variety)s has %(text)s in several forms: name the form."),
        "product-of-another": _l("%(number)s is already kept as a product of %(company)s."),
        "variety-rows-differ": _l("Differs from row %(first)s of the same variety %(variety)s."),
        "two-references": _l("The variety %(variety)s has another reference specification in this file."),
        "variety-name-fixed": _l("The variety %(variety)s is kept as “%(kept)s”, which an import does not change."),
        "variety-name-taken": _l("That name, form group and strength group is variety %(variety)s already."),
        "bad-number": _l("“%(number)s” is not a plain number."),
        "text-too-long": _l("At most %(most)s characters."),
    }
)

FIELDS = {
    "variety": {
        "code": _l("Variety number"), "generic_name": _l("Generic name"), "english": _l("English name"),
        "form_group": _l("Form group"), "form_kind": _l("Kind of form"), "strength_group": _l("Strength group"),
        "volume_class": _l("Volume class"), "name": _l("Name of the consumable"), "category": _l("Category code"),
        "group": _l("Group within the name"),
    },
    "specification": {
        "text": _l("Specification"), "form": _l("Dosage form"), "is_reference": _l("Reference specification"),
        "price_factor": _l("Price factor"), "volume_factor": _l("Volume factor"),
        "kind_text": _l("Product or component"), "unit": _l("Unit"), "part": _l("What it is"),
    },
    "product": {
        "company_id": _l("Company"), "specification_id": _l("Variety and specification"),
        "registered_name": _l("Registered name"), "trade_name": _l("Trade name"),
        "approval_number": _l("Approval number"), "standard_code": _l("Standard code"), "pack": _l("Pack count"),
        "certificate": _l("Certificate number"), "either": _l("Approval or certificate number"),
        "consumable_code": _l("Code of the consumable"), "either_code": _l("Standard code or consumable's code"),
        "packing": _l("Packing"), "is_reference_preparation": _l("Reference preparation"),
        "active": _l("On the market"),
    },
    "organisation": {
        "name": _l("Full name"), "code": _l("Unified social credit code"), "short_name": _l("Short name"),
        "region_code": _l("Region"), "grade": _l("Grade"), "ownership": _l("Ownership"), "address": _l("Address"),
        "legal_person": _l("Legal representative"), "contact": _l("Contact person"), "phone": _l("Telephone"),
    },
}  # fmt: skip
"""What the fields of the forms are called, also in the refusal of an empty one."""
