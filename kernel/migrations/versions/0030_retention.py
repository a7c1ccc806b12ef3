"""Runs of the retained balance, what goes into them, and the rule sets they go by.

Revision 0030.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retention_exemption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_retention_exemption_hospital_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_retention_exemption_lot_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_retention_exemption_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_exemption")),
        sa.UniqueConstraint(
            "hospital_id", "lot_id", "year", name=op.f("uq_retention_exemption_hospital_id_lot_id_year")
        ),
    )
    op.create_table(
        "retention_other_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", columns.Amount(), nullable=False),
        sa.Column("passed", columns.Amount(), nullable=False),
        sa.Column("drg", columns.Amount(), nullable=False),
        sa.CheckConstraint(
            "amount >= 0 and passed >= 0 and drg >= 0 and passed + drg <= amount",
            name=op.f("ck_retention_other_use_amounts"),
        ),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_retention_other_use_hospital_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_retention_other_use_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_other_use")),
        sa.UniqueConstraint(
            "hospital_id", "lot_id", "year", name=op.f("uq_retention_other_use_hospital_id_lot_id_year")
        ),
    )
    op.create_table(
        "retention_pool_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("r", columns.Ratio(), nullable=False),
        sa.Column("s", columns.Ratio(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.CheckConstraint("r >= 0 and s >= 0", name=op.f("ck_retention_pool_share_shares")),
        sa.ForeignKeyConstraint(["area_code"], ["region.code"], name=op.f("fk_retention_pool_share_area_code")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_retention_pool_share_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_pool_share")),
        sa.UniqueConstraint("area_code", "year", name=op.f("uq_retention_pool_share_area_code_year")),
    )
    op.create_table(
        "retention_prior_purchase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("price", columns.Price(), nullable=False),
        sa.Column("quantity", columns.Quantity(), nullable=False),
        sa.CheckConstraint("price >= 0 and quantity > 0", name=op.f("ck_retention_prior_purchase_figures")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_retention_prior_purchase_lot_id")),
        sa.ForeignKeyConstraint(["area_code"], ["region.code"], name=op.f("fk_retention_prior_purchase_area_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_prior_purchase")),
        sa.UniqueConstraint(
            "lot_id", "area_code", "product", name=op.f("uq_retention_prior_purchase_lot_id_area_code_product")
        ),
    )
    op.create_table(
        "retention_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("values", columns.Json(), nullable=False),
        sa.Column("parameter", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", columns.Moment(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_retention_rules_made_by_id")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user_account.id"], name=op.f("fk_retention_rules_approved_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rules")),
        sa.UniqueConstraint("code", "number", name=op.f("uq_retention_rules_code_number")),
    )
    op.create_table(
        "retention_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("rules_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("lines_count", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", columns.Moment(), nullable=False),
        sa.Column("sent_at", columns.Moment(), nullable=True),
        sa.Column("confirm_by", columns.Moment(), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", columns.Moment(), nullable=True),
        sa.Column("objections_until", columns.Moment(), nullable=True),
        sa.Column("applied_by_id", sa.Integer(), nullable=True),
        sa.Column("applied_at", columns.Moment(), nullable=True),
        sa.Column("application", sa.String(), nullable=False),
        sa.Column("paid_by_id", sa.Integer(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("payment", sa.String(), nullable=False),
        sa.Column("closed_at", columns.Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("budget", columns.Amount(), nullable=False),
        sa.Column("spend", columns.Amount(), nullable=False),
        sa.Column("base", columns.Amount(), nullable=False),
        sa.Column("retained", columns.Amount(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_retention_run_round_id")),
        sa.ForeignKeyConstraint(["area_code"], ["region.code"], name=op.f("fk_retention_run_area_code")),
        sa.ForeignKeyConstraint(["previous_id"], ["retention_run.id"], name=op.f("fk_retention_run_previous_id")),
        sa.ForeignKeyConstraint(["rules_id"], ["retention_rules.id"], name=op.f("fk_retention_run_rules_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_retention_run_made_by_id")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["user_account.id"], name=op.f("fk_retention_run_published_by_id")
        ),
        sa.ForeignKeyConstraint(["applied_by_id"], ["user_account.id"], name=op.f("fk_retention_run_applied_by_id")),
        sa.ForeignKeyConstraint(["paid_by_id"], ["user_account.id"], name=op.f("fk_retention_run_paid_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
        sa.UniqueConstraint(
            "round_id", "year", "area_code", "number", name=op.f("uq_retention_run_round_id_year_area_code_number")
        ),
    )
    op.create_table(
        "retention_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("q0", columns.Quantity(), nullable=False),
        sa.Column("p0", columns.Factor(), nullable=False),
        sa.Column("qc", columns.Quantity(), nullable=False),
        sa.Column("pw", columns.Factor(), nullable=False),
        sa.Column("n", columns.Amount(), nullable=False),
        sa.Column("n_passed", columns.Amount(), nullable=False),
        sa.Column("n_drg", columns.Amount(), nullable=False),
        sa.Column("r", columns.Ratio(), nullable=False),
        sa.Column("s", columns.Ratio(), nullable=False),
        sa.Column("r_last", columns.Ratio(), nullable=True),
        sa.Column("s_last", columns.Ratio(), nullable=True),
        sa.Column("used", columns.Quantity(), nullable=False),
        sa.Column("won", columns.Amount(), nullable=False),
        sa.Column("completed", sa.Boolean(), nullable=False),
        sa.Column("exempt", sa.Boolean(), nullable=False),
        sa.Column("score", columns.Ratio(), nullable=False),
        sa.Column("k", columns.Ratio(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("budget", columns.Amount(), nullable=False),
        sa.Column("spend", columns.Amount(), nullable=False),
        sa.Column("base", columns.Amount(), nullable=False),
        sa.Column("retained", columns.Amount(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["retention_run.id"], name=op.f("fk_retention_line_run_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_retention_line_hospital_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_retention_line_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_line")),
        sa.UniqueConstraint(
            "run_id", "hospital_id", "lot_id", name=op.f("uq_retention_line_run_id_hospital_id_lot_id")
        ),
    )
    op.create_table(
        "retention_points",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("value", columns.Ratio(), nullable=True),
        sa.Column("points", columns.Ratio(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("points is null or points >= 0", name=op.f("ck_retention_points_points")),
        sa.ForeignKeyConstraint(["run_id"], ["retention_run.id"], name=op.f("fk_retention_points_run_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_retention_points_hospital_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_points")),
        sa.UniqueConstraint(
            "run_id", "hospital_id", "indicator", name=op.f("uq_retention_points_run_id_hospital_id_indicator")
        ),
    )
    op.create_table(
        "retention_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("lines_count", sa.Integer(), nullable=False),
        sa.Column("score", columns.Ratio(), nullable=False),
        sa.Column("scored", sa.Boolean(), nullable=False),
        sa.Column("distributed", columns.Amount(), nullable=True),
        sa.Column("distribution", sa.String(), nullable=False),
        sa.Column("reported_at", columns.Moment(), nullable=True),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("budget", columns.Amount(), nullable=False),
        sa.Column("spend", columns.Amount(), nullable=False),
        sa.Column("base", columns.Amount(), nullable=False),
        sa.Column("retained", columns.Amount(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["retention_run.id"], name=op.f("fk_retention_share_run_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_retention_share_hospital_id")),
        sa.ForeignKeyConstraint(
            ["reported_by_id"], ["user_account.id"], name=op.f("fk_retention_share_reported_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_share")),
        sa.UniqueConstraint("run_id", "hospital_id", name=op.f("uq_retention_share_run_id_hospital_id")),
    )
    op.create_index(op.f("ix_retention_share_hospital_id"), "retention_share", ["hospital_id"])
    op.create_table(
        "retention_dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", columns.Moment(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["retention_line.id"], name=op.f("fk_retention_dispute_line_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user_account.id"], name=op.f("fk_retention_dispute_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_retention_dispute_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_dispute")),
    )
    op.create_index(op.f("ix_retention_dispute_line_id"), "retention_dispute", ["line_id"])


def downgrade() -> None:
    op.drop_table("retention_dispute")
    op.drop_table("retention_share")
    op.drop_table("retention_points")
    op.drop_table("retention_line")
    op.drop_table("retention_run")
    op.drop_table("retention_rules")
    op.drop_table("retention_prior_purchase")
    op.drop_table("retention_pool_share")
    op.drop_table("retention_other_use")
    op.drop_table("retention_exemption")
