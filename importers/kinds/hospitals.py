"""Hospitals by their unified social credit code."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from importers.columns import Choice, Column, ColumnKind, Plan, Rows
from importers.kinds.companies import apply_organisations, organisation_columns, plan_organisations
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.parties.codes import OrganisationKind


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare with the hospitals that stand."""
    return plan_organisations(session, rows, OrganisationKind.HOSPITAL)


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write the hospitals."""
    apply_organisations(session, plan, OrganisationKind.HOSPITAL, actor=actor, at=at, source=source)


KIND = Kind(
    name="hospitals",
    version=1,
    title_zh="医疗机构",
    title_en="Hospitals",
    permission=P.CATALOGUE_WRITE,
    columns=organisation_columns(
        "医疗机构名称",
        "Hospital",
        Column("grade", "等级", "Grade", max_length=200, example="三级甲等"),
        Column(
            "ownership",
            "所有制",
            "Ownership",
            ColumnKind.CHOICE,
            choices=(Choice("public", "公立", "Public"), Choice("private", "民营", "Private")),
            help_zh="民营医疗机构自愿参加报量；留空按公立处理",
            help_en="Private hospitals join collections of demand of their own accord; empty counts as public",
        ),
    ),
    key=("code",),
    plan=plan,
    apply=apply,
    back=("catalogue.hospitals", {}),
)
