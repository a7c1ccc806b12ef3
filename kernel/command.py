"""What commands share: opening the database they work on."""

from __future__ import annotations

import importlib

from kernel.config import Settings
from kernel.db import Database, make_engine


def open_database(url: str | None = None) -> Database:
    """Open the given database, or the installation's own, with every package's tables known."""
    importlib.import_module("wsgi").load_models()
    return Database(make_engine(url or Settings.from_environment().database_url))
