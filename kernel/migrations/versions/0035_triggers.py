"""Trigger rules, regions' yearly evaluations with their data.

Revision 0035.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trigger_rules",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("values", columns.Json(), nullable=False),
        sa.Column("parameter", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", columns.Moment(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", columns.Moment(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_trigger_rules_made_by_id")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user_account.id"], name=op.f("fk_trigger_rules_approved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trigger_rules")),
        sa.UniqueConstraint("code", "number", name=op.f("uq_trigger_rules_code_number")),
    )
    op.create_table(
        "trigger_year",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("rules_id", sa.Integer(), nullable=False),
        sa.Column("data_due_at", columns.Moment(), nullable=False),
        sa.Column("due_at", columns.Moment(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reminded_days", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("return_reason", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", columns.Moment(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", columns.Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_trigger_year_region_code")),
        sa.ForeignKeyConstraint(["rules_id"], ["trigger_rules.id"], name=op.f("fk_trigger_year_rules_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user_account.id"], name=op.f("fk_trigger_year_proposed_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_trigger_year_decided_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_trigger_year_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trigger_year")),
        sa.UniqueConstraint("region_code", "year", name=op.f("uq_trigger_year_region_code_year")),
    )
    op.create_index(op.f("ix_trigger_year_due_at"), "trigger_year", ["due_at"])
    op.create_table(
        "trigger_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("input", sa.String(), nullable=False),
        sa.Column("value", columns.Figure(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["year_id"], ["trigger_year.id"], name=op.f("fk_trigger_value_year_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_trigger_value_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trigger_value")),
        sa.UniqueConstraint("year_id", "input", name=op.f("uq_trigger_value_year_id_input")),
    )
    op.create_table(
        "trigger_evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rules_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("inputs", columns.Json(), nullable=False),
        sa.Column("result", columns.Json(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["year_id"], ["trigger_year.id"], name=op.f("fk_trigger_evaluation_year_id")),
        sa.ForeignKeyConstraint(["rules_id"], ["trigger_rules.id"], name=op.f("fk_trigger_evaluation_rules_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_trigger_evaluation_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trigger_evaluation")),
        sa.UniqueConstraint("year_id", "number", name=op.f("uq_trigger_evaluation_year_id_number")),
    )


def downgrade() -> None:
    for name in ("trigger_evaluation", "trigger_value", "trigger_year", "trigger_rules"):
        op.drop_table(name)
