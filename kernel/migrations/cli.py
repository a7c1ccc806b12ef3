"""`jicai db`: bring a database to the newest schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from kernel.command import open_database
from kernel.db import Database
from kernel.errors import DomainError

HERE = Path(__file__).parent


def alembic_config(connection: object) -> Config:
    """Return the configuration for one open connection."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config


class BrokenReferences(DomainError):
    """A step left rows that refer to nothing; nothing of it was kept."""

    code = "broken-references"


@contextmanager
def _steps(database: Database) -> Iterator[sa.Connection]:
    """Open one transaction for schema steps.

    SQLite changes a table by making it anew, which its references would forbid; they are checked at the end instead.
    """
    with database.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            raw.execute("PRAGMA foreign_keys = OFF")  # before the transaction: within one it is ignored
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() if sqlite else []
                if broken:
                    raise BrokenReferences(tables=sorted({row[0] for row in broken}))
        finally:
            if sqlite:
                raw.execute("PRAGMA foreign_keys = ON")


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up, in one transaction."""
    with _steps(database) as connection:
        command.upgrade(alembic_config(connection), revision)


def downgrade(database: Database, revision: str = "base") -> None:
    """Take the schema down, in one transaction."""
    with _steps(database) as connection:
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
