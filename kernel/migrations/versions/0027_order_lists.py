"""An index for those who see everybody's orders.

Revision 0027.
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_purchase_order_placed_at"), "purchase_order", ["placed_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_purchase_order_placed_at"), "purchase_order")
