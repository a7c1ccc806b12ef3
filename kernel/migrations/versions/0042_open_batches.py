"""What is still to be invoiced, and what is still to be paid, found without reading the past.

Revision 0042.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_shipment_line_open", "shipment_line", "shipment_id", sa.text("invoiced < received - returned")),
    ("ix_settlement_invoice_open", "settlement_invoice", "state", sa.text("payment_id is null")),
)


def upgrade() -> None:
    for name, table, column, where in INDEXES:
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _column, _where in INDEXES:
        op.drop_index(name, table_name=table)
