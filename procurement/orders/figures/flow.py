"""What the figures of online purchasing are called, and whose sums are kept."""

from __future__ import annotations

from enum import StrEnum


class FigureCode(StrEnum):
    """A figure of trading.md; rules.py says what each is a share of."""

    RESPONSE = "response"
    RESPONSE_24H = "response-24h"
    TIMELINESS = "timeliness"
    COMPLETION = "completion"
    AMOUNT_FILL = "amount-fill"
    SPECIFICATION_FILL = "specification-fill"
    PAYMENT = "payment"
    ONLINE_DRUGS = "online-drugs"
    ONLINE_CONSUMABLES = "online-consumables"
    ONLINE = "online"


class Level(StrEnum):
    """Whose sums a row of a month holds.

    A pair is a hospital and a company, a supply a hospital and a deliverer, a place a company and where it is bought.
    """

    HOSPITAL = "hospital"
    COMPANY = "company"
    DELIVERER = "deliverer"
    PAIR = "pair"
    SUPPLY = "supply"
    PLACE = "place"


class TargetCode(StrEnum):
    """What a region wants of a year."""

    GENERIC_NAMES = "rounds.generic-names"
    CATEGORIES = "rounds.consumable-categories"
    ONLINE_DRUGS = "online.drugs"
    ONLINE_CONSUMABLES = "online.consumables"
    PAYMENT = "payment.in-time"
