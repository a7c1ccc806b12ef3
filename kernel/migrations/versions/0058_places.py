"""Sums of months by producer and place.

Revision 0058.
"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

INDEX, PLACED = "ix_trade_month_place", sa.text("region_code is not null")
SUMS = (
    "orders", "withdrawn", "answered", "answered_24h", "confirmed", "timely", "completed", "short", "specs",
    "specs_short", "specs_delivered", "amount", "amount_short", "delivered", "bought", "bought_consumables", "paid",
    "paid_in_time",
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("trade_month") as table:
        table.add_column(sa.Column("region_code", sa.String(), nullable=True))
        table.create_foreign_key(op.f("fk_trade_month_region_code"), "region", ["region_code"], ["code"])
    sums = ", ".join(f"sum(share.{name})" for name in SUMS)
    op.execute(
        f"insert into trade_month (key, level, kind, month, company_id, region_code, {', '.join(SUMS)}) "  # noqa: S608 - fixed text
        "select one.region_code || ':' || one.company_id, 'place', one.kind, share.month, one.company_id, "
        f"one.region_code, {sums} from trade_share share join purchase_order one on one.id = share.order_id "
        "group by one.region_code, one.company_id, one.kind, share.month"
    )
    op.create_index(INDEX, "trade_month", ["region_code", "month"], sqlite_where=PLACED, postgresql_where=PLACED)


def downgrade() -> None:
    op.drop_index(INDEX, table_name="trade_month")
    op.execute("delete from trade_month where level = 'place'")
    with op.batch_alter_table("trade_month") as table:
        table.drop_constraint(op.f("fk_trade_month_region_code"), type_="foreignkey")
        table.drop_column("region_code")
