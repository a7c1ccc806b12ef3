"""Prices that hospitals set themselves and file.

Revision 0041.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLE, WAITING = "service_price_filing", sa.text("state = 'filed'")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("price", columns.Price(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("filed_at", columns.Moment(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("price > 0", name=op.f("ck_service_price_filing_price")),
        sa.ForeignKeyConstraint(["item_id"], ["service_item.id"], name=op.f("fk_service_price_filing_item_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_service_price_filing_hospital_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user_account.id"], name=op.f("fk_service_price_filing_filed_by_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_service_price_filing_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_price_filing")),
    )
    op.create_index("ix_service_price_filing_hospital_id", TABLE, ["hospital_id", "state"])
    op.create_index("ix_service_price_filing_state", TABLE, ["state", "filed_at"])
    op.create_index(
        "uq_service_price_filing_waiting", TABLE, ["item_id", "hospital_id"], unique=True, sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    op.drop_table(TABLE)
