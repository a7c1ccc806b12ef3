"""`jicai catalogue`: the group alone; each area brings its own commands."""

from __future__ import annotations

from kernel.cli import LazyGroup

catalogue = LazyGroup(
    {
        "explain": "catalogue.codes.cli:explain",
        "reindex": "catalogue.search.cli:reindex",
        "reconcile": "catalogue.editions.cli:reconcile",
        "udi": "catalogue.consumables.cli:udi",
    },
    name="catalogue",
    help="Codes and lists of the national catalogue (医保目录与编码).",
)
