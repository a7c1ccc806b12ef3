"""Press hospitals to bring winners in: at most one reminder a hospital and day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.clock import today
from kernel.db import upsert
from kernel.notices.services import notify
from procurement.agreements.absences import queries
from procurement.agreements.absences.models import AbsenceReminder
from procurement.tags import Tag

WHO = (Role.PHARMACIST, Role.HOSPITAL_FINANCE)


def remind(
    session: Session, *, hospitals: Collection[int] | None, region: str = "", actor: Actor, at: datetime
) -> int:  # fmt: skip
    """Remind hospitals, None: all of a region that lack a winner; return how many were, those of today left out."""
    day = today(at)
    told = [
        one
        for one in queries.hospitals(session, actor, region)
        if one.reminded != day and (hospitals is None or one.hospital_id in hospitals)
    ]
    if not told:
        return 0
    columns: dict[str, Sequence[Any]] = {
        "hospital_id": [one.hospital_id for one in told], "day": [day] * len(told),
        "lots": [one.lots for one in told], "by_id": [actor.user_id] * len(told), "at": [at] * len(told),
    }  # fmt: skip
    upsert(session, AbsenceReminder.__table__, key=("hospital_id", "day"), columns=columns)
    for count in sorted({one.lots for one in told}):
        notify(
            session, code="absences-reminded", facts={"count": count}, roles=WHO, url="/procurement/progress/absences",
            organisations=[one.hospital_id for one in told if one.lots == count], at=at,
        )  # fmt: skip
    last = session.scalars(select(AbsenceReminder).order_by(AbsenceReminder.id.desc()).limit(1)).one()
    record(session, Tag.ABSENCES_REMINDED, last, actor, at, {"hospitals": [one.hospital_id for one in told]})
    return len(told)
