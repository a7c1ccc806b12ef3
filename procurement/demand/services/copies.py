"""Take a locked base over for lots that are run again: nothing is reported anew, nothing is changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import insert_rows
from kernel.errors import Conflict
from procurement.demand.flow import CallState, ReportState
from procurement.demand.models import BaseVolume, Call, Lot, LotSpecification, Report, ReportLine
from procurement.tags import Tag

Renamed = Mapping[str, Mapping[Any, Any]]
"""Column → what its values become."""


def copy_locked(
    session: Session, *, call: Call, lot_ids: Collection[int], code: str, title: str, actor: Actor, at: datetime
) -> Call:
    """Return a new locked collection with some of a locked one's lots: their caps, base and accepted reports."""
    if call.state is not CallState.LOCKED:
        raise Conflict("demand-not-locked", call=call.title)
    made = Call(
        code=code, title=title, year=call.year, state=CallState.LOCKED, deadline=call.deadline, notes=call.notes,
        created_at=at, locked_at=call.locked_at, copied_from_id=call.id, private_join=call.private_join,
        pharmacies_join=call.pharmacies_join, joined_count=call.joined_count,
    )  # fmt: skip
    session.add(made)
    session.flush()  # its lots and reports name the id
    to_call = {call.id: made.id}
    _copy(session, Lot, Lot.id.in_(lot_ids), {"call_id": to_call})
    lots = _paired(session, Lot, Lot.call_id, Lot.number, call.id, made.id)
    for table in (LotSpecification, BaseVolume):
        _copy(session, table, table.lot_id.in_(lot_ids), {"lot_id": lots})
    asked = select(ReportLine.report_id).where(ReportLine.lot_id.in_(lot_ids))
    accepted = (Report.state == ReportState.ACCEPTED) & (Report.call_id == call.id)
    _copy(session, Report, accepted & Report.id.in_(asked), {"call_id": to_call})
    reports = _paired(session, Report, Report.call_id, Report.hospital_id, call.id, made.id)
    lines = ReportLine.lot_id.in_(lot_ids) & ReportLine.report_id.in_(reports)
    _copy(session, ReportLine, lines, {"lot_id": lots, "report_id": reports})
    facts = {"code": code, "from": call.code, "lots": len(lots), "reports": len(reports)}
    record(session, Tag.DEMAND_COPIED, made, actor, at, facts)
    return made


def _copy(session: Session, model: Any, which: ColumnElement[bool], renamed: Renamed) -> None:
    """Copy rows with every column but the id, whatever columns there are."""
    table = model.__table__
    names = [column.name for column in table.columns if column.name != "id"]
    rows = session.execute(select(*(table.c[name] for name in names)).where(which).order_by(table.c.id)).all()
    if not rows:
        return
    columns = dict(zip(names, (list(values) for values in zip(*rows, strict=True)), strict=True))
    for name, becomes in renamed.items():
        columns[name] = [becomes[value] for value in columns[name]]
    insert_rows(session, table, columns=columns)


def _paired(session: Session, model: Any, owner: Any, key: Any, before: int, after: int) -> dict[int, int]:
    """Return the copies' ids by the originals'."""
    found = {(row[0], row[1]): row[2] for row in session.execute(select(owner, key, model.id).where(
        owner.in_((before, after))))}  # fmt: skip
    return {
        original: found[after, value]
        for (place, value), original in found.items()
        if place == before and (after, value) in found
    }
