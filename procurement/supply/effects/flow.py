"""Codes of the preview of a credit finding."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """The lists of a preview."""

    PRODUCTS = "products"
    REGIONS = "regions"
    LISTINGS = "listings"
    ROUNDS = "rounds"
    ORDERS = "orders"
    VOLUME = "volume"
    SUBSTITUTES = "substitutes"


class Place(StrEnum):
    """Where a product would be suspended."""

    PROVINCE = "province"
    EVERYWHERE = "everywhere"


class InRound(StrEnum):
    """What a company is in a lot of a round: who bids is not known before the opening, and not said."""

    MAY_BID = "may-bid"
    HAS_BID = "has-bid"
    WINNER = "winner"


class Ground(StrEnum):
    """By what another product may stand in."""

    WINNER = "winner"
    BACKUP = "backup"
    LISTED = "listed"
