"""Names of the codes of list editions, and their refusals as sentences."""

from __future__ import annotations

from catalogue.editions.flow import EditionAction, EditionState, MatchAction, MatchState
from catalogue.editions.rules.comparison import ChangeKind
from catalogue.editions.rules.matching import Reason
from catalogue.editions.rules.parts import Grade, Part
from catalogue.tags import Tag
from kernel.i18n import _l, labels
from kernel.problems import sentences

labels(
    {
        EditionState.DRAFT: _l("Draft"),
        EditionState.ISSUED: _l("Issued"),
        EditionState.SUPERSEDED: _l("Superseded"),
        EditionAction.ISSUE: _l("Issue"),
        EditionAction.SUPERSEDE: _l("Supersede"),
        MatchState.CERTAIN: _l("Certain"),
        MatchState.OPEN: _l("To be decided"),
        MatchState.CONFIRMED: _l("Confirmed"),
        MatchState.REJECTED: _l("Not this entry"),
        MatchAction.CONFIRM: _l("Confirm"),
        MatchAction.REJECT: _l("Not this entry"),
        Part.WESTERN: _l("Western"),
        Part.TRADITIONAL: _l("Traditional"),
        Part.NEGOTIATED_WESTERN: _l("Negotiated western"),
        Part.NEGOTIATED_TRADITIONAL: _l("Negotiated traditional"),
        Part.PRICE_BID: _l("Price-bid"),
        Part.DECOCTION: _l("Decoction pieces"),
        Grade.A: _l("List class A"),
        Grade.B: _l("List class B"),
        ChangeKind.ADDED: _l("Came in"),
        ChangeKind.REMOVED: _l("Went out"),
        ChangeKind.PART: _l("Other part"),
        ChangeKind.GRADE: _l("Class A/B"),
        ChangeKind.STANDARD: _l("Payment standard"),
        ChangeKind.AGREEMENT: _l("Agreement period"),
        ChangeKind.RESTRICTION: _l("Restriction"),
        ChangeKind.CLASS: _l("Other class"),
        ChangeKind.FORM: _l("Form in the list"),
        ChangeKind.NAME: _l("Name in the list"),
        Reason.SAME_NAME: _l("same name"),
        Reason.SAME_PREPARATION: _l("same preparation"),
        Reason.SAME_SUBSTANCE: _l("same substance, other salt or wording"),
        Reason.FORM_COVERED: _l("form covered"),
        Reason.FORM_UNNAMED: _l("the list names no form"),
        Reason.FORM_OTHER: _l("other form"),
        Reason.CODE_FITS: _l("list code lies in the class"),
        Reason.CODE_OTHER: _l("list code lies in another class"),
        Tag.EDITION_CREATED: _l("Edition begun"),
        Tag.EDITION_CHANGED: _l("Edition changed"),
        Tag.EDITION_FILLED: _l("Workbook read into the edition"),
        Tag.EDITION_CLEARED: _l("Edition emptied"),
        Tag.EDITION_ISSUED: _l("Edition issued"),
        Tag.EDITION_SUPERSEDED: _l("Edition superseded"),
        Tag.LIST_PRODUCTS_MATCHED: _l("Products matched to the edition"),
        Tag.LIST_MATCH_DECIDED: _l("Match of a product decided"),
    }
)
sentences(
    {
        "edition-missing": _l("Say which edition: come from an edition's page, or give --edition on the command line."),
        "bad-edition-code": _l("“%(edition)s” is not the code of an edition: it begins with its year, such as 2024."),
        "edition-exists": _l("There is already an edition %(edition)s."),
        "edition-fixed": _l("Edition %(edition)s has been issued; nothing in it changes any more."),
        "edition-empty": _l("Edition %(edition)s holds no entry yet."),
        "edition-second-person": _l("Somebody has to issue it who neither made nor filled it, so not %(name)s."),
        "edition-not-later": _l("Edition %(other)s begins on %(day)s, not before %(edition)s: correct the first day."),
        "list-headers-missing": _l("Sheet “%(sheet)s” is a part of the list, but no row has the headers %(columns)s."),
        "class-code-unreadable": _l("“%(value)s” is not a class code such as XA02B."),
        "class-code-unreadable.fix": _l("X or Z, a letter, then two digits and up to two letters"),
        "class-named-twice": _l("%(class_code)s stands in this part already, as “%(name)s”."),
        "class-without-parent": _l("No class above %(class_code)s stands in this part."),
        "class-without-parent.fix": _l("Add the row of the class above it"),
        "entry-without-number": _l("The entry has no number."),
        "entry-number-unreadable": _l("“%(value)s” is neither a number nor a repeat such as ★(8)."),
        "entry-number-twice": _l("Number %(number)s stands in this part already, in row %(first)s."),
        "entry-number-twice.fix": _l("Write ★(number) where it repeats the entry"),
        "repeat-of-unknown": _l("It repeats number %(number)s, which this part does not have."),
        "entry-without-name": _l("The entry has no name."),
        "entry-without-class": _l("The entry stands under no class of this part."),
        "entry-without-grade": _l("It is said neither 甲 nor 乙."),
        "agreed-without": _l("An entry of this part has a payment standard and its period."),
        "agreement-unreadable": _l("“%(value)s” is not a period such as 2024年1月1日至2025年12月31日."),
        "edition-row-fixed": _l("The edition has been issued and says otherwise."),
        "edition-row-fixed.fix": _l("Begin a new edition"),
        "standard-unread": _l("The payment standard could not be read as prices; it is kept as text."),
    }
)  # fmt: skip

FIELDS = {"code": _l("Edition code"), "title": _l("Title of the edition"), "valid_from": _l("In force from")}
