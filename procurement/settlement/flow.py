"""States of invoices, claims and runs of the fund."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class InvoiceKind(StrEnum):
    """An invoice, or a credit note (红字发票) that takes a part of one back."""

    INVOICE = "invoice"
    CREDIT = "credit"


class InvoiceState(StrEnum):
    """Where an invoice stands."""

    REGISTERED = "registered"
    MATCHED = "matched"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    PAID = "paid"


class InvoiceAction(StrEnum):
    """What can happen to an invoice."""

    MATCH = "match"
    RETURN = "return"
    WITHDRAW = "withdraw"
    PAY = "pay"


INVOICE_FLOW = Flow(
    {
        (InvoiceState.REGISTERED, InvoiceAction.MATCH): InvoiceState.MATCHED,
        (InvoiceState.REGISTERED, InvoiceAction.RETURN): InvoiceState.RETURNED,
        (InvoiceState.REGISTERED, InvoiceAction.WITHDRAW): InvoiceState.WITHDRAWN,
        (InvoiceState.RETURNED, InvoiceAction.WITHDRAW): InvoiceState.WITHDRAWN,
        (InvoiceState.MATCHED, InvoiceAction.RETURN): InvoiceState.RETURNED,
        (InvoiceState.MATCHED, InvoiceAction.PAY): InvoiceState.PAID,
    }
)
"""A credit note is matched from the beginning: it lowers what is owed and rests on a return the seller accepted."""


class Difference(StrEnum):
    """What the three-way match of order, receipt and invoice found."""

    TOTAL = "total"
    PRICE_ABOVE = "price-above"
    PRICE_BELOW = "price-below"
    SENT_BACK = "sent-back"


BLOCKING = frozenset({Difference.TOTAL, Difference.PRICE_ABOVE, Difference.SENT_BACK})
"""An invoice with one of these can't be matched; a price below the order's is only named."""


class Channel(StrEnum):
    """Who paid: the hospital, or the fund on its behalf."""

    HOSPITAL = "hospital"
    FUND = "fund"


class ClaimState(StrEnum):
    """Where a company's monthly claim against the fund stands."""

    FILED = "filed"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    PAID = "paid"


class ClaimAction(StrEnum):
    """What can happen to a claim."""

    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"
    PAY = "pay"


CLAIM_FLOW = Flow(
    {
        (ClaimState.FILED, ClaimAction.APPROVE): ClaimState.APPROVED,
        (ClaimState.FILED, ClaimAction.RETURN): ClaimState.RETURNED,
        (ClaimState.FILED, ClaimAction.WITHDRAW): ClaimState.WITHDRAWN,
        (ClaimState.APPROVED, ClaimAction.RETURN): ClaimState.RETURNED,
        (ClaimState.APPROVED, ClaimAction.PAY): ClaimState.PAID,
    }
)


class RunState(StrEnum):
    """Where a payment run of the fund stands."""

    PREPARED = "prepared"
    PAID = "paid"
    CANCELLED = "cancelled"


class RunAction(StrEnum):
    """What can happen to a run."""

    PAY = "pay"
    CANCEL = "cancel"


RUN_FLOW = Flow(
    {
        (RunState.PREPARED, RunAction.PAY): RunState.PAID,
        (RunState.PREPARED, RunAction.CANCEL): RunState.CANCELLED,
    }
)


class FundEntryKind(StrEnum):
    """What changed between the fund and a hospital."""

    DUE = "due"
    DIRECT = "direct"
    PREPAID = "prepaid"
    SET_OFF = "set-off"
