"""A rating as a province publishes it for the national list."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import NamedTuple

from pricing.credit.flow import Matter
from pricing.credit.ratings.flow import Level

Key = tuple[str, str]
"""What makes it the same rating: province and number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A rating as its province tells it; `ends_on` is exclusive, `products` are approval numbers."""

    number: str
    region_code: str
    company: str
    code: str
    matter: Matter
    benchmark: str
    level: Level
    ground: str
    document: str
    published_on: date
    starts_on: date
    ends_on: date | None
    products: tuple[str, ...]

    @property
    def key(self) -> Key:
        """Return what makes it the same rating."""
        return self.region_code, self.number


PLAIN = tuple(one.name for one in fields(Told) if one.name != "products")
"""What of it a row keeps as it is; the products have rows of their own."""


class Ended(NamedTuple):
    """Another end of a known rating, with the one that was known when somebody read it; None: none yet."""

    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(Told):
    """A rating as the national list shows it: of a province by its name, ours or another's."""

    region: str
    own: bool
