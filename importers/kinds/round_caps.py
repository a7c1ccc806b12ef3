"""A round's caps: the maximum valid bid of each specification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.rules.forms import chinese_name
from importers.columns import Column, ColumnKind, Plan, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.identity import record_id
from procurement.demand.models import LotSpecification
from procurement.rounds.flow import RoundState
from procurement.rounds.queries import rounds
from procurement.rounds.services import setup
from procurement.rounds.services.setup import AlreadyPublished


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Which round; one that is published takes no caps any more."""
    wanted = query.get("round", "")
    found = rounds.one(session, record_id(wanted) or 0, actor)
    if found.state is not RoundState.DRAFT:
        raise AlreadyPublished(code=found.code)
    return {"round": found.id}


def prefill(session: Session, *, context: Context, actor: Actor, at: datetime) -> Iterable[Mapping[str, Any]]:
    """Every specification with its cap as it stands."""
    for lot in rounds.lots(session, rounds.one(session, context["round"], actor)):
        for row in lot.specifications:
            yield {
                "lot": lot.number, "variety": lot.variety.name, "specification": row.specification.text,
                "form": chinese_name(row.specification.form), "unit": row.specification.unit, "cap": row.cap,
            }  # fmt: skip


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare each row's cap with the one that stands."""
    known = _rows(session, context["round"], actor)
    out = Plan()
    for row in rows:
        found = known.get((row["lot"], row["specification"], row["form"]))
        if found is None:
            out.issues.append(row.issue("round-cap-unknown-place", "specification", lot=row["lot"]))
        elif row["cap"] is not None and row["cap"] <= 0:
            out.issues.append(row.issue("bad-cap", "cap"))
        elif found.cap == row["cap"]:
            out.unchanged += 1
        else:
            title = f"{row['lot']} {found.lot.variety.name} {row['specification']}"
            out.changes.append(row.planned(title=title, before={"cap": found.cap}, row_id=found.id))
    return out


def _rows(session: Session, round_id: int, actor: Actor) -> dict[tuple[int, str, str], LotSpecification]:
    """A round's specifications by lot number, text and form."""
    return {
        (lot.number, row.specification.text, chinese_name(row.specification.form)): row
        for lot in rounds.lots(session, rounds.one(session, round_id, actor))
        for row in lot.specifications
    }


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Set the caps that changed."""
    caps = {item.values["row_id"]: item.values["cap"] for item in plan.changes}
    setup.set_caps(session, round_id=context["round"], caps=caps, actor=actor, at=at)


KIND = Kind(
    name="round-caps",
    version=1,
    title_zh="最高有效申报价",
    title_en="Caps of a round",
    permission=P.ROUND_SET_UP,
    columns=(
        Column("lot", "品种序号", "Lot", ColumnKind.INT, required=True, locked=True, width=10, example="1"),
        Column("variety", "品种", "Variety", locked=True, width=28),
        Column("specification", "规格", "Specification", required=True, locked=True),
        Column("form", "剂型", "Dosage form", required=True, locked=True),
        Column("unit", "计量单位", "Unit", locked=True, width=10),
        Column("cap", "最高有效申报价", "Cap", ColumnKind.PRICE, present=True, example="1.2000",
               help_zh="元/最小计量单位，4 位小数；留空为尚未确定",
               help_en="Yuan per unit, 4 decimals; empty: not set"),
    ),
    key=("lot", "specification", "form"),
    plan=plan,
    apply=apply,
    context=context,
    prefill=prefill,
    back=("procurement.round_caps", {"round_id": "round"}),
)  # fmt: skip
