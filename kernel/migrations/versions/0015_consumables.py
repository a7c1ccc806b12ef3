"""Consumables in rounds, and hospitals' volumes with reassignment.

Revision 0015.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("variety") as table:
        table.add_column(sa.Column("kind", sa.String(length=40), nullable=False, server_default="drug"))
        table.add_column(sa.Column("category", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("specification") as table:
        table.add_column(sa.Column("part", sa.String(length=40), nullable=False, server_default="product"))
    op.create_table(
        "reassignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("fallback", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("deadline", columns.Moment(), nullable=True),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", columns.Moment(), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user_account.id"], name=op.f("fk_reassignment_closed_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_reassignment_round_id")),
        sa.ForeignKeyConstraint(["started_by_id"], ["user_account.id"], name=op.f("fk_reassignment_started_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reassignment")),
        sa.UniqueConstraint("round_id", name=op.f("uq_reassignment_round_id")),
    )
    op.create_table(
        "reassignment_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reassignment_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("saved_at", columns.Moment(), nullable=False),
        sa.Column("submitted_at", columns.Moment(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_reassignment_choice_hospital_id")),
        sa.ForeignKeyConstraint(
            ["reassignment_id"], ["reassignment.id"], name=op.f("fk_reassignment_choice_reassignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["user_account.id"], name=op.f("fk_reassignment_choice_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reassignment_choice")),
        sa.UniqueConstraint(
            "reassignment_id", "hospital_id", name=op.f("uq_reassignment_choice_reassignment_id_hospital_id")
        ),
    )
    op.create_table(
        "hospital_volume",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reassignment_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("award_id", sa.Integer(), nullable=True),
        *(sa.Column(name, columns.Quantity(), nullable=False) for name in ("reported", "own", "agreed", "reassigned")),
        sa.Column("ratio", columns.Ratio(), nullable=False),
        sa.Column("chosen", columns.Quantity(), nullable=True),
        sa.CheckConstraint(
            "own >= 0 and agreed >= 0 and agreed <= own and reassigned >= 0", name=op.f("ck_hospital_volume_volumes")
        ),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_hospital_volume_award_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_hospital_volume_company_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_hospital_volume_hospital_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_hospital_volume_lot_id")),
        sa.ForeignKeyConstraint(
            ["reassignment_id"], ["reassignment.id"], name=op.f("fk_hospital_volume_reassignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["specification_id"], ["specification.id"], name=op.f("fk_hospital_volume_specification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hospital_volume")),
    )
    op.create_index(op.f("ix_hospital_volume_reassignment_id"), "hospital_volume", ["reassignment_id", "hospital_id"])
    op.create_index(op.f("ix_hospital_volume_award_id"), "hospital_volume", ["award_id"])


def downgrade() -> None:
    for name in ("hospital_volume", "reassignment_choice", "reassignment"):
        op.drop_table(name)
    with op.batch_alter_table("specification") as table:
        table.drop_column("part")
    with op.batch_alter_table("variety") as table:
        table.drop_column("category")
        table.drop_column("kind")
