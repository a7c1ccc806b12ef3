"""`jicai price`: the group alone; each area brings its own command. They need neither database, settings nor web."""

from __future__ import annotations

from kernel.cli import LazyGroup

price = LazyGroup(
    {"convert": "pricing.ratio.cli:convert_command", "standard": "pricing.standards.cli:standard_command"},
    name="price",
    help="Prices from prices by the ratio rules, and payment standards (差比价与医保支付标准).",
)
