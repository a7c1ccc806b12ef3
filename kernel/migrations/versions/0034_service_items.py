"""Service items: categories, items with versions, add-ons, exclusions and mappings, prices, annual volumes.

Revision 0034.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _category()
    _item()
    _mapping()
    _version()
    _add_on()
    _exclusion()
    _volume()
    _price()


def _category() -> None:
    op.create_table(
        "service_category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("charge", sa.String(), nullable=False),
        sa.Column("national_pattern", sa.String(), nullable=False),
        sa.Column("local_pattern", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_category")),
        sa.UniqueConstraint(
            "code", "name", "charge", "national_pattern", "local_pattern", name="uq_service_category_row"
        ),
    )
    op.create_index(op.f("ix_service_category_import_id"), "service_category", ["import_id"])


def _item() -> None:
    op.create_table(
        "service_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("standard", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_item")),
        sa.UniqueConstraint("code", "region_code", name=op.f("uq_service_item_code_region_code")),
    )
    op.create_index(op.f("ix_service_item_region_code"), "service_item", ["region_code"])


def _mapping() -> None:
    op.create_table(
        "service_item_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column("share", columns.Ratio(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("old_id <> new_id", name=op.f("ck_service_item_mapping_two")),
        sa.CheckConstraint("share is null or share > 0", name=op.f("ck_service_item_mapping_share")),
        sa.ForeignKeyConstraint(["new_id"], ["service_item.id"], name=op.f("fk_service_item_mapping_new_id")),
        sa.ForeignKeyConstraint(["old_id"], ["service_item.id"], name=op.f("fk_service_item_mapping_old_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_item_mapping")),
        sa.UniqueConstraint("old_id", "new_id", name=op.f("uq_service_item_mapping_old_id_new_id")),
    )
    op.create_index(op.f("ix_service_item_mapping_new_id"), "service_item_mapping", ["new_id"])


def _version() -> None:
    op.create_table(
        "service_item_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("pricing", sa.String(), nullable=False),
        sa.Column("category_code", sa.String(), nullable=False),
        sa.Column("category_name", sa.String(), nullable=False),
        sa.Column("charge_class", sa.String(), nullable=False),
        sa.Column("connotation", sa.String(), nullable=False),
        sa.Column("excluded", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("output", sa.String(), nullable=False),
        sa.Column("composition", sa.String(), nullable=False),
        sa.Column("specification", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("technical", sa.Boolean(), nullable=False),
        sa.Column("variable", sa.Boolean(), nullable=False),
        sa.Column("listed_price", columns.Price(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.CheckConstraint("ends_on is null or ends_on > starts_on", name=op.f("ck_service_item_version_days")),
        sa.ForeignKeyConstraint(["item_id"], ["service_item.id"], name=op.f("fk_service_item_version_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_item_version")),
        sa.UniqueConstraint("item_id", "starts_on", name=op.f("uq_service_item_version_item_id_starts_on")),
    )
    op.create_index("ix_service_item_version_category_code", "service_item_version", ["category_code"])
    op.create_index(op.f("ix_service_item_version_import_id"), "service_item_version", ["import_id"])
    op.create_index(
        "uq_service_item_version_running",
        "service_item_version",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("ends_on is null"),
        postgresql_where=sa.text("ends_on is null"),
    )


def _add_on() -> None:
    op.create_table(
        "service_item_add_on",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("amount", columns.Price(), nullable=True),
        sa.Column("percent", columns.Ratio(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'extension') = (amount is null and percent is null)", name=op.f("ck_service_item_add_on_priced")
        ),
        sa.CheckConstraint("amount is null or percent is null", name=op.f("ck_service_item_add_on_one")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["service_item_version.id"], name=op.f("fk_service_item_add_on_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_item_add_on")),
        sa.UniqueConstraint("version_id", "kind", "name", name=op.f("uq_service_item_add_on_version_id_kind_name")),
    )


def _exclusion() -> None:
    op.create_table(
        "service_item_exclusion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("category_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["service_item_version.id"], name=op.f("fk_service_item_exclusion_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_item_exclusion")),
        sa.UniqueConstraint(
            "version_id", "category_code", name=op.f("uq_service_item_exclusion_version_id_category_code")
        ),
    )
    op.create_index(op.f("ix_service_item_exclusion_category_code"), "service_item_exclusion", ["category_code"])


def _volume() -> None:
    op.create_table(
        "service_volume",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("quantity", columns.Quantity(), nullable=False),
        sa.Column("revenue", columns.Amount(), nullable=False),
        sa.CheckConstraint("quantity >= 0 and revenue >= 0", name=op.f("ck_service_volume_figures")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_service_volume_hospital_id")),
        sa.ForeignKeyConstraint(["item_id"], ["service_item.id"], name=op.f("fk_service_volume_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_volume")),
        sa.UniqueConstraint(
            "hospital_id",
            "item_id",
            "year",
            "department",
            name=op.f("uq_service_volume_hospital_id_item_id_year_department"),
        ),
    )
    op.create_index("ix_service_volume_item_id", "service_volume", ["item_id", "year"])
    op.create_index("ix_service_volume_year", "service_volume", ["year", "hospital_id"])


def _price() -> None:
    op.create_table(
        "service_price",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=True),
        sa.Column("price", columns.Price(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", columns.Moment(), nullable=False),
        sa.CheckConstraint("ends_on is null or ends_on > starts_on", name=op.f("ck_service_price_days")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_service_price_price")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_service_price_hospital_id")),
        sa.ForeignKeyConstraint(["item_id"], ["service_item.id"], name=op.f("fk_service_price_item_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_service_price_region_code")),
        sa.ForeignKeyConstraint(["set_by_id"], ["user_account.id"], name=op.f("fk_service_price_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_price")),
    )
    op.create_index("ix_service_price_hospital_id", "service_price", ["hospital_id", "item_id"])
    op.create_index("ix_service_price_item_id", "service_price", ["item_id", "region_code", "grade", "starts_on"])
    op.create_index("ix_service_price_region_code", "service_price", ["region_code", "grade"])
    op.create_index(
        "uq_service_price_hospital",
        "service_price",
        ["item_id", "hospital_id"],
        unique=True,
        sqlite_where=sa.text("hospital_id is not null and ends_on is null"),
        postgresql_where=sa.text("hospital_id is not null and ends_on is null"),
    )
    op.create_index(
        "uq_service_price_running",
        "service_price",
        ["item_id", "region_code", "grade"],
        unique=True,
        sqlite_where=sa.text("hospital_id is null and ends_on is null"),
        postgresql_where=sa.text("hospital_id is null and ends_on is null"),
    )


def downgrade() -> None:
    op.drop_table("service_price")
    op.drop_table("service_volume")
    op.drop_table("service_item_exclusion")
    op.drop_table("service_item_add_on")
    op.drop_table("service_item_version")
    op.drop_table("service_item_mapping")
    op.drop_table("service_item")
    op.drop_table("service_category")
