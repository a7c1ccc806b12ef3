"""Who delivers stands at shipments and batches too, so that what is open of one deliverer is found without its past.

Revision 0045.
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

OPEN, UNDERWAY = sa.text("invoiced < received - returned"), sa.text("state = 'shipped'")
ASKED = sa.text("state = 'asked'")
ORDERS = """update shipment set deliverer_id =
    (select o.deliverer_id from purchase_order o where o.id = shipment.order_id)"""
SHIPMENTS = """update shipment_line set deliverer_id =
    (select s.deliverer_id from shipment s where s.id = shipment_line.shipment_id)"""


def upgrade() -> None:
    op.drop_index("ix_shipment_line_open", table_name="shipment_line")
    for table, copied in (("shipment", ORDERS), ("shipment_line", SHIPMENTS)):
        op.add_column(table, sa.Column("deliverer_id", sa.Integer(), nullable=True))
        op.execute(copied)
        with op.batch_alter_table(table) as batch:
            batch.alter_column("deliverer_id", nullable=False)
            batch.create_foreign_key(op.f(f"fk_{table}_deliverer_id"), "organisation", ["deliverer_id"], ["id"])
    _index("ix_shipment_deliverer_id", "shipment", ["deliverer_id", "due_at"], UNDERWAY)
    _index("ix_shipment_line_open", "shipment_line", ["deliverer_id", "shipment_id"], OPEN)
    _index("ix_purchase_return_asked", "purchase_return", ["shipment_id"], ASKED)
    op.create_index("ix_purchase_order_delivered", "purchase_order", ["deliverer_id", "placed_at"])
    op.create_index("ix_purchase_order_open", "purchase_order", ["company_id", "state", "due_at"])


def downgrade() -> None:
    op.drop_index("ix_purchase_order_open", table_name="purchase_order")
    op.drop_index("ix_purchase_order_delivered", table_name="purchase_order")
    op.drop_index("ix_purchase_return_asked", table_name="purchase_return")
    for table, index in (("shipment", "ix_shipment_deliverer_id"), ("shipment_line", "ix_shipment_line_open")):
        op.drop_index(index, table_name=table)
        with op.batch_alter_table(table) as batch:
            batch.drop_column("deliverer_id")
    _index("ix_shipment_line_open", "shipment_line", ["shipment_id"], OPEN)


def _index(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
