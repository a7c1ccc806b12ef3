"""Who has not brought winners in, by hospital: from the warnings of the nightly look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.parties.models import Organisation
from kernel.parties.regions import prefix
from kernel.sets import among
from procurement.agreements.absences.models import AbsenceReminder
from procurement.agreements.alerts import queries as alerts
from procurement.agreements.alerts.flow import AlertKind
from procurement.agreements.alerts.models import VolumeAlert
from procurement.demand.models import Lot


@dataclass(frozen=True, slots=True)
class Absent:
    """A hospital, how many lots it bought no winner of, since when it was first warned, and when it was reminded."""

    hospital_id: int
    hospital: str
    region: str
    lots: int
    since: date
    reminded: date | None


def lots(actor: Actor, region: str = "") -> Select[VolumeAlert]:
    """Return the query of the lots without their winner that the actor may see, by hospital."""
    options = (joinedload(VolumeAlert.lot).joinedload(Lot.variety), joinedload(VolumeAlert.hospital))
    query = alerts.visible(actor).where(VolumeAlert.kind == AlertKind.NO_WINNER)
    query = query.join(Organisation, Organisation.id == VolumeAlert.hospital_id)
    if region:
        query = query.where(Organisation.region_code.startswith(prefix(region), autoescape=True))
    return query.options(*options).order_by(VolumeAlert.hospital_id, VolumeAlert.since, VolumeAlert.lot_id)


def hospitals(session: Session, actor: Actor, region: str = "") -> list[Absent]:
    """Return the hospitals, those with most lots first."""
    seen = lots(actor, region).with_only_columns(VolumeAlert.id).order_by(None)
    last = select(AbsenceReminder.hospital_id, func.max(AbsenceReminder.day).label("day"))
    reminded = last.group_by(AbsenceReminder.hospital_id).subquery()
    count = func.count(VolumeAlert.id)
    query = (
        select(
            Organisation.id, Organisation.name, Organisation.region_code, count, func.min(VolumeAlert.since),
            func.max(reminded.c.day),
        )
        .join(Organisation, Organisation.id == VolumeAlert.hospital_id)
        .outerjoin(reminded, reminded.c.hospital_id == Organisation.id)
        .where(VolumeAlert.id.in_(seen))
        .group_by(Organisation.id)
        .order_by(count.desc(), Organisation.id)
    )  # fmt: skip
    return [Absent(key, name, code or "", *rest) for key, name, code, *rest in session.execute(query)]


def by_hospital(session: Session, actor: Actor, ids: Collection[int]) -> Mapping[int, list[VolumeAlert]]:
    """Return the lots of hospitals without their winner."""
    found: dict[int, list[VolumeAlert]] = defaultdict(list)
    for one in session.scalars(lots(actor).where(among(VolumeAlert.hospital_id, ids))).unique():
        found[one.hospital_id].append(one)
    return found
