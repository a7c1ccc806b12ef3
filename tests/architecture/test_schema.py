"""One line of migrations, equal to the tables in the code, and back."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from kernel.db import Database, is_mapped, metadata
from kernel.migrations.cli import HERE, downgrade, upgrade
from kernel.migrations.current import is_current, newest


def test_there_is_one_migration_head() -> None:
    assert len(ScriptDirectory(str(HERE)).get_heads()) == 1


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_upgrading_gives_the_tables_of_the_code(database: Database) -> None:
    with database.engine.connect() as connection:
        assert (
            compare_metadata(MigrationContext.configure(connection, opts={"include_name": is_mapped}), metadata) == []
        )


def test_upgrading_gives_the_indexes_over_expressions(database: Database) -> None:
    wanted = {
        i.name for t in metadata.tables.values() for i in t.indexes if any(not hasattr(e, "key") for e in i.expressions)
    }
    sql = "select name from sqlite_master where type = 'index'"
    if database.engine.dialect.name == "postgresql":
        sql = "select indexname from pg_indexes"
    with database.engine.connect() as connection:
        assert wanted - set(connection.exec_driver_sql(sql).scalars()) == set()


def test_a_migrated_database_is_current(database: Database) -> None:
    assert newest() == ScriptDirectory(str(HERE)).get_current_head()
    assert is_current(database)


def test_downgrading_leaves_nothing(database: Database) -> None:
    downgrade(database)
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    upgrade(database)
    assert "organisation" in inspect(database.engine).get_table_names()
