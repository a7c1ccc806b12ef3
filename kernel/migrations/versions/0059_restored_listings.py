"""When a suspended listing was restored, so that labels and gaps follow it.

Revision 0059.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("listing") as table:
        table.add_column(sa.Column("restored_at", columns.Moment(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("listing") as table:
        table.drop_column("restored_at")
