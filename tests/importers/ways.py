"""Ways of a table out of the platform and in again."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session

from importers import queries
from importers.models import Import
from importers.workbook import Workbook, read
from kernel.errors import FileRefused
from kernel.sheets import Sheet, write_csv, xlsx


def taken(data: bytes, name: str) -> Workbook:
    try:
        return read(data, name)
    except FileRefused as refused:
        refused.add_note(str(refused.issues))
        raise


def by_xlsx(sheet: Sheet) -> Workbook:
    return taken(xlsx([sheet]), "back.xlsx")


def by_csv(sheet: Sheet, encoding: str = "utf-8") -> Workbook:
    target = io.BytesIO()
    write_csv(target, sheet.headers, sheet.rows, encoding=encoding)
    return taken(target.getvalue(), "back.csv")


WAYS: dict[str, Callable[[Sheet], Workbook]] = {
    "xlsx": by_xlsx,
    "csv-utf-8": by_csv,
    "csv-gb18030": lambda sheet: by_csv(sheet, "gb18030"),
}

QUICK = {("sqlite", "xlsx"), ("sqlite", "csv-gb18030"), ("postgresql", "csv-utf-8")}
"""Every way and every database once; the rest of the pairs takes its time."""
EACH_WAY = pytest.mark.parametrize(
    ("database", "way"),
    [
        pytest.param(engine, way, marks=[] if (engine, way) in QUICK else [pytest.mark.long])
        for engine in ("sqlite", "postgresql")
        for way in WAYS
    ],
    indirect=["database"],
)


def told(session: Session, import_: Import) -> Iterator[tuple[str, str, str]]:
    found = queries.findings(session, import_)
    assert found is not None
    yield from ((issue.cell, issue.code, issue.value) for issue in (*found.issues, *found.notes))
