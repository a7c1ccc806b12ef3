"""Orders, shipments, receipts, returns and the volume ledger.

Revision 0021.
"""

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
