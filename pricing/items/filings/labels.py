"""Names of filings' codes, and what refusals and notices about them say."""

from __future__ import annotations

from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.items.filings.flow import FilingAction, FilingState
from pricing.tags import Tag

labels(
    {
        FilingState.FILED: _l("Filing waits for the bureau"),
        FilingState.ACCEPTED: _l("Filing accepted and published"),
        FilingState.RETURNED: _l("Filing returned"),
        FilingState.WITHDRAWN: _l("Filing taken back"),
        FilingAction.ACCEPT: _l("Accept the filing"),
        FilingAction.RETURN: _l("Return the filing"),
        FilingAction.WITHDRAW: _l("Take the filing back"),
        Tag.SERVICE_PRICE_FILED: _l("Own price filed by a hospital"),
        Tag.SERVICE_FILING_ACCEPTED: _l("Filed price accepted and published"),
        Tag.SERVICE_FILING_RETURNED: _l("Filed price returned"),
        Tag.SERVICE_FILING_WITHDRAWN: _l("Filed price taken back"),
    }
)
sentences(
    {
        "service-not-own": _l("The price of “%(item)s” is guided by the government; hospitals do not set it."),
        "service-on-trial": _l("The price of “%(item)s” is filed with the application that brought it."),
        "service-bad-own-price": _l("%(value)s is not a price: above 0 yuan, with at most 2 decimals."),
        "service-too-soon": _l("The price may hold from %(day)s on at the earliest."),
        "service-no-day": _l("State the day from which the price holds."),
        "service-no-reason": _l("State the reason in at most %(most)s characters."),
        "service-filing-waits": _l("A filing of the item waits for a decision already."),
        "service-share-over": _l(
            "In %(year)s the hospital priced %(share)s of its services by the market; at most %(cap)s may be."
        ),
        "service-filing-accepted": _l(
            "Your price %(price)s yuan of “%(item)s” is published; it holds from %(day)s on."
        ),
        "service-filing-returned": _l("Your price %(price)s yuan of “%(item)s” is returned; the reason stands there."),
    }
)
