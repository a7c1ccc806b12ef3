"""New items: rounds, applications, decisions, experts' places and scores, objections, trials and reports on them.

Revision 0036.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _round()
    _application()
    _objection()
    _opinion()
    _report()
    _seat()
    _trial()
    _score()


def _round() -> None:
    op.create_table(
        "item_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("opens_at", columns.Moment(), nullable=False),
        sa.Column("closes_at", columns.Moment(), nullable=False),
        sa.Column("publicity_workdays", sa.Integer(), nullable=False),
        sa.Column("least_experts", sa.Integer(), nullable=False),
        sa.Column("midterm_months", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", columns.Moment(), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_item_round_days")),
        sa.CheckConstraint(
            "publicity_workdays > 0 and least_experts > 0 and midterm_months > 0", name=op.f("ck_item_round_numbers")
        ),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_item_round_region_code")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_item_round_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_round")),
        sa.UniqueConstraint("region_code", "title", name=op.f("uq_item_round_region_code_title")),
    )


def _application() -> None:
    op.create_table(
        "item_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("connotation", sa.String(), nullable=False),
        sa.Column("excluded", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("output", sa.String(), nullable=False),
        sa.Column("composition", sa.String(), nullable=False),
        sa.Column("category_code", sa.String(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("cost", sa.String(), nullable=False),
        sa.Column("price", columns.Price(), nullable=True),
        sa.Column("likes", columns.Json(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", columns.Moment(), nullable=False),
        sa.Column("submitted_at", columns.Moment(), nullable=True),
        sa.Column("moved_at", columns.Moment(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("due_at", columns.Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["item_round.id"], name=op.f("fk_item_application_round_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_item_application_hospital_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_item_application_region_code")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_item_application_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_application")),
        sa.UniqueConstraint("number", name=op.f("uq_item_application_number")),
    )
    op.create_index(op.f("ix_item_application_hospital_id"), "item_application", ["hospital_id"])
    op.create_index(op.f("ix_item_application_round_id"), "item_application", ["round_id"])
    op.create_index(op.f("ix_item_application_state"), "item_application", ["state", "region_code"])


def _objection() -> None:
    op.create_table(
        "item_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=False),
        sa.Column("filed_at", columns.Moment(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("replied_at", columns.Moment(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", columns.Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["item_application.id"], name=op.f("fk_item_objection_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_item_objection_organisation_id")
        ),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user_account.id"], name=op.f("fk_item_objection_filed_by_id")),
        sa.ForeignKeyConstraint(["replied_by_id"], ["user_account.id"], name=op.f("fk_item_objection_replied_by_id")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user_account.id"], name=op.f("fk_item_objection_confirmed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_objection")),
    )
    op.create_index(op.f("ix_item_objection_application_id"), "item_objection", ["application_id"])
    op.create_index(op.f("ix_item_objection_organisation_id"), "item_objection", ["organisation_id"])


def _opinion() -> None:
    op.create_table(
        "item_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("extended_to", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", columns.Moment(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.CheckConstraint("(verdict = 'reject') = (ground is not null)", name=op.f("ck_item_opinion_ground")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["item_application.id"], name=op.f("fk_item_opinion_application_id")
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user_account.id"], name=op.f("fk_item_opinion_proposed_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_item_opinion_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_opinion")),
    )
    op.create_index(op.f("ix_item_opinion_application_id"), "item_opinion", ["application_id"])
    op.create_index(
        "uq_item_opinion_open", "item_opinion", ["application_id"], unique=True,
        sqlite_where=sa.text("state = 'opinion-proposed'"), postgresql_where=sa.text("state = 'opinion-proposed'"),
    )  # fmt: skip


def _report() -> None:
    op.create_table(
        "item_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("revenue", columns.Amount(), nullable=False),
        sa.Column("adverse", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=False),
        sa.Column("filed_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["item_application.id"], name=op.f("fk_item_report_application_id")
        ),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user_account.id"], name=op.f("fk_item_report_filed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_report")),
    )
    op.create_index(op.f("ix_item_report_application_id"), "item_report", ["application_id"])


def _seat() -> None:
    op.create_table(
        "item_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.Column("named_at", columns.Moment(), nullable=False),
        sa.Column("declared_at", columns.Moment(), nullable=True),
        sa.Column("conflict", sa.String(), nullable=False),
        sa.Column("recommends", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("submitted_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["item_application.id"], name=op.f("fk_item_seat_application_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_item_seat_user_id")),
        sa.ForeignKeyConstraint(["named_by_id"], ["user_account.id"], name=op.f("fk_item_seat_named_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_seat")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_item_seat_application_id_number")),
        sa.UniqueConstraint("application_id", "user_id", name=op.f("uq_item_seat_application_id_user_id")),
    )
    op.create_index(op.f("ix_item_seat_user_id"), "item_seat", ["user_id"])


def _trial() -> None:
    op.create_table(
        "item_trial",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("price", columns.Price(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("midterm_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("told_midterm_at", columns.Moment(), nullable=True),
        sa.Column("told_formal_at", columns.Moment(), nullable=True),
        sa.CheckConstraint("ends_on is null or ends_on > starts_on", name=op.f("ck_item_trial_days")),
        sa.ForeignKeyConstraint(["application_id"], ["item_application.id"], name=op.f("fk_item_trial_application_id")),
        sa.ForeignKeyConstraint(["item_id"], ["service_item.id"], name=op.f("fk_item_trial_item_id")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_item_trial")),
        sa.UniqueConstraint("item_id", name=op.f("uq_item_trial_item_id")),
    )
    op.create_index(op.f("ix_item_trial_ends_on"), "item_trial", ["ends_on"])


def _score() -> None:
    op.create_table(
        "item_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("score", columns.Amount(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["item_seat.id"], name=op.f("fk_item_score_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_score")),
        sa.UniqueConstraint("seat_id", "criterion", name=op.f("uq_item_score_seat_id_criterion")),
    )


def downgrade() -> None:
    op.drop_table("item_score")
    op.drop_table("item_trial")
    op.drop_table("item_seat")
    op.drop_table("item_report")
    op.drop_table("item_opinion")
    op.drop_table("item_objection")
    op.drop_table("item_application")
    op.drop_table("item_round")
