"""What commands share: opening the database they work on."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import ArgumentError, DBAPIError

from kernel.config import Settings
from kernel.db import Database, make_engine


def open_database(url: str | None = None, *, later: bool = False) -> Database:
    """Open the given database, or the installation's own, with every package's tables known.

    One that can't be reached is told at once, unless it may come `later`.
    """
    importlib.import_module("wsgi").load_models()
    address = url or Settings.from_environment().database_url
    try:
        engine = make_engine(address)
        if not later:
            engine.connect().close()
    except (ArgumentError, DBAPIError, ModuleNotFoundError) as error:
        reason = str(getattr(error, "orig", error)).partition("\n")[0]
        raise click.UsageError(f"The database can't be opened: {reason}") from error
    return Database(engine)


@contextmanager
def the_database(url: str | None = None) -> Iterator[Database]:
    """Open a database for one command and close its connections behind it."""
    database = open_database(url)
    try:
        yield database
    finally:
        database.engine.dispose()
