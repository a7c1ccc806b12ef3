"""A party's invoices in the order of their days.

Revision 0051.
"""

from alembic import op

revision = "0051"
down_revision = "0048"
branch_labels = None
depends_on = None

INDEXES = {"ix_settlement_invoice_sold": "seller_id", "ix_settlement_invoice_bought": "hospital_id"}


def upgrade() -> None:
    for name, party in INDEXES.items():
        op.create_index(name, "settlement_invoice", [party, "issued_on"])


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="settlement_invoice")
