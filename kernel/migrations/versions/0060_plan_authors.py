"""Who drafted a price plan or changed what it says, so that others vote on it.

Of the plans that there are the drafters come from the plans themselves, the others from the journal.

Revision 0060.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

TAGS = ("adjustment.filled", "adjustment.lines-set", "adjustment.lines-removed")
DRAFTERS = """
insert into adjustment_author (plan_id, user_id, at)
select id, made_by_id, made_at from adjustment_plan where made_by_id is not null order by id
"""
OTHERS = """
insert into adjustment_author (plan_id, user_id, at)
select plan.id, who.id, max(entry.at)
from audit_entry entry
join adjustment_plan plan on cast(plan.id as varchar(20)) = entry.subject_id
join user_account who on who.id = entry.actor_id
where entry.subject_kind = 'adjustment_plan' and entry.tag in (:filled, :set, :removed)
and not exists (select 1 from adjustment_author own where own.plan_id = plan.id and own.user_id = who.id)
group by plan.id, who.id order by plan.id, min(entry.id)
"""


def upgrade() -> None:
    op.create_table(
        "adjustment_author",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["adjustment_plan.id"], name=op.f("fk_adjustment_author_plan_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_adjustment_author_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment_author")),
        sa.UniqueConstraint("plan_id", "user_id", name=op.f("uq_adjustment_author_plan_id_user_id")),
    )
    op.execute(DRAFTERS)
    op.execute(sa.text(OTHERS).bindparams(**dict(zip(("filled", "set", "removed"), TAGS, strict=True))))


def downgrade() -> None:
    op.drop_table("adjustment_author")
