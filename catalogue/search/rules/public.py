"""What of the search is public: names, codes and makers of what is registered or listed, and results of procurement.

Source: users.md, "public": results, prices, ratings, open data; organisations and local lists are not among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KINDS = ("variety", "product", "coded_drug", "consumable", "category", "service_item")
FACTS = frozenset(
    {"generic_name", "form", "specification", "pack", "maker", "code", "approval", "winner", "price", "listed"}
)


def told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a hit that everybody may see; agreed volumes, for one, are the parties' own.

    >>> told({"maker": "明川药业", "price": "0.4861", "volume_left": 1200})
    {'maker': '明川药业', 'price': '0.4861'}
    """
    return {name: value for name, value in facts.items() if name in FACTS}
