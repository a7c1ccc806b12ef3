"""Invoices and payments in the order of their days, for those who see all of them.

Revision 0032.
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_settlement_invoice_issued_on", "settlement_invoice", ["issued_on", "id"])
    op.create_index("ix_settlement_payment_paid_on", "settlement_payment", ["paid_on", "id"])


def downgrade() -> None:
    op.drop_index("ix_settlement_payment_paid_on", table_name="settlement_payment")
    op.drop_index("ix_settlement_invoice_issued_on", table_name="settlement_invoice")
