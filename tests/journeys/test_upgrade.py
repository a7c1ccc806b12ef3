"""An installation that has rows is upgraded: nothing is lost, nothing refers to what is not there."""

from __future__ import annotations

import pathlib
import shutil
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import func, select

from kernel.db import Database, make_engine, metadata
from kernel.migrations.cli import BrokenReferences, downgrade, upgrade
from tests.procurement.rounds.scene import populate

FROM = "0009"
KEPT = (
    "organisation", "user_account", "lot", "lot_specification", "demand_report", "demand_line", "bid", "opened_line",
    "round", "evaluation", "decision", "lot_result", "region_pick", "award", "award_volume", "audit_entry",
)  # fmt: skip


def counted(database: Database) -> dict[str, int]:
    with database.engine.connect() as connection:
        return {name: connection.scalar(select(func.count()).select_from(metadata.tables[name])) or 0 for name in KEPT}


def test_steps_keep_the_rows_of_tables_they_change(database: Database) -> None:
    with database.transaction() as session:
        populate(session).awarded()
    before = counted(database)
    assert all(before.values())
    downgrade(database, FROM)
    upgrade(database)
    assert counted(database) == before


def test_a_database_whose_references_are_broken_is_not_upgraded(
    sqlite_template: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    path = tmp_path / "broken.db"
    shutil.copy(sqlite_template, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("insert into region (code, name, parent_code) values ('1', 'x', 'nowhere')")
    broken = Database(make_engine(f"sqlite:///{path}"))
    with pytest.raises(BrokenReferences):
        upgrade(broken)
    broken.engine.dispose()
