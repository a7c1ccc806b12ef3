"""Names of applications' codes, and what refusals and notices about them say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.applications.flow import ApplicationAction, ApplicationState, Back, Check, Purpose
from pricing.applications.rules import KEPT, LINKED, RATIO
from pricing.tags import Tag

labels(
    {
        Purpose.LIST: _l("List a product"),
        Purpose.PRICE: _l("Change the price"),
        Purpose.DELIST: _l("Delist of one's own will"),
        ApplicationState.SUBMITTED: _l("Waits for the first reviewer"),
        ApplicationState.CHECKED: _l("Waits for the second reviewer"),
        ApplicationState.APPROVED: _l("Application approved"),
        ApplicationState.RETURNED: _l("Returned to the company"),
        ApplicationState.WITHDRAWN: _l("Withdrawn by the company"),
        ApplicationAction.CHECK: _l("Pass the first review"),
        ApplicationAction.APPROVE: _l("Approve the application"),
        ApplicationAction.RETURN: _l("Return to the company"),
        ApplicationAction.NOTE: _l("Save an opinion"),
        ApplicationAction.SUBMIT: _l("Submit the application"),
        ApplicationAction.WITHDRAW: _l("Withdraw the application"),
    }
)
labels(
    {
        Back.CODE: _l("The code does not belong to the product"),
        Back.CERTIFICATE: _l("Certificate missing, expired or another's"),
        Back.TOO_DEAR: _l("The price is above what is allowed"),
        Back.LINKAGE: _l("The price is above the lowest of other provinces"),
        Back.RATIO: _l("The price does not fit the maker's other specifications"),
        Back.LABEL: _l("The price would be labelled"),
        Back.DOCUMENTS: _l("Documents are missing or can't be read"),
        Back.SUPPLY: _l("Delisting would leave a gap in supply"),
        Back.ELSE: _l("Another reason, said below"),
    }
)
labels(
    {
        Check.LETTER: _l("Commitment letter of the year"),
        Check.CREDIT: _l("Credit"),
        Check.CODE: _l("Code of the product"),
        Check.CERTIFICATE: _l("Certificate valid on the first day"),
        Check.CEILING: _l("Ceiling"),
        Check.LINKAGE: _l("Lowest valid price of other provinces"),
        Check.RATIO: _l("Ratio to the maker's other specifications"),
        Check.KEPT_PRICE: _l("Price kept of the delisted product"),
        Check.BAR: _l("Bar after delisting"),
        Check.LABEL: _l("Label at this price"),
        Tag.LISTING_APPLICATION_SUBMITTED: _l("Listing application submitted"),
        Tag.LISTING_APPLICATION_WITHDRAWN: _l("Listing application withdrawn"),
        Tag.LISTING_APPLICATION_FILES: _l("Documents of a listing application kept"),
        Tag.LISTING_APPLICATION_CHECKED: _l("Listing application checked"),
        Tag.LISTING_APPLICATION_APPROVED: _l("Listing application approved"),
        Tag.LISTING_APPLICATION_RETURNED: _l("Listing application returned"),
        Tag.LISTING_APPLICATION_NOTED: _l("Opinion on a listing application saved"),
    }
)
facts(
    {"purpose": _l("Purpose"), "back": _l("Reason"), "failed": _l("Checks not passed"), "text": _l("Opinion"),
     "listing_application": _l("Listing application")},
    {"purpose": Purpose, "back": Back},
)  # fmt: skip
sentences(
    {
        "application-no-letter": _l("Sign the commitment letter of %(year)s first."),
        "application-credit": _l("Credit bars listing the product now: %(reason)s"),
        "application-award": _l("Prices that an award sets are listed with the award."),
        "application-past": _l("The first day is today or later."),
        "application-listed": _l("The product is listed here in this kind; apply for another price or for delisting."),
        "application-not-listed": _l("The product is not listed here in this kind; apply for listing."),
        "application-same-price": _l("That price stands already."),
        "application-not-yours": _l("Only your own company's products can be applied for."),
        "application-open-already": _l("An application about this product, region and kind is open."),
        "application-another": _l("A returned application stays about the same product, region, kind and purpose."),
        "application-files": _l("At most %(most)s files belong to an application."),
        "application-changed": _l("Somebody saved this application after you opened it. Both texts stand below."),
        "application-exception": _l("Checks not passed: %(count)s. Say why it goes on nevertheless."),
        "application-batch": _l("Choose between 1 and %(most)s applications to check or to approve."),
        "application-fails": _l("It does not pass a check; decide about it by itself."),
        "application-approved": _l("Listing applications of yours were approved: %(count)s."),
        "application-returned": _l("Listing applications of yours came back: %(count)s. Their pages say why."),
    }
)

SOURCES = {
    "credit.md, Procedure": _l("Procedure of credit rating: the commitment letter of the year"),
    "credit.md": _l("Measures of credit rating"),
    "catalogue.md, Codes": _l("Structure of insurance codes"),
    LINKED: _l("Linkage: no higher than the lowest valid provincial price"),
    RATIO: _l("Rules of price ratios, 发改价格〔2011〕2452号"),
    KEPT: _l("Prices of delisted products are kept three years"),
}
"""Where the checks come from, as people read it."""


def source_name(source: str) -> str:
    """Say where a check comes from."""
    return str(SOURCES.get(source, source))
