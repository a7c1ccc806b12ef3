"""Companies by their unified social credit code; hospitals share the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.queries import companies as queries
from catalogue.drugs.services.companies import OrganisationDraft, change_company, create_company
from importers.columns import Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.parties.codes import OrganisationKind
from kernel.parties.credit import BadCreditCode, credit_code
from kernel.parties.models import Organisation

FIELDS = ("name", "short_name", "region_code", "grade", "ownership", "address", "legal_person", "contact", "phone")


def plan_organisations(session: Session, rows: Rows, kind: OrganisationKind) -> Plan:
    """Compare with the organisations that stand; columns the workbook lacks are left as they are."""
    holders, regions, out = queries.holders(session), queries.region_codes(session), Plan()
    coming: set[str] = set()
    for row in rows:
        try:
            code = credit_code(row["code"])
        except BadCreditCode as refusal:
            out.issues.append(row.issue(refusal.code, "code", **refusal.facts))
            continue
        old = holders.get(code)
        if old is not None and old.kind is not kind:
            out.issues.append(row.issue("credit-code-taken", "code", credit_code=code, name=old.name))
        elif code in coming:
            out.issues.append(row.issue("credit-code-taken", "code", credit_code=code, name=row["name"]))
        elif row["region_code"] and row["region_code"] not in regions:
            out.issues.append(row.issue("unknown-region", "region_code", region=row["region_code"]))
        else:
            coming.add(code)
            _compare(out, row, code, old)
    return out


def _compare(out: Plan, row: Row, code: str, old: Organisation | None) -> None:
    if old is None:
        out.creates.append(row.planned(title=row["name"], code=code))
        return
    present = [name for name in FIELDS if name in row.values]
    before = {name: getattr(old, name) for name in present if (getattr(old, name) or "") != (row[name] or "")}
    if before:
        out.changes.append(row.planned(title=row["name"], before=before, code=code, id=old.id))
    else:
        out.unchanged += 1


def apply_organisations(
    session: Session, plan: Plan, kind: OrganisationKind, *, actor: Actor, at: datetime, source: Source
) -> None:
    """Register and change them through the catalogue's verbs."""
    for item in (*plan.creates, *plan.changes):
        origin = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet, "row": item.row}
        more: dict[str, Any] = {"actor": actor, "at": at, "kind": kind, "origin": origin}
        company_id = item.values.get("id")
        if company_id is None:
            create_company(session, draft=draft_of(item.values), **more)
        else:
            old = queries.one(session, company_id, kind=kind)
            change_company(session, company_id=company_id, draft=draft_of(item.values, _as_entered(old)), **more)


def _as_entered(old: Organisation) -> dict[str, str]:
    return {name: getattr(old, name) or "" for name in FIELDS}


def draft_of(values: Mapping[str, Any], old: Mapping[str, str] | None = None) -> OrganisationDraft:
    """Return an organisation as a row says it; what the workbook lacks stays as it was."""
    blank = asdict(OrganisationDraft(name="", code=""))
    given = {name: values[name] or "" for name in ("code", *FIELDS) if name in values}
    return OrganisationDraft(**{**blank, **(old or {}), **given})


def organisation_columns(name_zh: str, name_en: str, *middle: Column) -> tuple[Column, ...]:
    """Return the columns of a workbook of organisations."""
    return (
        Column(
            "code", "统一社会信用代码", "Unified social credit code", ColumnKind.CODE, required=True, length=(18,),
            width=24, aliases=("信用代码", "社会信用代码"), help_zh="18 位，末位为校验码",
            help_en="18 characters, the last one checks the others", example="91330106673959654P",
        ),
        Column("name", name_zh, name_en, required=True, max_length=200, width=32, aliases=("名称",)),
        Column("short_name", "简称", "Short name", max_length=200),
        Column(
            "region_code", "地区代码", "Region code", ColumnKind.CODE, length=(2, 4, 6), aliases=("行政区划代码",),
            help_zh="目录中已有的地区", help_en="A region that is already kept",
        ),
        *middle,
        Column("address", "地址", "Address", max_length=200, width=32),
        Column("legal_person", "法定代表人", "Legal representative", max_length=200),
        Column("contact", "联系人", "Contact person", max_length=200),
        Column("phone", "电话", "Telephone", max_length=200),
    )  # fmt: skip


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare with the companies that stand."""
    return plan_organisations(session, rows, OrganisationKind.COMPANY)


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write the companies."""
    apply_organisations(session, plan, OrganisationKind.COMPANY, actor=actor, at=at, source=source)


KIND = Kind(
    name="companies",
    version=1,
    title_zh="企业",
    title_en="Companies",
    permission=P.CATALOGUE_WRITE,
    columns=organisation_columns("企业名称", "Company"),
    key=("code",),
    plan=plan,
    apply=apply,
    back=("catalogue.companies", {}),
)
