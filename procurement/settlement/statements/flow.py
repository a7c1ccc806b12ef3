"""What moves an account between a hospital and a seller, and whose sums of months are kept."""

from __future__ import annotations

from enum import StrEnum


class EntryKind(StrEnum):
    """What was entered: an invoice, its withdrawal, a credit note, a payment by the hospital or from the fund."""

    INVOICED = "invoiced"
    WITHDRAWN = "withdrawn"
    CREDITED = "credited"
    PAID = "paid"
    FUND = "fund"


class Side(StrEnum):
    """Whose sums a row of a month holds; a pair is a hospital and a seller."""

    HOSPITAL = "hospital"
    SELLER = "seller"
    PAIR = "pair"
