"""Names of the codes of boxes and bids, and the sentences of their refusals, notices and events."""

from __future__ import annotations

from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.bids.flow import BidAction, BidState, BoxAction, BoxState, Channel, InvalidPrice
from procurement.tags import Tag

# one call a code: members of two enums that share a value are equal, and would share a key
labels(
    {
        BoxState.WAITING: _l("Box not announced"),
        BoxState.RECEIVING: _l("Receiving bids"),
        BoxState.CLOSED: _l("Closed, not opened"),
        BoxState.OPENED: _l("Bids opened"),
        BoxState.VOID: _l("Box void"),
    }
)
labels(
    {
        BoxAction.ANNOUNCE: _l("Announce the box"),
        BoxAction.CLOSE: _l("Close the box"),
        BoxAction.OPEN: _l("Open the box"),
        BoxAction.VOID: _l("Void the box"),
    }
)
labels(
    {
        InvalidPrice.REFUSE: _l("Invalid prices are refused"),
        InvalidPrice.MARK: _l("Invalid prices are taken and marked invalid"),
    }
)
labels(
    {
        Channel.FORM: _l("by form"),
        Channel.WORKBOOK: _l("by workbook"),
        Channel.API: _l("by interface"),
    }
)
labels(
    {
        BidState.SUBMITTED: _l("Submitted under seal"),
        BidState.WITHDRAWN: _l("Bid withdrawn"),
        BidState.OPENED: _l("Bid opened"),
        BidState.SPOILT: _l("Content does not fit its digest"),
    }
)
labels(
    {
        BidAction.REPLACE: _l("Replace the bid"),
        BidAction.WITHDRAW: _l("Withdraw the bid"),
        BidAction.OPEN: _l("Open the bid"),
        BidAction.SPOIL: _l("Mark the bid as spoilt"),
    }
)
labels(
    {
        Tag.BOX_MADE: _l("Box of bids made"),
        Tag.BOX_ANNOUNCED: _l("Box of bids announced"),
        Tag.BOX_LENGTHENED: _l("Bidding deadline lengthened"),
        Tag.BOX_CLOSED: _l("Box of bids closed"),
        Tag.BOX_OPENED: _l("Box of bids opened"),
        Tag.BOX_VOIDED: _l("Box of bids voided"),
        Tag.BIDS_SUBMITTED: _l("Bids submitted under seal"),
        Tag.BIDS_WITHDRAWN: _l("Bids withdrawn"),
    }
)

sentences(
    {
        "deadline-before-start": _l("The deadline must be later than the start of bidding."),
        "deadline-in-the-past": _l("The deadline has to lie in the future."),
        "deadline-not-later": _l("A bidding deadline can only be moved to a later time."),
        "box-not-receiving": _l("No bids are received here. Nothing was submitted."),
        "box-not-yet-receiving": _l("Bidding has not begun. Nothing was submitted."),
        "box-deadline-passed": _l("The deadline has passed. Nothing was changed."),
        "box-deadline-not-reached": _l("The deadline has not been reached. Nothing was opened."),
        "box-already-opened": _l("The bids have been opened already."),
        "box-not-opened": _l("The bids have not been opened."),
        "nothing-to-withdraw": _l("There is no submitted bid to withdraw. Nothing was changed."),
        "bid-changed-meanwhile": _l("Your company has changed this bid meanwhile. Look at the newest one first."),
        "company-not-active": _l("%(company)s is not a registered and active company, so it can't bid."),
        "bids-refused": _l("Nothing was submitted: %(count)s things to correct"),
        "no-lines": _l("There is no price to submit."),
        "price-missing": _l("A price is missing."),
        "price-missing.fix": _l("Enter a price, or set “bids” to no"),
        "price-not-a-number": _l("“%(value)s” is not a plain number."),
        "price-too-large": _l("%(value)s is too large."),
        "price-negative": _l("%(value)s is below zero."),
        "price-zero": _l("A price of zero is invalid."),
        "price-too-precise": _l("%(value)s has more than %(places)s decimals."),
        "over-cap": _l("%(value)s is above the maximum valid bid %(cap)s."),
        "over-cap.fix": _l("At most %(cap)s; equal to it is valid"),
        "bid-marked-invalid": _l("This price is invalid: it is taken and counted, and it can't win."),
        "bid-apart": _l("By the ratio rules it would be %(follows)s; this price differs by %(difference)s."),
        "unknown-lot": _l("This lot is not in the round."),
        "unknown-specification": _l("This specification is not in the lot."),
        "component-missing": _l("“%(component)s” is not priced: the components and the service are bid together."),
        "component-missing.fix": _l("Price every component and the service"),
        "no-product": _l("Your company has no product of this specification."),
        "product-not-yours": _l("This approval number is not your company's product of the specification."),
        "line-repeated": _l("The same specification stands twice."),
        "unknown-company": _l("%(value)s is not your company's unified social credit code."),
        "unknown-company.fix": _l("Your company's code is %(own)s"),
        "locked-changed": _l("This cell was changed; the template says %(wanted)s."),
        "locked-changed.fix": _l("Put the template's value back, or download the template again"),
        "credit-bars-company": _l("Credit bars bids in this round: %(company)s%(why)s"),
        "credit-bars-product": _l("Credit bars %(product)s of lot %(lot)s in this round: %(why)s"),
        "bids-received": _l("Your bids for %(box)s are sealed. Receipt %(receipt)s"),
        "bids-withdrawn": _l("You have withdrawn bids for %(box)s. Receipt %(receipt)s"),
        "bids-due": _l("Bidding for %(box)s closes in less than %(hours)s hours, and you have not bid for every lot."),
    }
)
