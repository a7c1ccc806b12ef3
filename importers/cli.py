"""`jicai import`: the same check and the same writing as in the browser."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import click
from flask_babel import force_locale
from rich.console import Console

from importers import exports, labels, services, workbook
from importers.examining import examine
from importers.flow import Mode
from importers.registry import kind
from kernel import clock
from kernel.auth.actor import SYSTEM
from kernel.command import open_database
from kernel.config import Settings
from kernel.db import Database
from kernel.errors import DomainError, FileRefused, Issue
from kernel.i18n import _
from kernel.problems import place, sentence

MOST = 50


@click.command("import")
@click.argument("name", metavar="KIND")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--database", "url", help="Database URL; an empty SQLite file is made and migrated.")
@click.option("--apply", "write", is_flag=True, help="Write the right rows; without it nothing is written.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Where the annotated workbook goes.")
@click.option("--set", "query", multiple=True, metavar="NAME=VALUE", help="What the kind's page would know: round=3.")
@click.option("--edition", help="Short for --set edition=…: the edition of the national list, made where it is new.")
@click.option("--language", type=click.Choice(["zh_CN", "en"]), default="zh_CN")
def import_file(
    name: str, file: Path, url: str | None, write: bool, report: Path | None, query: tuple[str, ...],
    edition: str | None, language: str,
) -> None:  # fmt: skip
    """Check a workbook of KIND, and write it with --apply. Exit 0 all right, 1 some rows refused, 2 file refused."""
    asked = _named(query) | ({"edition": edition} if edition else {})
    database = open_database(url)
    if url:
        importlib.import_module("kernel.migrations.cli").upgrade(database)
    app = importlib.import_module("wsgi").create_app(Settings.from_environment(), database)
    told = Console(stderr=True, highlight=False, markup=False)
    with app.app_context(), force_locale(language):
        try:
            sys.exit(_run(database, name, file, asked, write, report, told))
        except FileRefused as refused:
            for issue in refused.issues:
                told.print(_line(issue))
        except DomainError as error:
            told.print(sentence(error))
        sys.exit(2)


def _named(query: tuple[str, ...]) -> dict[str, str]:
    wrong = [part for part in query if "=" not in part]
    if wrong:
        raise click.UsageError(f"--set {wrong[0]}: must be NAME=VALUE")
    return dict(part.split("=", 1) for part in query)


def _run(
    database: Database, name: str, file: Path, query: dict[str, str], write: bool, report: Path | None, told: Console
) -> int:
    """Check, report and write in one transaction; without --apply nothing at all is left behind."""
    with told.status(f"1/3 {_('The file is being read')}") as shown:
        book = workbook.read(file.read_bytes(), file.name)
        with database.transaction(write=write) as session:
            at = clock.now()
            shown.update(f"2/3 {_('The rows are being checked and compared')}")
            examined = examine(session, name=name, query=query, book=book, actor=SYSTEM, at=at)
            found, issues = examined.findings, examined.findings.issues
            for line in [*map(_line, issues[:MOST]), *map(_line, found.notes)]:
                told.print(line)
            if report and issues:
                _keep(report, exports.annotated(kind(name), examined.checked.sheet, found))
            receipt = ""
            if write and not examined.plan.empty and not (kind(name).all_or_nothing and issues):
                shown.update(f"3/3 {_('The rows are being written, all or none')}")
                mode = Mode.GOOD_ROWS
                receipt = services.write(session, examined=examined, mode=mode, actor=SYSTEM, at=at).receipt
    told.print(_summary(found.counts, receipt))
    return 1 if issues else 0


def _keep(report: Path, book: bytes) -> None:
    try:
        report.write_bytes(book)
    except OSError as error:
        raise click.UsageError(f"--report {report}: {error.strerror}") from error


def _line(issue: Issue) -> str:
    where = "：".join(part for part in (issue.cell, place(issue)) if part)
    return "：".join(part for part in (where, labels.says(issue), labels.cure(issue)) if part)


def _summary(counts: tuple[int, int, int, int], receipt: str) -> str:
    created, changed, unchanged, faulty = counts
    return f"+{created} ~{changed} ={unchanged} !{faulty} {receipt or '-'}"
