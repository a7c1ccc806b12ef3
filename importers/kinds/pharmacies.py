"""Pharmacies by their unified social credit code, with what entry conditions ask of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.queries import companies
from catalogue.drugs.services.companies import create_company
from catalogue.dual_channel.models.places import PharmacyProfile
from catalogue.dual_channel.queries import places as queries
from catalogue.dual_channel.services.pharmacies import ProfileDraft, save_profile
from importers.columns import Column, ColumnKind, Plan, Planned, Rows
from importers.kinds.companies import apply_organisations, draft_of, organisation_columns, plan_organisations
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.parties.codes import OrganisationKind
from kernel.parties.credit import credit_code
from kernel.parties.models import Organisation

PHARMACY = OrganisationKind.PHARMACY
OWN = ("licence", "chain", "last_penalty", "traceability", "stock_upload")


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare with the pharmacies that stand, and with their profiles."""
    out = plan_organisations(session, rows, PHARMACY)
    known, profiles = companies.all_by_code(session, PHARMACY), queries.profiles(session)
    wrong = {issue.row for issue in out.issues}
    changed = {item.row: item for item in out.changes}
    made = {item.row for item in out.creates}
    for row in rows:
        if row.number in wrong or row.number in made:
            continue
        old = known[credit_code(row["code"])]
        before = _before(row.values, profiles.get(old.id))
        if not before:
            continue
        if item := changed.get(row.number):
            changed[row.number] = Planned(item.row, item.title, item.values, {**item.before, **before})
        else:
            changed[row.number] = row.planned(title=row["name"], before=before, code=old.code, id=old.id)
            out.unchanged -= 1
    out.changes = [changed[number] for number in sorted(changed)]
    return out


def _before(values: Mapping[str, Any], profile: PharmacyProfile | None) -> dict[str, Any]:
    """The present values of the profile that differ; columns the workbook lacks are left as they are."""
    stands = {name: getattr(profile, name) if profile else None for name in OWN}
    return {
        name: stands[name] for name in OWN if name in values and (stands[name] or None) != (values[name] or None)
    }  # fmt: skip


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write the pharmacies and their profiles."""
    apply_organisations(session, _organisations(plan), PHARMACY, actor=actor, at=at, source=source)
    for item in plan.creates:
        _create(session, item, actor, at, source)
    for item in plan.changes:
        if set(OWN) & set(item.before):
            _save(session, item.values["id"], item, actor, at, source)


def _organisations(plan: Plan) -> Plan:
    """The changes of organisations alone; new ones are made here, because their profile needs the id."""
    return Plan(changes=[item for item in plan.changes if set(item.before) - set(OWN)])


def _create(session: Session, item: Planned, actor: Actor, at: datetime, source: Source) -> None:
    made: Organisation = create_company(
        session, draft=draft_of(item.values), kind=PHARMACY, actor=actor, at=at, origin=_origin(item, source)
    )
    session.flush()  # the profile needs the id
    _save(session, made.id, item, actor, at, source)


def _save(session: Session, pharmacy_id: int, item: Planned, actor: Actor, at: datetime, source: Source) -> None:
    profile, values = queries.profile(session, pharmacy_id), item.values
    stands = {name: getattr(profile, name) for name in OWN} if profile else {}
    given = {name: values[name] for name in OWN if name in values}
    merged = {**stands, **given}
    draft = ProfileDraft(
        licence=merged.get("licence") or "", chain=merged.get("chain") or "", last_penalty=merged.get("last_penalty"),
        traceability=bool(merged.get("traceability")), stock_upload=bool(merged.get("stock_upload")),
    )  # fmt: skip
    save_profile(session, organisation_id=pharmacy_id, draft=draft, actor=actor, at=at, origin=_origin(item, source))


def _origin(item: Planned, source: Source) -> dict[str, Any]:
    return {"import": source.import_id, "digest": source.digest, "sheet": source.sheet, "row": item.row}


KIND = Kind(
    name="pharmacies",
    version=1,
    title_zh="双通道药店",
    title_en="Pharmacies",
    permission=P.DUAL_WRITE,
    columns=organisation_columns(
        "药店名称", "Pharmacy",
        Column("licence", "药品经营许可证号", "Licence", ColumnKind.CODE, max_length=60, width=22,
               example="苏CB0250001"),
        Column("chain", "连锁企业", "Chain", max_length=200, width=24, aliases=("连锁集团", "所属连锁"),
               help_zh="单体药店留空", help_en="Empty where it stands alone"),
        Column("last_penalty", "最近处罚日期", "Last penalty", ColumnKind.DATE, width=14,
               help_zh="没有处罚的留空", help_en="Empty where there was none"),
        Column("traceability", "可追溯", "Traceable", ColumnKind.FLAG, width=10, aliases=("药品可追溯",)),
        Column("stock_upload", "库存上传", "Uploads stock", ColumnKind.FLAG, width=10, aliases=("进销存上传",)),
    ),
    key=("code",),
    plan=plan,
    apply=apply,
    back=("catalogue.dual_places", {}),
)  # fmt: skip
