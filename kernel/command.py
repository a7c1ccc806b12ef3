"""What commands share: opening the database they work on."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager

from kernel.config import Settings
from kernel.db import Database, make_engine


def open_database(url: str | None = None) -> Database:
    """Open the given database, or the installation's own, with every package's tables known."""
    importlib.import_module("wsgi").load_models()
    return Database(make_engine(url or Settings.from_environment().database_url))


@contextmanager
def the_database(url: str | None = None) -> Iterator[Database]:
    """Open a database for one command and close its connections behind it."""
    database = open_database(url)
    try:
        yield database
    finally:
        database.engine.dispose()
