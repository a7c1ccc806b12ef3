"""The one place that names every package: the application, the command line, the tables."""

from __future__ import annotations

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
    "demo": "importers.demo.cli:demo",
    "db": "kernel.migrations.cli:db",
    "import": "importers.cli:import_file",
    "jobs": "kernel.jobs.cli:jobs",
    "price": "pricing.ratio.cli:price",
    "serve": "kernel.serve:serve",
}


def cli() -> None:
    """Run the `jicai` command."""
    LazyGroup(COMMANDS, name="jicai", help="Centralised procurement and pricing of drugs and consumables.")()


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """Build the application; without arguments from the environment."""
    import catalogue.blueprint
    import importers.blueprint
    import kernel.blueprint
    import pricing.blueprint
    import procurement.blueprint
    from kernel.app import build
    from kernel.config import Settings
    from kernel.db import Database, make_engine

    settings = settings or Settings.from_environment()
    packages = (kernel, catalogue, pricing, procurement, importers)
    return build(
        settings,
        database or Database(make_engine(settings.database_url)),
        [(package.blueprint.pages, package.blueprint.api) for package in packages],
    )


def load_models() -> None:
    """Import every package's tables, for migrations and commands."""
    import catalogue.models
    import importers.models
    import kernel.models
    import pricing.models
    import procurement.models  # noqa: F401 - imported for their tables


def load_jobs() -> None:
    """Import every package's scheduled verbs."""
    load_models()
    import importers.jobs
    import procurement.rounds.jobs  # noqa: F401 - imported for their registration


if __name__ == "__main__":
    cli()
