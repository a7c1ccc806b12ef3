"""`jicai catalogue udi`: device identifiers as the drug authority publishes them."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from catalogue.codes.rules.structure import is_device_identifier
from catalogue.consumables import services
from catalogue.consumables.rules.nmpa import Device, UnreadableDevices, read
from kernel import clock
from kernel.auth.actor import SYSTEM
from kernel.command import the_database

SOME_WRONG, REFUSED = 1, 2
CHUNK, BATCH, TOLD = 1 << 20, 20_000, 20


@click.command("udi")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--database", "url", help="Database URL; without it the installation's own.")
@click.option("--apply", "write", is_flag=True, help="Write what is right; without it nothing is written.")
def udi(file: Path, url: str | None, write: bool) -> None:
    """Read FILE, a list of devices as NMPA publishes it (XML), and print as JSON what was found.

    Exit 0 where all identifiers are right, 1 where some are not (they are left out), 2 where the file is refused.
    """
    made = {"devices": 0, "changed": 0, "pairs": 0}
    wrong: list[str] = []
    try:
        with the_database(url) as database, database.transaction(write=write) as session:
            facts = {"file": file.name, "digest": _digest(file)}
            for some in _batches(file):
                wrong += [each.di for each in some if not is_device_identifier(each.di)]
                if write:
                    done = services.put_devices(session, devices=some, actor=SYSTEM, at=clock.now(), facts=facts)
                    made = {name: made[name] + done[name] for name in made}
                else:
                    made["devices"] += sum(is_device_identifier(each.di) for each in some)
    except UnreadableDevices as refused:
        click.echo(f"jicai catalogue udi: {file.name} is refused: {refused.facts['reason']}", err=True)
        sys.exit(REFUSED)
    click.echo(json.dumps({**made, "written": write, "wrong": len(wrong), "first_wrong": wrong[:TOLD]}, indent=1))
    sys.exit(SOME_WRONG if wrong else 0)


def _batches(file: Path) -> Iterator[list[Device]]:
    some: list[Device] = []
    for device in read(_chunks(file)):
        some.append(device)
        if len(some) == BATCH:
            yield some
            some = []
    yield some


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            yield chunk


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
