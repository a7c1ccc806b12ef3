"""The live draft of regions.

Revision 0014.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("region_preference") as batch:
        batch.add_column(sa.Column("represents_since", columns.Moment(), nullable=True))
    op.create_table(
        "region_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("by_list", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("at_once", sa.Integer(), nullable=False),
        sa.Column("starts_at", columns.Moment(), nullable=True),
        sa.Column("due_at", columns.Moment(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", columns.Moment(), nullable=False),
        sa.Column("finished_at", columns.Moment(), nullable=True),
        sa.Column("cancelled_at", columns.Moment(), nullable=True),
        sa.Column("ending", sa.String(length=40), nullable=True),
        sa.Column("cancel_reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_region_draft_evaluation_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user_account.id"], name=op.f("fk_region_draft_opened_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_region_draft_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_draft")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_region_draft_round_id_number")),
    )
    for column in ("round_id", "state", "due_at"):
        op.create_index(op.f(f"ix_region_draft_{column}"), "region_draft", [column])
    op.create_table(
        "region_draft_lot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("company_ids", columns.Json(), nullable=False),
        sa.Column("region_codes", columns.Json(), nullable=False),
        sa.Column("first_picks", sa.Integer(), nullable=False),
        sa.Column("backup", sa.Boolean(), nullable=False),
        sa.Column("began_at", columns.Moment(), nullable=True),
        sa.Column("due_at", columns.Moment(), nullable=True),
        sa.Column("finished_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["region_draft.id"], name=op.f("fk_region_draft_lot_draft_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_region_draft_lot_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_draft_lot")),
        sa.UniqueConstraint("draft_id", "lot_id", name=op.f("uq_region_draft_lot_draft_id_lot_id")),
    )
    for column in ("draft_id", "lot_id"):
        op.create_index(op.f(f"ix_region_draft_lot_{column}"), "region_draft_lot", [column])
    op.create_table(
        "region_draft_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_lot_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=True),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("began_at", columns.Moment(), nullable=False),
        sa.Column("due_at", columns.Moment(), nullable=False),
        sa.Column("ended_at", columns.Moment(), nullable=False),
        sa.Column("remaining", columns.Json(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_region_draft_turn_by_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_region_draft_turn_company_id")),
        sa.ForeignKeyConstraint(
            ["draft_lot_id"], ["region_draft_lot.id"], name=op.f("fk_region_draft_turn_draft_lot_id")
        ),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_region_draft_turn_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_draft_turn")),
        sa.UniqueConstraint(
            "draft_lot_id", "role", "region_code", name=op.f("uq_region_draft_turn_draft_lot_id_role_region_code")
        ),
        sa.UniqueConstraint("draft_lot_id", "role", "turn", name=op.f("uq_region_draft_turn_draft_lot_id_role_turn")),
    )
    op.create_table(
        "region_draft_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("paused_at", columns.Moment(), nullable=False),
        sa.Column("paused_by_id", sa.Integer(), nullable=True),
        sa.Column("resumed_at", columns.Moment(), nullable=True),
        sa.Column("resumed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["region_draft.id"], name=op.f("fk_region_draft_pause_draft_id")),
        sa.ForeignKeyConstraint(
            ["paused_by_id"], ["user_account.id"], name=op.f("fk_region_draft_pause_paused_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["resumed_by_id"], ["user_account.id"], name=op.f("fk_region_draft_pause_resumed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_draft_pause")),
    )
    op.create_index(op.f("ix_region_draft_pause_draft_id"), "region_draft_pause", ["draft_id"])


def downgrade() -> None:
    for table in ("region_draft_pause", "region_draft_turn", "region_draft_lot", "region_draft"):
        op.drop_table(table)
    with op.batch_alter_table("region_preference") as batch:
        batch.drop_column("represents_since")
