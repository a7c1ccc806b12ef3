"""Which reminder of a reassignment went out last.

Revision 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reassignment") as table:
        table.add_column(sa.Column("reminded_hours", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("reassignment") as table:
        table.drop_column("reminded_hours")
