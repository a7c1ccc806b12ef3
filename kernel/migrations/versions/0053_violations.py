"""The violation list of rounds, and the serious ratings of other provinces.

Revision 0053.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0053"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round_violation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=True),
        sa.Column("conduct", sa.String(), nullable=False),
        sa.Column("cancels", sa.Boolean(), nullable=False),
        sa.Column("suspended_from", sa.Date(), nullable=True),
        sa.Column("suspended_until", sa.Date(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", columns.Moment(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", columns.Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("suspended_until > suspended_from", name=op.f("ck_round_violation_days")),
        sa.CheckConstraint(
            "(suspended_from is null) = (suspended_until is null)", name=op.f("ck_round_violation_both_days")
        ),
        sa.CheckConstraint("cancels or suspended_from is not null", name=op.f("ck_round_violation_effect")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_round_violation_company_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_round_violation_region_code")),
        *(
            sa.ForeignKeyConstraint([name], ["user_account.id"], name=op.f(f"fk_round_violation_{name}"))
            for name in ("proposed_by_id", "decided_by_id", "lifted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_violation")),
        sa.UniqueConstraint(
            "company_id", "round", "document", name=op.f("uq_round_violation_company_id_round_document")
        ),
    )
    for name in ("company_id", "state"):
        op.create_index(op.f(f"ix_round_violation_{name}"), "round_violation", [name])
    _national()


def _national() -> None:
    op.create_table(
        "national_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("matter", sa.String(40), nullable=False),
        sa.Column("benchmark", sa.String(), nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("brought_at", columns.Moment(), nullable=False),
        sa.Column("ended_at", columns.Moment(), nullable=True),
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name=op.f("ck_national_rating_days")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_national_rating_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_national_rating")),
        sa.UniqueConstraint("region_code", "number", name=op.f("uq_national_rating_region_code_number")),
    )
    op.create_index(op.f("ix_national_rating_code"), "national_rating", ["code"])
    op.create_table(
        "national_rating_product",
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("approval_number", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["national_rating.id"], name=op.f("fk_national_rating_product_rating_id")
        ),
        sa.PrimaryKeyConstraint("rating_id", "approval_number", name=op.f("pk_national_rating_product")),
    )
    op.create_index(
        op.f("ix_national_rating_product_approval_number"), "national_rating_product", ["approval_number"]
    )


def downgrade() -> None:
    for name in ("national_rating_product", "national_rating", "round_violation"):
        op.drop_table(name)
