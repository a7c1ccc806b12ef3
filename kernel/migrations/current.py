"""Whether a database is at the newest schema, answered without loading the migration machinery."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import inspect, text

from kernel.db import Database

VERSIONS = Path(__file__).parent / "versions"


def newest() -> str:
    """Return the revision that no other follows, read from the files."""
    found, followed = set(), set()
    for path in VERSIONS.glob("*.py"):
        names = dict(re.findall(r'^(revision|down_revision) = "(\w+)"', path.read_text("utf-8"), re.MULTILINE))
        found.add(names.get("revision", ""))
        followed.add(names.get("down_revision", ""))
    return next(iter(found - followed), "")


def is_current(database: Database) -> bool:
    """Say whether the database stands at the newest revision."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        stands = connection.execute(text("select version_num from alembic_version")).scalars().all()
    return list(stands) == [newest()]
