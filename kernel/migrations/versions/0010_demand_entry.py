"""Demand: who joins of their own accord, drafts that save themselves, reminders of a report's own moment.

Revision 0010. Pharmacies that have reported already joined when they last saved.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SWITCHES = ("private_join", "pharmacies_join", "joined_count")


def upgrade() -> None:
    op.add_column("organisation", sa.Column("ownership", sa.String(length=40), nullable=True))
    for name in SWITCHES:
        op.add_column("demand_call", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("demand_call", sa.Column("nudged_at", columns.Moment(), nullable=True))
    op.add_column("demand_report", sa.Column("reminded", sa.Integer(), nullable=True))
    op.add_column("demand_report", sa.Column("told_at", columns.Moment(), nullable=True))
    op.create_table(
        "demand_joining",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", columns.Moment(), nullable=False),
        sa.Column("joined_by_id", sa.Integer(), nullable=True),
        sa.Column("left_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["demand_call.id"], name=op.f("fk_demand_joining_call_id_demand_call")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_demand_joining_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["joined_by_id"], ["user_account.id"], name=op.f("fk_demand_joining_joined_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_joining")),
        sa.UniqueConstraint("call_id", "organisation_id", name=op.f("uq_demand_joining_call_id_organisation_id")),
    )
    for name in ("call_id", "organisation_id"):
        op.create_index(op.f(f"ix_demand_joining_{name}"), "demand_joining", [name])
    op.execute(
        "insert into demand_joining (call_id, organisation_id, joined_at, joined_by_id)"
        " select r.call_id, r.hospital_id, r.saved_at, r.submitted_by_id from demand_report r"
        " join organisation o on o.id = r.hospital_id where o.kind = 'pharmacy'"
    )


def downgrade() -> None:
    op.drop_table("demand_joining")
    for table, names in (
        ("demand_report", ("told_at", "reminded")), ("demand_call", ("nudged_at", *SWITCHES[::-1])),
        ("organisation", ("ownership",)),
    ):  # fmt: skip
        with op.batch_alter_table(table) as batch:
            for name in names:
                batch.drop_column(name)
