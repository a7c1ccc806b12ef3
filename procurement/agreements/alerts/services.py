"""Look at all agreed volumes, keep the warnings, and tell each hospital how many are new."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernel.auth.permissions import Role
from kernel.clock import today
from kernel.db import upsert
from kernel.notices.services import notify
from procurement.agreements.alerts import queries, rules
from procurement.agreements.alerts.models import VolumeAlert
from procurement.agreements.alerts.queries import Held
from procurement.agreements.alerts.rules import Finding

ZERO = Decimal(0)
Found = tuple[str, Finding, int, int, int | None]
"""Key, finding, hospital, lot, agreement."""


def look(session: Session, *, at: datetime) -> int:
    """Replace what stood by what is found now; one that stands on keeps its first day. Return how many stand."""
    day = today(at)
    found = list(_findings(session, day))
    query = select(VolumeAlert.key, VolumeAlert.since).where(VolumeAlert.ended.is_(None))
    stood = dict(session.execute(query).all())
    columns: dict[str, list[Any]] = defaultdict(list)
    for key, finding, hospital, lot, agreement in found:
        row = {"key": key, "kind": finding.kind, "hospital_id": hospital, "lot_id": lot, "agreement_id": agreement,
               "value": finding.value, "bound": finding.bound, "since": stood.get(key, day), "ended": None}  # fmt: skip
        for name, value in row.items():
            columns[name].append(value)
    over = set(stood) - set(columns["key"])
    for key in sorted(over):
        session.execute(update(VolumeAlert).where(VolumeAlert.key == key).values(ended=day))
    if found:
        upsert(session, VolumeAlert.__table__, key=("key",), columns=columns)
    fresh = Counter(hospital for key, _finding, hospital, *_rest in found if key not in stood)
    for hospital, count in sorted(fresh.items()):
        notify(
            session, code="volume-alerts", facts={"count": count}, organisations=[hospital], at=at,
            roles=(Role.PHARMACIST, Role.PHARMACY), url="/procurement/progress/warnings",
        )  # fmt: skip
    return len(found)


def _findings(session: Session, day: date) -> Iterator[Found]:
    by_lot: dict[tuple[int, int], list[Held]] = defaultdict(list)
    for one in queries.in_force(session, day):
        by_lot[one.hospital_id, one.lot_id].append(one)
        margin = Decimal(rules.policy(one.region_code).value("behind.margin"))
        finding = rules.behind(one.agreed, one.bought, one.days, day, margin)
        if finding:
            yield f"behind:{one.agreement_id}", finding, one.hospital_id, one.lot_id, one.agreement_id
    other = queries.others(session, day.year)
    for (hospital, lot), held in by_lot.items():
        policy = rules.policy(held[0].region_code)
        bought = sum((one.bought for one in held), ZERO)
        first = min(one.days[0] for one in held)
        found = [rules.no_winner(bought, first, day, policy.value("no-winner.months"))]
        if "non-winning.share" not in policy.unset():
            worth = sum((one.worth for one in held), ZERO)
            limit = Decimal(policy.value("non-winning.share"))
            found.append(rules.non_winning(other.get((hospital, held[0].variety_id), ZERO), worth, limit))
        for finding in found:
            if finding:
                yield f"{finding.kind}:{hospital}:{lot}", finding, hospital, lot, None
