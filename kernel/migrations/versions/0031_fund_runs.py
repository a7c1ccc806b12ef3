"""The bank's reference of a payment run of the fund.

Revision 0031.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("settlement_run") as table:
        table.add_column(sa.Column("reference", sa.String(), nullable=True))
        table.add_column(sa.Column("paid_on", sa.Date(), nullable=True))
        table.create_unique_constraint(op.f("uq_settlement_run_reference"), ["reference"])


def downgrade() -> None:
    with op.batch_alter_table("settlement_run") as table:
        table.drop_constraint(op.f("uq_settlement_run_reference"), type_="unique")
        table.drop_column("paid_on")
        table.drop_column("reference")
