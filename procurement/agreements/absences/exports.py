"""Lots without their winner for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.downloads.tables import of_query
from kernel.i18n import _l
from kernel.sheets import Sheet
from procurement.agreements.absences import queries


def absences(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return a row for each hospital and lot of the page's filter."""
    return of_query(
        session, "中选产品未进院", queries.lots(actor, asked.get("region", "")),
        {"医疗机构": lambda one: one.hospital.name, "统一社会信用代码": lambda one: one.hospital.code,
         "品种序号": lambda one: one.lot.number, "品种": lambda one: one.lot.variety.name,
         "预警起始日": lambda one: one.since},
    )  # fmt: skip


export("procurement.absences", _l("Winners not brought in"), P.LEDGER_READ, absences)
