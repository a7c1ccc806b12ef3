"""The take-over of agreements that a backup supplier's arrangement proposes.

Revision 0029.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("take_over") as table:
        table.add_column(sa.Column("moving_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_take_over_moving_id"), "volume_takeover", ["moving_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("take_over") as table:
        table.drop_constraint(op.f("fk_take_over_moving_id"), type_="foreignkey")
        table.drop_column("moving_id")
