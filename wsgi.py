"""The one place that names every package: the application, the command line, the tables."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.cli import LazyGroup

if TYPE_CHECKING:
    from flask import Flask

    from kernel.config import Settings
    from kernel.db import Database

COMMANDS = {
    "admin": "kernel.auth.cli:admin",
    "audit": "kernel.audit.cli:audit",
    "award": "procurement.rounds.cli:award",
    "catalogue": "catalogue.cli:catalogue",
    "credit": "pricing.credit.ratings.cli:credit",
    "demo": "importers.demo.cli:demo",
    "db": "kernel.migrations.cli:db",
    "import": "importers.cli:import_file",
    "jobs": "kernel.jobs.cli:jobs",
    "ledger": "procurement.settlement.reconciliation.cli:ledger",
    "price": "pricing.cli:price",
    "retention": "procurement.retention.cli:retention",
    "triggers": "pricing.triggers.cli:triggers",
    "serve": "kernel.serve:serve",
}


def cli() -> None:
    """Run the `jicai` command."""
    LazyGroup(COMMANDS, name="jicai", help="Centralised procurement and pricing of drugs and consumables.")()


PACKAGES = ("kernel", "catalogue", "pricing", "procurement", "importers")


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """Build the application; without arguments from the environment."""
    from kernel.app import build
    from kernel.config import Settings
    from kernel.db import Database, make_engine

    load_models()
    settings = settings or Settings.from_environment()
    blueprints = [import_module(f"{package}.blueprint") for package in PACKAGES]
    return build(
        settings,
        database or Database(make_engine(settings.database_url)),
        [(blueprint.pages, blueprint.api) for blueprint in blueprints],
    )


def load_models() -> None:
    """Import every package's tables, for migrations and commands."""
    for package in PACKAGES:
        import_module(f"{package}.models")


def load_jobs() -> None:
    """Import every area's scheduled verbs: whatever stands in a `jobs.py`."""
    load_models()
    here = Path(__file__).parent
    for package in PACKAGES:
        for path in sorted((here / package).rglob("jobs.py")):
            import_module(".".join(path.relative_to(here).with_suffix("").parts))


if __name__ == "__main__":
    cli()
