"""Second looks at corrections; what was told when of the ends of other provinces' ratings, and who confirmed it.

Revision 0061.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = op.f("fk_credit_correction_confirmed_by_id")
    with op.batch_alter_table("credit_correction") as table:
        table.add_column(sa.Column("confirmed_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("confirmed_at", columns.Moment(), nullable=True))
        table.create_foreign_key(key, "user_account", ["confirmed_by_id"], ["id"])
    op.create_table(
        "national_rating_end",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("told_by_id", sa.Integer(), nullable=True),
        sa.Column("told_at", columns.Moment(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["rating_id"], ["national_rating.id"], name=op.f("fk_national_rating_end_rating_id")),
        *(
            sa.ForeignKeyConstraint([name], ["user_account.id"], name=op.f(f"fk_national_rating_end_{name}"))
            for name in ("told_by_id", "confirmed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_national_rating_end")),
    )
    op.create_index(op.f("ix_national_rating_end_rating_id"), "national_rating_end", ["rating_id"])
    _keep()
    with op.batch_alter_table("national_rating") as table:
        table.drop_column("ended_at")


def _keep() -> None:
    """Take over what is known: an end told later than its rating, and before it none; all of it bars already."""
    into = "insert into national_rating_end (rating_id, ends_on, told_at, confirmed_at) select id,"
    op.execute(f"{into} null, brought_at, brought_at from national_rating where ended_at > brought_at order by id")
    op.execute(
        f"{into} ends_on, coalesce(ended_at, brought_at), coalesce(ended_at, brought_at) from national_rating order by id"
    )


def downgrade() -> None:
    with op.batch_alter_table("national_rating") as table:
        table.add_column(sa.Column("ended_at", columns.Moment(), nullable=True))
    last = "select max(told_at) from national_rating_end where rating_id = national_rating.id"
    op.execute(f"update national_rating set ended_at = ({last}) where ends_on is not null")
    op.drop_table("national_rating_end")
    with op.batch_alter_table("credit_correction") as table:
        table.drop_constraint(op.f("fk_credit_correction_confirmed_by_id"), type_="foreignkey")
        table.drop_column("confirmed_at")
        table.drop_column("confirmed_by_id")
