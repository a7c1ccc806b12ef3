"""Review facts.

Revision 0002.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("round", sa.Column("facts_changed_at", columns.Moment(), nullable=True))
    op.create_table(
        "review_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_review_fact_by_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_review_fact_company_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_review_fact_lot_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_review_fact_round_id")),
        sa.ForeignKeyConstraint(
            ["specification_id"], ["specification.id"], name=op.f("fk_review_fact_specification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_fact")),
        sa.UniqueConstraint(
            "round_id", "lot_id", "company_id", "specification_id", "column", name="uq_review_fact_place"
        ),
    )


def downgrade() -> None:
    op.drop_table("review_fact")
    op.drop_column("round", "facts_changed_at")
