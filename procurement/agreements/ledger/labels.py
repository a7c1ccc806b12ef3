"""Names of the volume ledger's codes."""

from __future__ import annotations

from kernel.i18n import _l, labels
from procurement.agreements.ledger.flow import Book, Move, Stage

labels(
    {
        Stage.OUTSIDE: _l("Outside"),
        Stage.REPORTED: _l("Reported, not agreed"),
        Stage.AGREED: _l("Agreed, not allocated"),
        Stage.ALLOCATED: _l("Allocated, not ordered"),
        Stage.ORDERED: _l("Ordered, not shipped"),
        Stage.SHIPPED: _l("Shipped, not received"),
        Stage.RECEIVED: _l("Received, not paid"),
        Stage.PAID: _l("Paid"),
    }
)
labels(
    {
        Move.REPORT: _l("Volume reported"),
        Move.AGREE: _l("Volume agreed"),
        Move.ALLOCATE: _l("Volume allocated"),
        Move.RELEASE: _l("Volume passed on"),
        Move.ORDER: _l("Volume ordered"),
        Move.CANCEL: _l("Volume cancelled"),
        Move.SHIP: _l("Volume shipped"),
        Move.REJECT: _l("Volume rejected on arrival"),
        Move.RECEIVE: _l("Volume received"),
        Move.RETURN: _l("Volume returned"),
        Move.PAY: _l("Volume paid"),
        Move.REFUND: _l("Payment taken back"),
    }
)
labels(
    {
        Book.AGREED: _l("Within the agreement"),
        Book.BEYOND: _l("Beyond the agreement"),
        Book.OPEN: _l("Without an agreement"),
    }
)
