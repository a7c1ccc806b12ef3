"""The search: entries whose id is their place, and an index over their tokens.

Revision 0005. Entries are derived: the old ones are dropped, a job (or `jicai catalogue reindex`) writes them anew.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_search_entry_kind"), table_name="search_entry")
    op.drop_table("search_entry")
    op.create_table(
        "search_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("facts", columns.Json(), nullable=False),
        sa.Column("facets", sa.String(), nullable=False),
        sa.Column("flags", sa.String(), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("haystack", sa.String(), nullable=False),
        sa.Column("sounds", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_search_entry_kind_subject_id")),
    )
    op.create_index(
        "ix_search_entry_stale", "search_entry", ["id"],
        sqlite_where=sa.text("stale"), postgresql_where=sa.text("stale"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5(tokens, content='', detail=none, columnsize=0, "
            "tokenize=\"ascii tokenchars '^=~>:'\")"
        )
    else:
        letter = 1 << 55
        bounds = [half * letter for half in range(8, 30)] + [length * 2 * letter for length in (15, 17, 21, 25)]
        ends = ["MINVALUE", *map(str, bounds), "MAXVALUE"]
        op.execute(
            'CREATE TABLE search_index (id bigint NOT NULL, tokens text[] COLLATE "C" NOT NULL) PARTITION BY RANGE (id)'
        )
        for number, (low, high) in enumerate(zip(ends, ends[1:], strict=False)):
            op.execute(
                f"CREATE TABLE search_index_a{number} PARTITION OF search_index FOR VALUES FROM ({low}) TO ({high})"
            )
        op.execute("CREATE INDEX ix_search_index_tokens ON search_index USING gin (tokens)")
        op.execute("CREATE INDEX ix_search_index_id ON search_index USING hash (id)")


def downgrade() -> None:
    op.execute("DROP TABLE search_index")
    op.drop_index("ix_search_entry_stale", table_name="search_entry")
    op.drop_table("search_entry")
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("haystack", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_search_entry_kind_subject_id")),
    )
    op.create_index(op.f("ix_search_entry_kind"), "search_entry", ["kind"], unique=False)
