"""`jicai price`: the group alone; each area brings its own command. They need neither database, settings nor web."""

from __future__ import annotations

from kernel.cli import LazyGroup

price = LazyGroup(
    {
        "convert": "pricing.ratio.cli:convert_command",
        "index": "pricing.monitoring.cli:index_command",
        "label": "pricing.governance.cli:label_command",
        "standard": "pricing.standards.cli:standard_command",
    },
    name="price",
    help="Prices by the ratio rules, payment standards, labels and indices (差比价、支付标准、标识、指数).",
)
