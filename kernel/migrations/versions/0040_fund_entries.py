"""Entries of fund accounts can be taken back by another person; a key stands once among those that count.

Revision 0040.
"""

import sqlalchemy as sa
from alembic import op

from kernel.columns import Moment

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

ENTRY, STANDING, COUNTS = "settlement_fund_entry", "uq_settlement_fund_entry_standing", sa.text("undone_at is null")


def upgrade() -> None:
    with op.batch_alter_table(ENTRY) as table:
        table.add_column(sa.Column("undone_at", Moment(), nullable=True))
        table.add_column(sa.Column("undone_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("undone_for", sa.String(), server_default="", nullable=False))
        table.create_foreign_key(op.f("fk_settlement_fund_entry_undone_by_id"), "user_account", ["undone_by_id"], ["id"])
        table.drop_constraint(op.f("uq_settlement_fund_entry_key"), type_="unique")
    with op.batch_alter_table(ENTRY) as table:
        table.alter_column("undone_for", server_default=None)
    op.create_index(STANDING, ENTRY, ["key"], unique=True, sqlite_where=COUNTS, postgresql_where=COUNTS)


def downgrade() -> None:
    op.drop_index(STANDING, ENTRY)
    with op.batch_alter_table(ENTRY) as table:
        table.create_unique_constraint(op.f("uq_settlement_fund_entry_key"), ["key"])
        table.drop_constraint(op.f("fk_settlement_fund_entry_undone_by_id"), type_="foreignkey")
        table.drop_column("undone_for")
        table.drop_column("undone_by_id")
        table.drop_column("undone_at")
