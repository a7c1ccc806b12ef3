"""The take-over of agreements that a backup supplier's arrangement proposes; statements read from indexes alone.

Revision 0033.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

SUMS = ["month", "invoiced", "credited", "paid", "fund"]
INDEXES = {
    "side": (["side", "month"], ["side", "hospital_id", "seller_id", *SUMS]),
    "hospital_id": (["hospital_id", "side", "month"], ["hospital_id", "side", "seller_id", *SUMS]),
    "seller_id": (["seller_id", "side", "month"], ["seller_id", "side", "hospital_id", *SUMS]),
}


def upgrade() -> None:
    with op.batch_alter_table("take_over") as table:
        table.add_column(sa.Column("moving_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_take_over_moving_id"), "volume_takeover", ["moving_id"], ["id"])
    _index(1)


def downgrade() -> None:
    _index(0)
    with op.batch_alter_table("take_over") as table:
        table.drop_constraint(op.f("fk_take_over_moving_id"), type_="foreignkey")
        table.drop_column("moving_id")


def _index(which: int) -> None:
    for name, columns in INDEXES.items():
        op.drop_index(op.f(f"ix_settlement_month_{name}"), "settlement_month")
        op.create_index(op.f(f"ix_settlement_month_{name}"), "settlement_month", columns[which])
