"""Names of listings' codes, and what refusals about them say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.listings.flow import ListingAction, ListingKind, ListingState
from pricing.tags import Tag

labels(
    {
        ListingKind.AGREEMENT: _l("Won in a round"),
        ListingKind.NEGOTIATED: _l("By negotiation"),
        ListingKind.LISTED: _l("Listed online"),
        ListingKind.SHORTAGE: _l("Listed for a shortage"),
        ListingKind.FILED: _l("Listed by filing"),
        ListingState.ACTIVE: _l("Listing in force"),
        ListingState.SUSPENDED: _l("Listing suspended"),
        ListingState.ENDED: _l("Listing ended"),
        ListingAction.SUSPEND: _l("Suspend the listing"),
        ListingAction.RESTORE: _l("Restore the listing"),
        ListingAction.END: _l("End the listing"),
        Tag.LISTINGS_MADE: _l("Prices listed"),
        Tag.LISTINGS_AWARDED: _l("Winners' prices listed"),
        Tag.LISTING_ENDED: _l("Listing ended by an officer"),
        Tag.LISTING_SUSPENDED: _l("Listing suspended by an officer"),
        Tag.LISTING_RESTORED: _l("Listing restored by an officer"),
    }
)
facts(
    {
        "origin": _l("Origin"), "created": _l("New"), "left": _l("Left as they stood"), "ends": _l("Ends on"),
        "starts": _l("Starts on"), "suspended_on": _l("Suspended since"), "ended_at": _l("Ended at"),
        "restored_at": _l("Restored at"),
        "ended_by_id": _l("Ended by"), "listing": _l("Listing"),
    }
)  # fmt: skip
sentences(
    {
        "listings-refused": _l("%(count)s prices can't be listed, so none was."),
        "listing-bad-price": _l("%(price)s is not a price: above 0, below 100000000 yuan, with at most 4 decimals."),
        "listing-ends-first": _l("The listing would end on %(ends)s, before it begins on %(starts)s."),
        "listing-starts-early": _l(
            "The price %(price)s stands since %(starts)s; another one can't begin before that day."
        ),
        "listing-no-product": _l("The catalogue has no product %(product)s."),
        "listing-no-region": _l("There is no region %(region)s."),
        "listing-other-region": _l("Region %(region)s is not your office's."),
        "listing-barred": _l("Credit bars a new listing: %(why)s."),
        "listing-no-such-product": _l("The catalogue has no product %(value)s, %(text)s in packs of %(pack)s."),
        "listing-which-product": _l("Several products are %(value)s, %(text)s in packs of %(pack)s."),
        "listing-twice": _l("The same product, region and kind stand here twice."),
        "listing-ends-past": _l("%(day)s is past; a listing ends today or later."),
        "listing-no-reason": _l("State the reason in at most %(most)s characters."),
        "listing-bad-products": _l("Name between 1 and %(most)s products by their numbers, with commas."),
        "listing-no-day": _l("State the day on which the listing ends."),
    }
)
_ORIGINS = {
    "import": _l("Import no. %(number)s"),
    "round": _l("Award of round no. %(number)s"),
    "typed": _l("Entered by an officer"),
}


def origin(written: str) -> str:
    """Say where a price came from; an origin that nobody named is shown as it is kept."""
    kind, _slash, number = written.partition("/")
    return str(_ORIGINS[kind]) % {"number": number} if kind in _ORIGINS else written
