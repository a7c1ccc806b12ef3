"""The register of drug codes and the products of local lists.

Revision 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXTS = (
    "trade_name registered_form actual_form registered_spec actual_spec packaging preparation_unit packing_unit "
    "company_code approval_number standard_code list_class list_number list_name list_form note"
).split()
LOCAL = "trade_name specification form maker approval_number packing_unit preparation_unit drug_code note".split()


def upgrade() -> None:
    op.create_table(
        "coded_drug",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("registered_name", sa.String(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=True) for name in TEXTS),
        sa.Column("pack_quantity", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coded_drug")),
        sa.UniqueConstraint("code", name=op.f("uq_coded_drug_code")),
    )
    op.create_index("ix_coded_drug_company", "coded_drug", ["company", "registered_name"])
    for name in ("registered_name", "company_code", "approval_number", "standard_code", "list_name", "import_id"):
        op.create_index(op.f(f"ix_coded_drug_{name}"), "coded_drug", [name])
    op.create_table(
        "local_product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_name", sa.String(), nullable=False),
        sa.Column("local_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=True) for name in LOCAL),
        sa.Column("pack_quantity", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_product")),
        sa.UniqueConstraint("list_name", "local_code", name=op.f("uq_local_product_list_name_local_code")),
    )
    for name in ("approval_number", "drug_code", "import_id"):
        op.create_index(op.f(f"ix_local_product_{name}"), "local_product", [name])


def downgrade() -> None:
    op.drop_table("local_product")
    op.drop_table("coded_drug")
