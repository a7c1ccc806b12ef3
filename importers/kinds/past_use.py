"""What hospitals used of specifications in past calendar years."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.drugs.queries import companies, varieties
from catalogue.drugs.rules.forms import chinese_name
from importers.columns import Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation
from procurement.demand.queries import past_use as queries
from procurement.demand.services.past_use import Used, record_past_use


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Find hospital and specification of every row, and compare with what is known."""
    hospitals = companies.all_by_code(session, OrganisationKind.HOSPITAL)
    drugs = varieties.all_by_code(session)
    known = queries.all_by_key(session)
    out = Plan()
    for row in rows:
        hospital = hospitals.get(row["hospital"])
        specification_id = _specification(row, drugs)
        if issue := _wrong(row, hospital, specification_id, drugs, at):
            out.issues += issue
            continue
        assert hospital is not None and specification_id is not None
        old = known.get((hospital.id, specification_id, row["year"]))
        title = f"{hospital.shown_name} {drugs[row['variety']].name} {row['specification']} {row['year']}"
        extra = {"hospital_id": hospital.id, "specification_id": specification_id}
        if old is None:
            out.creates.append(row.planned(title=title, **extra))
        elif old == row["quantity"]:
            out.unchanged += 1
        else:
            out.changes.append(row.planned(title=title, before={"quantity": old}, **extra))
    return out


def _specification(row: Row, drugs: dict) -> int | None:  # type: ignore[type-arg]  # varieties by code, as they were read
    """The specification of that text; where tablets and capsules share it, the form tells them apart."""
    variety = drugs.get(row["variety"])
    found = [each for each in variety.specifications if each.text == row["specification"]] if variety else []
    if len(found) > 1:
        found = [each for each in found if chinese_name(each.form) == row["form"]]
    return found[0].id if len(found) == 1 else None
