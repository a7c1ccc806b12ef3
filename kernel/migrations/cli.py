"""`jicai db`: bring a database to the newest schema."""

from __future__ import annotations

from pathlib import Path

import click
from alembic import command
from alembic.config import Config

from kernel.command import open_database
from kernel.db import Database

HERE = Path(__file__).parent


def alembic_config(connection: object) -> Config:
    """Return the configuration for one open connection."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up, in one transaction."""
    with database.engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)


def downgrade(database: Database, revision: str = "base") -> None:
    """Take the schema down, in one transaction."""
    with database.engine.begin() as connection:
        command.downgrade(alembic_config(connection), revision)


@click.group()
def db() -> None:
    """Migrate the database."""


@db.command("upgrade")
@click.option("--database", help="Database URL; the installation's own by default.")
def upgrade_command(database: str | None) -> None:
    """Bring the schema to the newest version."""
    upgrade(open_database(database))


@db.command("revision")
@click.argument("message")
def revision_command(message: str) -> None:
    """Write a new step from the difference between the tables in the code and the database."""
    with open_database().engine.begin() as connection:
        command.revision(alembic_config(connection), message, autogenerate=True)
