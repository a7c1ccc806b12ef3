"""`jicai demo`: the demo province on this machine."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import inspect, select

from catalogue.register.models import CodedDrug
from importers.demo.parties import PASSWORD
from importers.demo.stage import SEED
from kernel import clock, serve
from kernel.command import open_database, the_database
from kernel.config import Settings, demo_environment
from kernel.db import Database
from kernel.migrations.current import is_current
from kernel.parties.models import Organisation, Region

EMBEDDED = "sqlite:///"
ACCOUNTS = {
    "agency": ("集采机构经办", "agency officer"), "reviewer": ("集采机构复核", "agency reviewer"),
    "hospital": ("医院药剂科", "hospital pharmacist"), "finance": ("医院财务", "hospital finance"),
    "pharmacy": ("双通道定点药店", "designated pharmacy"),
    "company": ("生产企业", "manufacturer"), "company2": ("另一家企业", "another manufacturer"),
    "distributor": ("配送企业", "distributor"),
    "bureau": ("价格处", "price bureau"), "bureau2": ("价格处复核", "second price officer"),
    "bureau3": ("价格处集体决策", "third price officer, for votes"),
    "city": ("市价格科", "price bureau of a city"), "opener": ("开标员", "opening officer"),
    "supervisor": ("监督员", "supervisor"), "expert": ("评审专家", "review expert"),
    "system": ("系统管理员", "system administrator"),
    "security": ("安全管理员", "security administrator"), "audit": ("审计管理员", "audit administrator"),
}  # fmt: skip


@click.group()
def demo() -> None:
    """Load and serve the demo province."""


def load_once(settings: Settings) -> bool:
    """Migrate, and build the demo where there is none; return whether it was built now."""
    from kernel.migrations.cli import upgrade  # as below

    database = open_database()
    built = _holds_something(database)
    if built and not is_current(database):
        upgrade(database)
    database.engine.dispose()
    if not built:
        _fill(settings.database_url, _small)
    return not built


def _fill(url: str, build: Callable[[Database], None]) -> None:
    """Migrate and fill an empty database.

    A file is filled beside its place and moved there whole, so that an interrupted build leaves nothing.
    """
    from kernel.migrations.cli import upgrade  # a fifth of a second, which a start with a demo need not wait for

    if not url.startswith(EMBEDDED):
        with the_database(url) as database:
            upgrade(database)
            build(database)
        return
    place = Path(url.removeprefix(EMBEDDED))
    beside = place.with_suffix(".building")
    _remove(beside)
    with the_database(f"{EMBEDDED}{beside}") as database:
        upgrade(database)
        build(database)
    beside.replace(place)


def _remove(place: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)


def _small(database: Database, seed: int = SEED) -> None:
    from importers.demo.build import build  # as above

    build(database, seed)


def _province(database: Database, seed: int, scale: float) -> None:
    from importers.demo.mass import Mass, Size, load

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks: dict[str, TaskID] = {}

        def told(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total)
            progress.update(tasks[step], completed=done)

        told("demo", 0, 1)
        _small(database, seed)
        told("demo", 1, 1)
        size = Size() if scale == 1 else Size().scaled(scale)
        load(Mass(database, size, seed, clock.now(), told))


def _holds_something(database: Database) -> bool:
    with database.engine.connect() as connection:
        known = inspect(connection)
        return any(
            known.has_table(model.__tablename__) and connection.scalar(select(column).limit(1)) is not None
            for model, column in ((Organisation, Organisation.id), (Region, Region.code), (CodedDrug, CodedDrug.id))
        )


@demo.command()
@click.option(
    "--size",
    type=click.Choice(["small", "province"]),
    default="small",
    show_default=True,
    help="small: 12 hospitals, 24 companies; province: 250 000 drug codes of 8 000 companies, 3 000 hospitals.",
)
@click.option("--seed", type=int, default=SEED, show_default=True, help="The same seed invents the same province.")
@click.option("--database", "url", help="Database URL; the installation's own by default.")
@click.option("--scale", type=click.FloatRange(0, 1, min_open=True), default=1.0, hidden=True)
def load(size: str, seed: int, url: str | None, scale: float) -> None:
    """Build the demo into an empty database; one that holds something is refused."""
    address = url or demo_environment().database_url
    with the_database(address) as database:
        if _holds_something(database):
            shown = database.engine.url.render_as_string()
            raise click.UsageError(f"{shown} is not empty, and the demo is only loaded into an empty database.")
    if size == "province":
        _fill(address, partial(_province, seed=seed, scale=scale))
        return
    with Console(stderr=True).status("building the demo"):
        _fill(address, partial(_small, seed=seed))


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
    _remove(Path(settings.database_url.removeprefix(EMBEDDED)))
    click.echo("demo thrown away; make run builds it again", err=True)
