"""Offers of revivals and their answers.

Revision 0013. Answers that the agency recorded become answered offers of one stage a round, at the terms of the newest
evaluation; where that names no price, the answer is left out: it has to be asked again.
"""

import json
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = ("revival-shortlisted", "revival-unlisted", "reference-preparation")


def upgrade() -> None:
    op.create_table(
        "revival_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("round_id", "number", "evaluation_id")),
        sa.Column("deadline", columns.Moment(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_revival_stage_evaluation_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_revival_stage_round_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["user_account.id"], name=op.f("fk_revival_stage_sent_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revival_stage")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_revival_stage_round_id_number")),
    )
    op.create_table(
        "revival_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(f"{name}_id", sa.Integer(), nullable=False) for name in PLACE),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("price", columns.Price(), nullable=False),
        sa.Column("prices", columns.Json(), nullable=False),
        sa.Column("conditions", columns.Json(), nullable=False),
        sa.Column("chooses_regions", sa.Boolean(), nullable=False),
        sa.Column("volume", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("accepts", sa.Boolean(), nullable=True),
        sa.Column("answered_at", columns.Moment(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("received_at", columns.Moment(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{table}.id"], name=op.f(f"fk_revival_offer_{name}_id"))
            for name, table in {**PLACE, "answered_by": "user_account"}.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revival_offer")),
        sa.UniqueConstraint(*(f"{name}_id" for name in PLACE), name="uq_revival_offer_place"),
    )
    op.create_index(op.f("ix_revival_offer_company_id"), "revival_offer", ["company_id"])
    op.create_index(op.f("ix_revival_offer_state"), "revival_offer", ["state"])
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("revival", columns.Json(), nullable=True))
    _move_answers()
    op.drop_index(op.f("ix_revival_answer_round_id"), table_name="revival_answer")
    op.drop_table("revival_answer")


PLACE = {"stage": "revival_stage", "lot": "lot", "company": "organisation", "specification": "specification"}
ANSWERS = """
    select a.round_id, a.lot_id, a.company_id, a.accepts, a.at, e.id as evaluation_id, d.specification_id, d.steps,
           d.decided_by, d.winning_comparable
    from revival_answer a
    join evaluation e on e.round_id = a.round_id
         and e.number = (select max(number) from evaluation where round_id = a.round_id)
    join decision d on d.evaluation_id = e.id and d.lot_id = a.lot_id and d.company_id = a.company_id
    order by a.round_id, a.id
"""


def _move_answers() -> None:
    connection = op.get_bind()
    moments = {"at": columns.Moment(), "accepts": sa.Boolean(), "winning_comparable": columns.Price()}
    rows = connection.execute(sa.text(ANSWERS).columns(**moments)).mappings().all()
    metadata = sa.MetaData()
    stage, offer = (sa.Table(name, metadata, autoload_with=connection) for name in ("revival_stage", "revival_offer"))
    stage.c.deadline.type = stage.c.sent_at.type = offer.c.answered_at.type = columns.Moment()
    offer.c.price.type = columns.Price()
    by_round: dict[int, list[Any]] = {}
    for row in rows:
        if _terms(row) is not None:
            by_round.setdefault(row["round_id"], []).append(row)
    for round_id, found in by_round.items():
        times = [row["at"] for row in found]
        values = {"round_id": round_id, "number": 1, "evaluation_id": found[0]["evaluation_id"],
                  "deadline": max(times), "sent_at": min(times)}  # fmt: skip
        stage_id = connection.execute(sa.insert(stage).values(values).returning(stage.c.id)).scalar_one()
        connection.execute(sa.insert(offer), [_offer(stage_id, row) for row in found])


def _terms(row: Any) -> tuple[str, Decimal] | None:
    """Read what was offered off the decision: what it won by, else the price its step names."""
    if row["decided_by"] in KINDS and row["winning_comparable"] is not None:
        return row["decided_by"], row["winning_comparable"]
    step = next((step for step in json.loads(row["steps"]) if step["code"] in KINDS), {})
    price = step.get("facts", {}).get("price_to_accept") if step.get("code") == KINDS[1] else step.get("limit")
    return None if price is None else (step["code"], Decimal(price).quantize(Decimal("0.0001")))


def _offer(stage_id: int, row: Any) -> dict[str, Any]:
    kind, price = _terms(row) or ("", Decimal(0))
    return {
        "stage_id": stage_id, "lot_id": row["lot_id"], "company_id": row["company_id"], "kind": kind, "price": price,
        "specification_id": row["specification_id"], "prices": "[]", "conditions": "[]", "receipt": "", "digest": "",
        "chooses_regions": kind == KINDS[0], "volume": "shared", "on_paper": True, "note": "",
        "state": "accepted" if row["accepts"] else "declined", "accepts": row["accepts"], "answered_at": row["at"],
    }  # fmt: skip


def downgrade() -> None:
    op.create_table(
        "revival_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("round_id", "lot_id", "company_id")),
        sa.Column("accepts", sa.Boolean(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_revival_answer_company_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_revival_answer_lot_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_revival_answer_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revival_answer")),
        sa.UniqueConstraint(
            "round_id", "lot_id", "company_id", name=op.f("uq_revival_answer_round_id_lot_id_company_id")
        ),
    )
    op.create_index(op.f("ix_revival_answer_round_id"), "revival_answer", ["round_id"], unique=False)
    op.execute(
        "insert into revival_answer (round_id, lot_id, company_id, accepts, at) "
        "select s.round_id, o.lot_id, o.company_id, o.accepts, o.answered_at from revival_offer o "
        "join revival_stage s on s.id = o.stage_id where o.id in (select max(p.id) from revival_offer p "
        "join revival_stage t on t.id = p.stage_id where p.state in ('accepted', 'declined') "
        "group by t.round_id, p.lot_id, p.company_id)"
    )
    with op.batch_alter_table("decision") as table:
        table.drop_column("revival")
    op.drop_table("revival_offer")
    op.drop_table("revival_stage")
