"""Names of the codes of prices across regions, and what refusals and notices about them say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.governance.comparison.flow import Doubt, Match, MatchAction, Same, WarningAction, WarningState
from pricing.tags import Tag

labels(
    {
        Same.FOUR: _l("Four-same"),
        Same.THREE: _l("Three-same (injections)"),
        Match.CODE: _l("Matched by code"),
        Match.NAME: _l("Matched by names"),
        Match.UNSURE: _l("To be settled"),
        Match.CONFIRMED: _l("Confirmed by a person"),
        Match.REFUSED: _l("Refused by a person"),
        Match.NONE: _l("Not in the catalogue"),
        MatchAction.CONFIRM: _l("It is this product"),
        MatchAction.REFUSE: _l("It is none of these"),
        Doubt.SEVERAL: _l("Several products could be meant"),
        Doubt.SPECIFICATION: _l("The specification is written in another way"),
        Doubt.FORM: _l("The form is written in another way"),
        Doubt.MAKER: _l("The maker is written in another way"),
        WarningState.OPEN: _l("Waits for the company"),
        WarningState.ANSWERED: _l("Answered by the company"),
        WarningState.ACCEPTED: _l("Answer accepted"),
        WarningState.CLEARED: _l("No longer above"),
        WarningAction.ANSWER: _l("Answer"),
        WarningAction.ACCEPT: _l("Accept the answer"),
        WarningAction.RETURN: _l("Return the answer"),
        WarningAction.CLEAR: _l("Clear"),
        Tag.OUTSIDE_PRICES_BROUGHT: _l("Prices of other regions brought in"),
        Tag.OUTSIDE_CONFIRMED: _l("Product of other regions matched"),
        Tag.OUTSIDE_REFUSED: _l("Match of a product refused"),
        Tag.GAPS_BUILT: _l("Gap tables built"),
        Tag.LINKAGE_ANSWERED: _l("Warning of linkage answered"),
        Tag.LINKAGE_ACCEPTED: _l("Answer to a warning accepted"),
        Tag.LINKAGE_RETURNED: _l("Answer to a warning returned"),
    }
)
facts({"gaps": _l("Gaps"), "cleared": _l("Warnings cleared"), "linkage_warning": _l("Warning of linkage")})
sentences(
    {
        "outside-names-needed": _l(
            "Without a product code, generic name, maker, form and specification are all needed."
        ),
        "outside-own-region": _l(
            "Region %(region)s keeps its own listings on this platform; its prices are taken from there."
        ),
        "outside-twice": _l("The same product, region, kind and day stands in row %(row)s already."),
        "outside-bad-pack": _l("The pack count is a whole number above zero."),
        "outside-no-price": _l("Give the unit price or the pack price."),
        "outside-prices-differ": _l("Unit price and pack price (%(pack_price)s) say different things."),
        "bad-span": _l("“%(value)s” is no span; write for example “30 days” or “1 month”."),
        "linkage-not-above": _l("The price is no longer above the lowest provincial price."),
        "linkage-warned": _l(
            "On %(day)s listed prices of yours were above the lowest valid provincial price. Answer or cut in time."
        ),
        "linkage-overdue": _l("On %(day)s warnings of linkage were past their last day without an answer."),
        "linkage-accepted": _l("Your answer to a warning of linkage was accepted."),
        "linkage-returned": _l("Your answer to a warning of linkage was returned; the last day stays."),
    }
)
