"""What an upload would do, before anything of it is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from importers import queries
from importers.checking import Checked, check
from importers.columns import Plan
from importers.findings import Findings, gather
from importers.queries import Occasion
from importers.workbook import Workbook
from kernel.auth.actor import Actor


@dataclass(frozen=True, slots=True)
class Examined:
    """An upload with what it would do; nothing of it is kept yet."""

    occasion: Occasion
    book: Workbook
    checked: Checked
    plan: Plan
    findings: Findings

    @property
    def digest(self) -> str:
        """SHA-256 of the upload, salted where the kind is confidential."""
        salt = self.findings.salt
        return hashlib.sha256((salt + self.book.digest).encode()).hexdigest() if salt else self.book.digest


def examine(
    session: Session, *, name: str, query: Mapping[str, str], book: Workbook, actor: Actor, at: datetime
) -> Examined:
    """Check an upload; reads only. Raises `FileRefused` where the file can't be taken at all."""
    occasion = queries.occasion(session, name, query, actor=actor, at=at)
    checked, plan = planned(session, occasion, book, actor, at)
    salt = secrets.token_hex(16) if occasion.kind.confidential else ""
    findings = gather(occasion.kind, checked, plan, marker=book.marker, salt=salt)
    return Examined(occasion, book, checked, plan, findings)


def planned(session: Session, occasion: Occasion, book: Workbook, actor: Actor, at: datetime) -> tuple[Checked, Plan]:
    """Check a workbook and decide what its rows would do; reads only."""
    checked = check(book, occasion.kind, occasion.choices, stamp=occasion.stamp)
    return checked, occasion.kind.plan(session, checked.rows, context=occasion.context, actor=actor, at=at)
