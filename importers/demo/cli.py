"""`jicai demo`: the demo province on this machine."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import inspect, select

from importers.demo.parties import PASSWORD
from kernel import serve
from kernel.command import open_database
from kernel.config import Settings, demo_environment
from kernel.db import Database
from kernel.migrations.current import is_current
from kernel.parties.models import Organisation

EMBEDDED = "sqlite:///"
ACCOUNTS = {
    "agency": ("集采机构经办", "agency officer"), "reviewer": ("集采机构复核", "agency reviewer"),
    "hospital": ("医院药剂科", "hospital pharmacist"), "finance": ("医院财务", "hospital finance"),
    "company": ("生产企业", "manufacturer"), "company2": ("另一家企业", "another manufacturer"),
    "bureau": ("价格处", "price bureau"), "opener": ("开标员", "opening officer"),
    "supervisor": ("监督员", "supervisor"), "system": ("系统管理员", "system administrator"),
    "security": ("安全管理员", "security administrator"), "audit": ("审计管理员", "audit administrator"),
}  # fmt: skip


@click.group()
def demo() -> None:
    """Load and serve the demo province."""


def load_once(settings: Settings) -> bool:
    """Migrate, and build the demo where there is none; return whether it was built now.

    The embedded database is built beside its place and moved there whole, so that an interrupted build leaves nothing.
    """
    database = open_database()
    if is_current(database) and _is_built(database):
        database.engine.dispose()
        return False
    if not settings.database_url.startswith(EMBEDDED) or _is_built(database):
        _make(database)
        return True
    database.engine.dispose()
    place = Path(settings.database_url.removeprefix(EMBEDDED))
    beside = place.with_suffix(".building")
    beside.unlink(missing_ok=True)
    _make(open_database(f"{EMBEDDED}{beside}"))
    beside.replace(place)
    return True


def _make(database: Database) -> None:
    from importers.demo.build import build
    from kernel.migrations.cli import upgrade

    upgrade(database)
    if not _is_built(database):
        build(database)
    database.engine.dispose()


def _is_built(database: Database) -> bool:
    with database.engine.connect() as connection:
        if not inspect(connection).has_table(Organisation.__tablename__):
            return False
        return connection.scalar(select(Organisation.id).limit(1)) is not None


@demo.command()
def load() -> None:
    """Build the demo into an empty database."""
    settings = demo_environment()
    with Console(stderr=True).status("building the demo province"):
        load_once(settings)


@demo.command()
def run() -> None:
    """Serve the demo, building it first where there is none."""
    settings = demo_environment()
    console = Console(stderr=True)
    with console.status("正在准备演示省份 / preparing the demo province"):
        load_once(settings)
    serve.run(ready=lambda: _welcome(settings))


def _welcome(settings: Settings) -> None:
    table = Table("账号 / account", "角色", "role", title=f"密码 / password  {PASSWORD}")
    for login, (zh, en) in ACCOUNTS.items():
        table.add_row(login, zh, en)
    console = Console(stderr=True)
    console.print(table)
    console.print(f"http://{settings.host}:{settings.port}  Ctrl-C 结束 / ends")


@demo.command()
def reset() -> None:
    """Throw the embedded demo database away; the next start builds it again."""
    settings = demo_environment()
    if not settings.database_url.startswith(EMBEDDED):
        raise click.UsageError("only the embedded database is thrown away")
    place = settings.database_url.removeprefix(EMBEDDED)
    for suffix in ("", "-wal", "-shm"):
        Path(place + suffix).unlink(missing_ok=True)
    click.echo("demo thrown away; make run builds it again", err=True)
