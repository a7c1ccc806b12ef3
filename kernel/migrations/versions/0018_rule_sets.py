"""Rule sets that people write.

Revision 0018.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "written_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("copied_from", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", columns.Moment(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", columns.Moment(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user_account.id"], name=op.f("fk_written_set_created_by_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["user_account.id"], name=op.f("fk_written_set_submitted_by_id")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user_account.id"], name=op.f("fk_written_set_approved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_written_set")),
        sa.UniqueConstraint("code", name=op.f("uq_written_set_code")),
    )
    op.create_table(
        "written_set_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("parameter", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["written_set.id"], name=op.f("fk_written_set_change_set_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_written_set_change_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_written_set_change")),
    )
    op.create_index(op.f("ix_written_set_change_set_id"), "written_set_change", ["set_id"])
    with op.batch_alter_table("round") as batch:
        batch.add_column(sa.Column("written_set_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_round_written_set_id"), "written_set", ["written_set_id"], ["id"])
        batch.create_index(op.f("ix_round_written_set_id"), ["written_set_id"])


def downgrade() -> None:
    with op.batch_alter_table("round") as batch:
        batch.drop_index(op.f("ix_round_written_set_id"))
        batch.drop_constraint(op.f("fk_round_written_set_id"), type_="foreignkey")
        batch.drop_column("written_set_id")
    op.drop_table("written_set_change")
    op.drop_table("written_set")
