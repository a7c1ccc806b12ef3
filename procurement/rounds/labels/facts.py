"""Names of review facts, and what refusals about them say."""

from __future__ import annotations

from collections.abc import Sequence

from kernel.audit.labels import facts
from kernel.i18n import _, _l, label, labels, listed
from kernel.problems import sentences
from procurement.rounds.rules.columns import Column, Item, Kind, item
from procurement.tags import Tag

labels(
    {
        Item.ANTIMICROBIAL: _l("Antimicrobial"),
        Item.APPROVAL_DATE: _l("Approval date"),
        Item.CLASS: _l("Volume class"),
        Item.CLASS_B_LINE: _l("Class B line (yuan/unit)"),
        Item.COMPONENT: _l("Component"),
        Item.FULL_SUPPLY: _l("Commits to full supply"),
        Item.GRADE: _l("Grade for the volume"),
        Item.INCUMBENT: _l("Supplies already (incumbent)"),
        Item.INTENDED_VOLUME: _l("Intended volume"),
        Item.LOWEST_PROVINCIAL_PRICE: _l("Lowest provincial price (yuan/unit)"),
        Item.MATERIAL: _l("Material"),
        Item.OWN_INGREDIENT: _l("Own active ingredient"),
        Item.QUALITY_LEVEL: _l("Quality level"),
        Item.REGIONS_COVERED: _l("Regions covered"),
        Item.REPORTED_VOLUME: _l("Reported volume"),
        Item.REQUIRED_FEATURE: _l("Has the required feature"),
        Item.SALES: _l("Sales"),
        Item.SCORE_PRICE: _l("Price score"),
        Item.SCORE_QUALITY: _l("Quality score"),
        Item.SERVICE_FEE: _l("Service fee (yuan)"),
        Item.STATEMENT: _l("Statement of reasons accepted or not"),
        Tag.ROUND_FACTS_RECORDED: _l("Review facts recorded"),
    }
)
CONTENTS = {Kind.TEXT: _l("text"), Kind.NUMBER: _l("number"), Kind.DATE: _l("date")}
WORDS = {"alloy": _l("alloy"), "stainless": _l("stainless steel")}
facts({"taken_back": _l("Taken back"), "facts": _l("Review facts"), "unchanged": _l("Unchanged")})
sentences(
    {
        "facts-missing": _l("The evaluation waits for %(count)s review facts; enter them on the page “Review facts”."),
        "fact-missing": _l("Lot %(lot)s %(variety)s, %(company)s %(specification)s: %(item)s is missing."),
        "fact-unknown-bid": _l("No bid of this lot, company and specification was opened in this round."),
        "fact-not-asked": _l("The rules of this round do not ask for %(item)s."),
        "fact-twice": _l("%(item)s of one bid stands twice."),
        "facts-changed": _l("The review facts changed after evaluation %(number)s; evaluate again first."),
        "bad-cell": _l("“%(value)s” can't be read."),
        "not-a-flag": _l("“%(value)s” is neither 1 (yes) nor 0 (no)."),
        "not-an-option": _l("“%(value)s” is none of %(options)s."),
    }
)


def named(name: str) -> str:
    """Return how people call a column; one that only a user's own rule set knows goes by its own name."""
    known = item(name)
    if isinstance(known, Item):
        return label(known)
    return str(_("Score: %(name)s", name=name.removeprefix("score_"))) if name.startswith("score_") else name


def contents(column: Column) -> str:
    """Say what goes into a column."""
    return "" if options(column) else str(CONTENTS.get(column.kind, ""))


def options(column: Column) -> list[tuple[str, str]]:
    """Return what may be chosen, with its words; nothing where the value is typed."""
    if column.kind is Kind.FLAG:
        return [("1", str(_("yes"))), ("0", str(_("no")))]
    return [(option, str(WORDS.get(option, option))) for option in column.options]


def asked_in_words(columns: Sequence[Column]) -> list[str]:
    """Say in sentences which facts a round will need after its opening, and which it reads where they are known."""
    filled = [named(column.name) for column in columns if column.filled]
    others = [named(column.name) for column in columns if not column.filled]
    found = []
    if filled:
        text = _(
            "After the opening the agency enters for every bid: %(names)s. Without them the round isn't evaluated."
        )
        found.append(str(text % {"names": listed(filled)}))
    if others:
        text = _("After the opening the agency may enter, where it is known: %(names)s.")
        found.append(str(text % {"names": listed(others)}))
    return found
