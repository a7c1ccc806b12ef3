"""Facts about shortage drugs whose price stayed raised.

Revision 0057.
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("credit_fact") as table:
        table.add_column(sa.Column("shortage", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("credit_fact") as table:
        table.alter_column("shortage", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("credit_fact") as table:
        table.drop_column("shortage")
