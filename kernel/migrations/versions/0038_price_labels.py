"""Labels of listed prices, their rule sets and regions.

Revision 0038.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("label_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("rules", columns.Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_run"))
    )
    op.create_table("label_region",
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_label_region_by_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_label_region_region_code")),
        sa.PrimaryKeyConstraint("region_code", name=op.f("pk_label_region"))
    )
    op.create_table("label_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("values", columns.Json(), nullable=False),
        sa.Column("parameter", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", columns.Moment(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user_account.id"], name=op.f("fk_label_set_approved_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_label_set_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_set")),
        sa.UniqueConstraint("code", "number", name=op.f("uq_label_set_code_number"))
    )
    op.create_table("price_summary",
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("highest_winning", columns.Price(), nullable=True),
        sa.Column("highest_listed", columns.Price(), nullable=False),
        sa.Column("percentile_75", columns.Price(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["specification_id"], ["specification.id"], name=op.f("fk_price_summary_specification_id")),
        sa.PrimaryKeyConstraint("specification_id", name=op.f("pk_price_summary"))
    )
    op.create_table("label_band",
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("anchor", columns.Ratio(), nullable=False),
        sa.Column("first", columns.Price(), nullable=False),
        sa.Column("yellow", columns.Price(), nullable=True),
        sa.Column("red", columns.Price(), nullable=True),
        sa.Column("suspend", columns.Price(), nullable=True),
        sa.Column("outside_only", sa.Boolean(), nullable=False),
        sa.Column("given", columns.Json(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_label_band_product_id")),
        sa.ForeignKeyConstraint(["set_id"], ["label_set.id"], name=op.f("fk_label_band_set_id")),
        sa.PrimaryKeyConstraint("set_id", "product_id", name=op.f("pk_label_band"))
    )
    op.create_table("product_evaluation",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_product_evaluation_by_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_evaluation_product_id")),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_evaluation"))
    )
    with op.batch_alter_table("product_evaluation") as table:
        table.create_index(table.f("ix_product_evaluation_at"), ["at"], unique=False)
    op.create_table("price_label",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("price", columns.Price(), nullable=False),
        sa.Column("anchor", columns.Ratio(), nullable=False),
        sa.Column("ratio", columns.Ratio(), nullable=False),
        sa.Column("product_kind", sa.String(40), nullable=False),
        sa.Column("given", columns.Json(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until is null or until >= since", name=op.f("ck_price_label_days")),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_price_label_listing_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_price_label_product_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_price_label_region_code")),
        sa.ForeignKeyConstraint(["set_id"], ["label_set.id"], name=op.f("fk_price_label_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_label"))
    )
    with op.batch_alter_table("price_label") as table:
        table.create_index(table.f("ix_price_label_listing_id"), ["listing_id"], unique=False)
        table.create_index(table.f("ix_price_label_product_id"), ["product_id"], unique=False)
        table.create_index("ix_price_label_region_code", ["region_code", "until"], unique=False)
        table.create_index("uq_price_label_open", ["product_id", "region_code", "kind"], unique=True, sqlite_where=sa.text("until is null"), postgresql_where=sa.text("until is null"))
    with op.batch_alter_table("listing") as table:
        table.create_index("ix_listing_ends", ["ends"], unique=False, sqlite_where=sa.text("ends is not null"), postgresql_where=sa.text("ends is not null"))
        table.create_index("ix_listing_suspended_on", ["suspended_on"], unique=False, sqlite_where=sa.text("suspended_on is not null"), postgresql_where=sa.text("suspended_on is not null"))


def downgrade() -> None:
    with op.batch_alter_table("listing") as table:
        table.drop_index("ix_listing_suspended_on", sqlite_where=sa.text("suspended_on is not null"), postgresql_where=sa.text("suspended_on is not null"))
        table.drop_index("ix_listing_ends", sqlite_where=sa.text("ends is not null"), postgresql_where=sa.text("ends is not null"))
    with op.batch_alter_table("price_label") as table:
        table.drop_index("uq_price_label_open", sqlite_where=sa.text("until is null"), postgresql_where=sa.text("until is null"))
        table.drop_index("ix_price_label_region_code")
        table.drop_index(table.f("ix_price_label_product_id"))
        table.drop_index(table.f("ix_price_label_listing_id"))
    op.drop_table("price_label")
    with op.batch_alter_table("product_evaluation") as table:
        table.drop_index(table.f("ix_product_evaluation_at"))
    op.drop_table("product_evaluation")
    op.drop_table("label_band")
    op.drop_table("price_summary")
    op.drop_table("label_set")
    op.drop_table("label_region")
    op.drop_table("label_run")
