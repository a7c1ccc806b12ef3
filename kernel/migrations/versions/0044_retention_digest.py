"""The hash of what goes into a hospital's part of a retained balance: what did not change is not figured again.

Revision 0044.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("retention_share") as table:
        table.add_column(sa.Column("digest", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("retention_share") as table:
        table.alter_column("digest", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("retention_share") as table:
        table.drop_column("digest")
