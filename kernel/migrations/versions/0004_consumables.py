"""Consumables and their categories.

Revision 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXTS = ("class_1 class_2 class_3 material feature certificate product_name company_code udi unit note").split()


def upgrade() -> None:
    op.create_table(
        "consumable",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("generic_name", sa.String(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=True) for name in TEXTS),
        sa.Column("models", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consumable")),
        sa.UniqueConstraint("code", name=op.f("uq_consumable_code")),
    )
    op.create_index("ix_consumable_company", "consumable", ["company", "generic_name"])
    for name in ("generic_name", "certificate", "company_code", "udi", "import_id"):
        op.create_index(op.f(f"ix_consumable_{name}"), "consumable", [name])
    op.create_table(
        "consumable_category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("charge", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consumable_category")),
        sa.UniqueConstraint("code", name=op.f("uq_consumable_category_code")),
    )
    op.create_index(op.f("ix_consumable_category_import_id"), "consumable_category", ["import_id"])


def downgrade() -> None:
    op.drop_table("consumable_category")
    op.drop_table("consumable")
