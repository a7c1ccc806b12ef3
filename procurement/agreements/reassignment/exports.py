"""Hospitals' volumes for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.errors import NotFound
from kernel.i18n import _l
from kernel.identity import record_id
from kernel.sheets import Sheet, Value
from procurement.agreements.reassignment import queries
from procurement.agreements.reassignment.flow import ReassignmentState
from procurement.agreements.reassignment.models import HospitalVolume
from procurement.rounds.queries import rounds

HEADERS = (
    "品种序号", "品种", "医疗机构", "医疗机构统一社会信用代码", "地区代码", "产品或部件", "企业",
    "企业统一社会信用代码", "填报量", "意向量", "中选", "约定比例", "约定量", "自主分配", "分配所得", "合计",
)  # fmt: skip


def volumes(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return a round's volumes: all for those who run the platform, a hospital its own."""
    round_ = rounds.one(session, record_id(asked.get("round", "")) or 0, actor)
    found = queries.of_round(session, round_.id)
    if found is None:
        raise NotFound(round=round_.id)
    hospital = None if actor.runs_platform else queries.hospital_of(actor)
    closed = found.state is ReassignmentState.CLOSED
    return Sheet("分量", HEADERS, [_row(row, closed=closed) for row in queries.volumes(session, found, hospital)])


def _row(row: HospitalVolume, *, closed: bool) -> tuple[Value, ...]:
    hospital, company = row.hospital, row.company
    return (
        row.lot.number, row.lot.variety.name, hospital.name, hospital.code, hospital.region_code,
        row.specification.asked_text, company.name if company else None, company.code if company else None,
        row.reported, row.own, "是" if row.award_id else "否", row.ratio, row.agreed, row.chosen,
        row.reassigned if closed else None, row.agreed + row.reassigned if closed else None,
    )  # fmt: skip


export("procurement.reassignment", _l("Hospitals' volumes"), P.AGREEMENT_READ, volumes)
