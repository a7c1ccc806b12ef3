"""Adjustment plans with their lines, proposals, notes, statements and votes.

Revision 0043.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adjustment_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("trigger_id", sa.Integer(), nullable=True),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("volume_year", sa.Integer(), nullable=False),
        sa.Column("base", columns.Amount(), nullable=False),
        sa.Column("base_source", sa.String(), nullable=False),
        sa.Column("values", columns.Json(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("opinions_due_at", columns.Moment(), nullable=True),
        sa.Column("publicity_ends_at", columns.Moment(), nullable=True),
        sa.Column("proposal_round", sa.Integer(), nullable=False),
        sa.Column("proposals_due_at", columns.Moment(), nullable=True),
        sa.Column("effect", columns.Json(), nullable=True),
        sa.Column("filing", sa.String(), nullable=False),
        sa.Column("return_reason", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", columns.Moment(), nullable=False),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("filed_at", columns.Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_adjustment_plan_organisation_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_adjustment_plan_region_code")),
        sa.ForeignKeyConstraint(["trigger_id"], ["trigger_year.id"], name=op.f("fk_adjustment_plan_trigger_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_adjustment_plan_made_by_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user_account.id"], name=op.f("fk_adjustment_plan_filed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_adjustment_plan_code")),
    )
    op.create_index(op.f("ix_adjustment_plan_region_code"), "adjustment_plan", ["region_code"])
    op.create_index(op.f("ix_adjustment_plan_state"), "adjustment_plan", ["state"])
    op.create_table(
        "adjustment_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("old_price", columns.Price(), nullable=False),
        sa.Column("new_price", columns.Price(), nullable=False),
        sa.Column("technical", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["adjustment_plan.id"], name=op.f("fk_adjustment_line_plan_id")),
        sa.ForeignKeyConstraint(["item_id"], ["service_item.id"], name=op.f("fk_adjustment_line_item_id")),
        sa.CheckConstraint("old_price >= 0 and new_price > 0", name=op.f("ck_adjustment_line_prices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment_line")),
        sa.UniqueConstraint("plan_id", "item_id", "grade", name=op.f("uq_adjustment_line_plan_id_item_id_grade")),
    )
    op.create_table(
        "adjustment_complex",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["adjustment_plan.id"], name=op.f("fk_adjustment_complex_plan_id")),
        sa.ForeignKeyConstraint(["item_id"], ["service_item.id"], name=op.f("fk_adjustment_complex_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment_complex")),
        sa.UniqueConstraint("plan_id", "item_id", name=op.f("uq_adjustment_complex_plan_id_item_id")),
    )
    op.create_table(
        "adjustment_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("price", columns.Price(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["adjustment_plan.id"], name=op.f("fk_adjustment_proposal_plan_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_adjustment_proposal_hospital_id")),
        sa.ForeignKeyConstraint(["item_id"], ["service_item.id"], name=op.f("fk_adjustment_proposal_item_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_adjustment_proposal_by_id")),
        sa.CheckConstraint("price > 0", name=op.f("ck_adjustment_proposal_price")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment_proposal")),
        sa.UniqueConstraint("plan_id", "round", "hospital_id", "item_id", name=op.f("uq_adjustment_proposal_plan_id_round_hospital_id_item_id")),
    )
    op.create_table(
        "adjustment_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["adjustment_plan.id"], name=op.f("fk_adjustment_note_plan_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_adjustment_note_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment_note")),
    )
    op.create_index(op.f("ix_adjustment_note_plan_id"), "adjustment_note", ["plan_id"])
    op.create_table(
        "adjustment_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("replied_at", columns.Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["adjustment_plan.id"], name=op.f("fk_adjustment_statement_plan_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_adjustment_statement_organisation_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_adjustment_statement_by_id")),
        sa.ForeignKeyConstraint(["replied_by_id"], ["user_account.id"], name=op.f("fk_adjustment_statement_replied_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment_statement")),
    )
    op.create_index(op.f("ix_adjustment_statement_plan_id"), "adjustment_statement", ["plan_id"])
    op.create_table(
        "adjustment_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("approves", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["adjustment_plan.id"], name=op.f("fk_adjustment_vote_plan_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_adjustment_vote_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment_vote")),
        sa.UniqueConstraint("plan_id", "turn", "user_id", name=op.f("uq_adjustment_vote_plan_id_turn_user_id")),
    )


def downgrade() -> None:
    for name in ('adjustment_vote', 'adjustment_statement', 'adjustment_note', 'adjustment_proposal', 'adjustment_complex', 'adjustment_line', 'adjustment_plan'):
        op.drop_table(name)
