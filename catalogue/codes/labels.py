"""Names of kinds and parts of codes, what is wrong with one in sentences, and the working of a check character."""

from __future__ import annotations

from catalogue.codes.rules.cleaning import Note
from catalogue.codes.rules.kinds import CodeKind, Expected, PartName, Standing
from catalogue.codes.rules.meanings import Meaning
from kernel.i18n import _l, labels
from kernel.problems import sentences

labels(
    {
        CodeKind.WESTERN: _l("Western drug code"),
        CodeKind.PATENT: _l("Traditional patent medicine code"),
        CodeKind.GRANULES: _l("Formula granule code"),
        CodeKind.CONSUMABLE: _l("Consumable code"),
        CodeKind.CONSUMABLE_MODEL: _l("Consumable code with model"),
        CodeKind.STANDARD: _l("Standard drug code"),
        CodeKind.UDI: _l("Device identifier (UDI-DI)"),
        CodeKind.CREDIT: _l("Unified social credit code"),
        PartName.TYPE: _l("Type of code"),
        PartName.CLASS: _l("Class code"),
        PartName.NAME: _l("Name code"),
        PartName.FORM: _l("Dosage form"),
        PartName.SPECIFICATION: _l("Specification"),
        PartName.PACK: _l("Packing code"),
        PartName.PRESENTATION: _l("Specification and packing"),
        PartName.COMPANY: _l("Company"),
        PartName.UNSPLIT: _l("Not split"),
        PartName.FIELD: _l("Field or kind"),
        PartName.USE: _l("Intended use"),
        PartName.SITE: _l("Site, function or item"),
        PartName.GENERIC_NAME: _l("Generic name"),
        PartName.FEATURE: _l("Product feature"),
        PartName.SERIAL: _l("Serial number of the model"),
        PartName.COUNTRY: _l("Country code"),
        PartName.CATEGORY: _l("Category digit"),
        PartName.PRODUCT: _l("Product number"),
        PartName.INDICATOR: _l("Packaging indicator"),
        PartName.ITEM: _l("Company prefix and item"),
        PartName.AUTHORITY: _l("Registering authority"),
        PartName.ORGANISATION_TYPE: _l("Type of organisation"),
        PartName.REGION: _l("Region"),
        PartName.ORGANISATION: _l("Organisation"),
        PartName.CHECK: _l("Check character"),
        PartName.SURPLUS: _l("Too much"),
        PartName.WHOLE: _l("Whole code"),
    }
)
labels(
    {
        Expected.DIGIT: _l("a digit 0–9"),
        Expected.LETTER: _l("a letter A–Z"),
        Expected.LETTER_OR_DIGIT: _l("a letter or a digit"),
        Expected.AUTHORITY: _l("one of 1–9, A, N, Y"),
        Expected.CREDIT_CHARACTER: _l("a digit or a letter other than I, O, S, V, Z"),
        Standing.FOUND: _l("Layout from a public document"),
        Standing.RECALLED: _l("Length from a public document, split into parts recalled"),
        Note.FULL_WIDTH: _l("Full-width characters were read as ordinary ones."),
        Note.SEPARATORS: _l("Spaces and hyphens were taken out; positions count without them."),
        Note.LOWER_CASE: _l("Small letters were read as capitals."),
        Note.IDENTIFIER: _l("Only the device identifier after (01) was read."),
        Meaning.WESTERN: _l("Western drug"),
        Meaning.PATENT: _l("Traditional patent medicine"),
        Meaning.GRANULES: _l("Formula granules"),
        Meaning.CONSUMABLE: _l("Medical consumable"),
        Meaning.CHINA: _l("Produced or sold in China"),
        Meaning.DRUG: _l("Drugs"),
        Meaning.BASE_UNIT: _l("The item itself"),
        Meaning.PACKAGING_LEVEL: _l("A packaging level around the item"),
        Meaning.VARIABLE_MEASURE: _l("An item of variable measure"),
        Meaning.STAFFING_AUTHORITY: _l("Public-sector staffing authority"),
        Meaning.CIVIL_AFFAIRS: _l("Civil affairs"),
        Meaning.MARKET_AUTHORITY: _l("Market regulation"),
        Meaning.STATE_ORGAN: _l("State organ"),
        Meaning.PUBLIC_INSTITUTION: _l("Public institution"),
        Meaning.SOCIAL_GROUP: _l("Social group"),
        Meaning.PRIVATE_NON_ENTERPRISE: _l("Private non-enterprise unit"),
        Meaning.FOUNDATION: _l("Foundation"),
        Meaning.ENTERPRISE: _l("Enterprise"),
        Meaning.SOLE_TRADER: _l("Sole trader"),
        Meaning.COOPERATIVE: _l("Farmers' cooperative"),
    }
)
sentences(
    {
        "wrong-code": _l("“%(text)s” is not correct (%(kind)s). Characters to look at: %(positions)s."),
        "wrong-character": _l("Character %(position)s is “%(found)s”; expected: %(expected)s."),
        "lookalike-character": _l(
            "Character %(position)s is “%(found)s”; expected: %(expected)s. Perhaps “%(suggestion)s” was meant."
        ),
        "code-too-short": _l(
            "The code has %(length)s characters instead of %(wanted)s: %(missing)s missing, at the end or in between."
        ),
        "code-too-long": _l(
            "The code has %(length)s characters instead of %(wanted)s: “%(found)s” from character %(position)s on is "
            "too much."
        ),
        "code-of-13-digits": _l(
            "13 digits are the number of a trade item. With a 0 in front it becomes a device identifier of 14 digits."
        ),
        "code-of-category": _l(
            "These %(length)s characters name a category of consumables. The code of a product has %(wanted)s, "
            "with feature and company."
        ),
        "wrong-check-character": _l(
            "The check character (%(position)s) is “%(found)s”, but the others give “%(expected)s”: at least one "
            "character is mistyped."
        ),
        "rounded-number": _l(
            "The check character (%(position)s) is “%(found)s”, but the others give “%(expected)s”. Excel keeps 15 "
            "digits of a number and fills up with zeros: format the column as text and enter the whole code again."
        ),
        "shortened-number": _l(
            "“%(value)s” is a long number that Excel has shortened; its last digits are lost. Format the column as "
            "text and enter the whole code again from its source."
        ),
        "unknown-code": _l("This looks like none of the codes that are explained here."),
    }
)
TERM = "code-check.term"
STEPS = {
    "code-check.sum": _l("Sum of the products"),
    "code-check.remainder": _l("Remainder"),
    "code-check.complement": _l("Up to the next multiple"),
    "code-check.character": _l("Check character"),
}
