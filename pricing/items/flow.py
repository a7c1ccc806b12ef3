"""Codes of service items and their prices."""

from __future__ import annotations

from enum import StrEnum


class ItemStandard(StrEnum):
    """Which catalogue an item belongs to: the norm of 2001, a national guideline (立项指南), a region's own list."""

    NORM_2001 = "2001"
    GUIDELINE = "guideline"
    LOCAL = "local"


class Pricing(StrEnum):
    """Who sets an item's price: the government (a ceiling), or each hospital, which files it."""

    GUIDED = "guided"
    TRIAL = "trial"
    SPECIAL = "special"
    MARKET = "market"


class PriceGrade(StrEnum):
    """The grade of the hospitals that a price holds for; the first includes all below it."""

    THIRD = "third"
    SECOND = "second"
    FIRST = "first"


class PriceSource(StrEnum):
    """Where a price came from: a price table, an adjustment plan, a hospital's filing, the trial of a new item."""

    IMPORT = "import"
    PLAN = "plan"
    FILING = "filing"
    TRIAL = "trial"


class AddOnKind(StrEnum):
    """Add-ons (加收) and reductions (减收) change an item's price; extensions (扩展) share it."""

    ADD = "add"
    REDUCE = "reduce"
    EXTENSION = "extension"
