"""Which products passed the consistency evaluation (一致性评价); the export comes back as it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.drugs.queries import products
from importers.columns import Column, ColumnKind, Plan, Rows
from importers.kinds._products import PRODUCT
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from pricing.governance.labelling.queries.evaluations import stated
from pricing.governance.labelling.services import evaluating


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Find each row's product, and compare what is said of it with what stands."""
    out = Plan()
    known = products.ids_by_presentation(session, {row["approval_number"] for row in rows})
    read = []
    for row in rows:
        ids = known.get((row["approval_number"], row["text"], int(row["pack"])), [])
        if len(ids) == 1:
            read.append((row, ids[0]))
        else:
            code = "listing-which-product" if ids else "listing-no-such-product"
            out.issues.append(row.issue(code, "approval_number", text=row["text"], pack=row["pack"]))
    stands = stated(session, [product for _row, product in read])
    for row, product in read:
        said, before = (row["passed"], row["source"]), stands.get(product)
        title = f"{row['name'] or row['approval_number']} {row['text']}×{row['pack']}"
        made = {"product_id": product, "passed": said[0], "source": said[1]}
        if before == said:
            out.unchanged += 1
        elif before is None:
            out.creates.append(row.planned(title=title, **made))
        else:
            old = {name: was for name, was in zip(("passed", "source"), before, strict=True) if was != made[name]}
            out.changes.append(row.planned(title=title, before=old, **made))
    return out


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Say it of all of them at once; labels follow with the next run."""
    rows = [row.values for row in (*plan.creates, *plan.changes)]
    said = {one["product_id"]: (one["passed"], one["source"]) for one in rows}
    evaluating.say(session, said=said, actor=actor, at=at)


KIND = Kind(
    name="evaluations",
    version=1,
    title_zh="一致性评价",
    title_en="Consistency evaluations",
    permission=P.LABEL_RULES,
    columns=(
        *PRODUCT,
        Column("passed", "通过一致性评价", "Passed the consistency evaluation", ColumnKind.FLAG, required=True,
               example="是"),
        Column("source", "依据", "Basis", required=True, max_length=400, width=32,
               help_zh="公告或批件的名称和文号", help_en="The announcement or approval with its number",
               example="国家药监局公告2026年第1号"),
    ),
    key=("approval_number", "text", "pack"),
    plan=plan,
    apply=apply,
    back=("pricing.labels", {}),
)  # fmt: skip
