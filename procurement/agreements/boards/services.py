"""Make the board's sums anew, as a whole."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kernel.clock import today
from kernel.db import insert_rows
from procurement.agreements.boards.flow import Scope
from procurement.agreements.boards.models import VolumeSummary
from procurement.agreements.boards.queries import KEYS, cells
from procurement.agreements.boards.rules import Cell, Sums, rolled

FIGURES = tuple(Sums.__slots__)


def refresh(session: Session, *, at: datetime) -> int:
    """Replace every sum by what the accounts come to now; return how many rows there are."""
    found = list(cells(session))
    columns: dict[str, list[Any]] = defaultdict(list)
    for scope in Scope:
        key = KEYS[scope]

        def place(one: Cell, key: Any = key) -> tuple[str, int]:
            return key(one), one.year

        for (subject, year), sums in rolled(found, place, today(at)).items():
            head = {"scope": scope, "subject": subject, "year": year, "at": at}
            for name, value in (head | {name: getattr(sums, name) for name in FIGURES}).items():
                columns[name].append(value)
    session.execute(delete(VolumeSummary))
    if columns:
        insert_rows(session, VolumeSummary.__table__, columns=columns)
    return len(columns.get("subject", ()))
