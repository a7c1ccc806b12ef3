"""`jicai demo`: the demo province on this machine."""

from __future__ import annotations

import os

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from importers.demo.parties import PASSWORD
from kernel import serve
from kernel.command import open_database
from kernel.config import Settings, demo_environment
from kernel.db import Database
from kernel.migrations.cli import upgrade
from kernel.parties.models import Organisation

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


def load_once(database: Database) -> bool:
    """Migrate, and build the demo into an empty database; return whether it was built now."""
    upgrade(database)
    with database.transaction(write=False) as session:
        if session.scalar(select(Organisation.id).limit(1)) is not None:
            return False
    from importers.demo.build import build

    build(database)
    return True


@demo.command()
def load() -> None:
    """Build the demo into an empty database."""
    demo_environment()
    with Console(stderr=True).status("building the demo province"):
        load_once(open_database())


@demo.command()
def run() -> None:
    """Serve the demo, building it first where there is none."""
    settings = demo_environment()
    console = Console(stderr=True)
    database = open_database()
    with console.status("正在准备演示省份 / preparing the demo province"):
        load_once(database)
    database.engine.dispose()
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
    if not settings.database_url.startswith("sqlite:///"):
        raise click.UsageError("only the embedded database is thrown away")
    path = settings.database_url.removeprefix("sqlite:///")
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(path + suffix):  # noqa: PTH110 - the URL's path is text with a suffix
            os.unlink(path + suffix)  # noqa: PTH108 - as above
    click.echo("demo thrown away; make run builds it again", err=True)
