"""Alembic's hook: our metadata, our engine, one transaction."""

from __future__ import annotations

import importlib
from typing import Any, Literal

from alembic import context

from kernel.db import is_mapped, metadata


def rendered(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """Write our column types by their own names."""
    if kind == "type" and type(value).__module__ == "kernel.columns":
        name = type(value).__name__
        return "sa.String(40)" if name == "Code" else f"columns.{name}()"
    return False


def run() -> None:
    """Run the steps on the connection that the command opened."""
    importlib.import_module("wsgi").load_models()
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection, target_metadata=metadata, render_item=rendered, compare_type=False,
        include_name=is_mapped, render_as_batch=connection.dialect.name == "sqlite",
    )  # fmt: skip
    with context.begin_transaction():
        context.run_migrations()


run()
