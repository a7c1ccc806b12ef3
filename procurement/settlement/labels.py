"""Names of settlement's codes, and what refusals and notices about them say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.settlement.flow import (
    Channel,
    ClaimAction,
    ClaimState,
    Difference,
    FundEntryKind,
    InvoiceAction,
    InvoiceKind,
    InvoiceState,
    RunAction,
    RunState,
)
from procurement.tags import Tag

labels({InvoiceKind.INVOICE: _l("Invoice"), InvoiceKind.CREDIT: _l("Credit note")})
labels(
    {
        InvoiceState.REGISTERED: _l("Invoice to be matched"),
        InvoiceState.MATCHED: _l("Matched, to be paid"),
        InvoiceState.RETURNED: _l("Returned to the seller"),
        InvoiceState.WITHDRAWN: _l("Invoice withdrawn"),
        InvoiceState.PAID: _l("Invoice paid"),
    }
)
labels(
    {
        InvoiceAction.MATCH: _l("Match the invoice"),
        InvoiceAction.RETURN: _l("Return the invoice"),
        InvoiceAction.WITHDRAW: _l("Withdraw the invoice"),
        InvoiceAction.PAY: _l("Pay the invoice"),
    }
)
labels(
    {
        Difference.TOTAL: _l("The total is not the sum of the lines"),
        Difference.PRICE_ABOVE: _l("Price above the order’s"),
        Difference.PRICE_BELOW: _l("Price below the order’s"),
        Difference.SENT_BACK: _l("Goods went back and are not credited yet"),
    }
)
labels({Channel.HOSPITAL: _l("Paid by the hospital"), Channel.FUND: _l("Paid from the fund")})
labels(
    {
        ClaimState.FILED: _l("Claim awaiting the hospital"),
        ClaimState.APPROVED: _l("Claim approved, to be paid"),
        ClaimState.RETURNED: _l("Claim returned"),
        ClaimState.WITHDRAWN: _l("Claim withdrawn"),
        ClaimState.PAID: _l("Claim paid"),
    }
)
labels(
    {
        ClaimAction.APPROVE: _l("Approve the claim"),
        ClaimAction.RETURN: _l("Return the claim"),
        ClaimAction.WITHDRAW: _l("Withdraw the claim"),
        ClaimAction.PAY: _l("Pay the claim"),
    }
)
labels(
    {
        RunState.PREPARED: _l("Run awaiting the second person"),
        RunState.PAID: _l("Run paid"),
        RunState.CANCELLED: _l("Run cancelled"),
    }
)
labels({RunAction.PAY: _l("Pay the run"), RunAction.CANCEL: _l("Cancel the run")})
labels(
    {
        FundEntryKind.DUE: _l("Due to the hospital"),
        FundEntryKind.DIRECT: _l("Paid directly on its behalf"),
        FundEntryKind.PREPAID: _l("Prepaid"),
        FundEntryKind.SET_OFF: _l("Prepayment set off"),
    }
)
labels(
    {
        Tag.INVOICE_REGISTERED: _l("Invoice registered"),
        Tag.INVOICE_CREDITED: _l("Credit note registered"),
        Tag.INVOICE_WITHDRAWN: _l("Invoice taken back"),
        Tag.INVOICE_MATCHED: _l("Invoice matched"),
        Tag.INVOICE_RETURNED: _l("Invoice given back"),
        Tag.PAYMENT_MADE: _l("Payment recorded"),
        Tag.CLAIM_FILED: _l("Claim filed"),
        Tag.CLAIM_WITHDRAWN: _l("Claim taken back"),
        Tag.CLAIM_APPROVED: _l("Claim was approved"),
        Tag.CLAIM_RETURNED: _l("Claim given back"),
        Tag.RUN_PREPARED: _l("Payment run prepared"),
        Tag.RUN_CANCELLED: _l("Payment run cancelled"),
        Tag.RUN_PAID: _l("Payment run paid"),
        Tag.FUND_DUE_SAID: _l("What a hospital is due was entered"),
        Tag.FUND_ENTRY_UNDONE: _l("Entry of a fund account was taken back"),
        Tag.FUND_PREPAID: _l("Prepayment to a hospital recorded"),
        Tag.FUND_SET_OFF: _l("Prepayment was set off"),
    }
)
facts({
    "number": _l("Number"), "corrects": _l("Corrects"), "differences": _l("Differences"), "reference": _l("Reference"),
    "invoices": _l("Invoices"), "month": _l("Month"), "claims": _l("Claims"), "hospital": _l("Hospital"),
    "budget": _l("Budget"),
})  # fmt: skip
sentences(
    {
        "invoice-number-bad": _l(
            "“%(value)s” is no invoice number: 20 digits alone, or a code of 10 or 12 digits with a number of 8."
        ),
        "invoice-registered-already": _l("Invoice %(value)s is registered already."),
        "invoice-registered-meanwhile": _l("Somebody registered this number in the meantime."),
        "invoice-in-the-future": _l("The invoice can’t be issued on %(value)s, which has not come yet."),
        "amount-not-positive": _l("“%(value)s” is no amount above 0 with at most 2 decimals."),
        "invoiced-out-of-range": _l("At most %(left)s units of this batch are still to be invoiced."),
        "invoice-empty": _l("Say what the invoice asks for."),
        "batch-unknown": _l("Batch %(value)s is none that you delivered."),
        "invoice-rows-differ": _l("The rows of invoice %(number)s say different things: “%(value)s”."),
        "invoice-part-missing": _l("%(column)s is needed in one row of the invoice."),
        "invoice-not-whole": _l("Another row of invoice %(number)s is wrong; an invoice is registered whole."),
        "invoice-two-hospitals": _l("One invoice is for one hospital."),
        "invoiced-meanwhile": _l("Somebody invoiced or sent back a part of it in the meantime. Look again."),
        "invoice-claimed": _l("Invoice %(number)s stands in a claim against the fund."),
        "invoice-credited": _l(
            "A credit note corrects invoice %(number)s; it can’t be withdrawn or returned any more."
        ),
        "invoice-not-credited": _l("Invoice %(number)s is not to be credited as it stands."),
        "invoice-differs": _l("Invoice %(number)s does not agree with order and receipt: %(differences)s."),
        "invoice-sent-back": _l(
            "Goods of invoice %(number)s went back. It can be paid once its seller has credited them."
        ),
        "credit-not-returned": _l("%(number)s is a credit note and lowers what is owed; it is not returned."),
        "credit-out-of-range": _l("At most %(left)s units of this line went back and are not credited yet."),
        "credit-empty": _l("Say what the credit note takes back."),
        "day-bad": _l("“%(value)s” is no date."),
        "paid-in-the-future": _l("%(value)s has not come yet."),
        "payment-empty": _l("Tick the invoices that were paid."),
        "payment-of-credit": _l("Credit notes are netted by themselves and not paid."),
        "payment-two-sellers": _l("One payment goes to one seller."),
        "payment-reference-used": _l("A payment with this reference is recorded already."),
        "nothing-ticked": _l("Tick at least one invoice."),
        "invoices-registered": _l("%(seller)s registered %(count)s invoices. Please match them."),
        "invoice-credited-notice": _l("%(seller)s registered credit note %(number)s."),
        "invoice-returned": _l("%(hospital)s returned invoice %(number)s: %(reason)s"),
        "invoices-paid": _l("%(count)s invoices were paid: %(amount)s yuan, reference %(reference)s."),
    }
)
