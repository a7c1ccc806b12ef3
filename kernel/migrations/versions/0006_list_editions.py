"""Editions of the national drug list.

Revision 0006.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('list_edition',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('made_at', columns.Moment(), nullable=False),
    sa.Column('issued_by', sa.Integer(), nullable=True),
    sa.Column('issued_name', sa.String(), nullable=False),
    sa.Column('issued_at', columns.Moment(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('valid_until is null or valid_until > valid_from', name=op.f('ck_list_edition_period')),
    sa.ForeignKeyConstraint(['issued_by'], ['user_account.id'], name=op.f('fk_list_edition_issued_by')),
    sa.ForeignKeyConstraint(['made_by'], ['user_account.id'], name=op.f('fk_list_edition_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_list_edition')),
    sa.UniqueConstraint('code', name=op.f('uq_list_edition_code'))
    )
    op.create_index(op.f('ix_list_edition_state'), 'list_edition', ['state'], unique=False)
    op.create_index(op.f('ix_list_edition_valid_from'), 'list_edition', ['valid_from'], unique=False)
    op.create_table('list_reading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('read_at', columns.Moment(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('user_name', sa.String(), nullable=False),
    sa.Column('counts', columns.Json(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['list_edition.id'], name=op.f('fk_list_reading_edition_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_list_reading_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_list_reading'))
    )
    op.create_index(op.f('ix_list_reading_edition_id'), 'list_reading', ['edition_id'], unique=False)
    op.create_table('list_class',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=40), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('parent_code', sa.String(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['list_edition.id'], name=op.f('fk_list_class_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_list_class')),
    sa.UniqueConstraint('edition_id', 'part', 'code', name=op.f('uq_list_class_edition_id_part_code'))
    )
    op.create_table('list_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('occurrence', sa.Integer(), nullable=False),
    sa.Column('is_repeat', sa.Boolean(), nullable=False),
    sa.Column('grade', sa.String(length=40), nullable=True),
    sa.Column('class_code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_key', sa.String(), nullable=False),
    sa.Column('form', sa.String(), nullable=False),
    sa.Column('standard', sa.String(), nullable=False),
    sa.Column('standard_lines', columns.Json(), nullable=False),
    sa.Column('agreed_from', sa.Date(), nullable=True),
    sa.Column('agreed_until', sa.Date(), nullable=True),
    sa.Column('restriction', sa.String(), nullable=False),
    sa.Column('restriction_read', columns.Json(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('sheet', sa.String(), nullable=False),
    sa.Column('sheet_row', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['list_edition.id'], name=op.f('fk_list_entry_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_list_entry')),
    sa.UniqueConstraint('edition_id', 'part', 'number', 'occurrence', name=op.f('uq_list_entry_edition_id_part_number_occurrence'))
    )
    op.create_index('ix_list_entry_class', 'list_entry', ['edition_id', 'part', 'class_code'], unique=False)
    op.create_index(op.f('ix_list_entry_name_key'), 'list_entry', ['name_key'], unique=False)
    op.create_index('ix_list_entry_order', 'list_entry', ['edition_id', 'position'], unique=False)
    op.create_table('list_match',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('product_name', sa.String(), nullable=False),
    sa.Column('certainty', columns.Ratio(), nullable=False),
    sa.Column('reasons', columns.Json(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_name', sa.String(), nullable=False),
    sa.Column('decided_at', columns.Moment(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['user_account.id'], name=op.f('fk_list_match_decided_by')),
    sa.ForeignKeyConstraint(['edition_id'], ['list_edition.id'], name=op.f('fk_list_match_edition_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['list_entry.id'], name=op.f('fk_list_match_entry_id')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_list_match_product_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_list_match')),
    sa.UniqueConstraint('entry_id', 'product_id', name=op.f('uq_list_match_entry_id_product_id'))
    )
    op.create_index(op.f('ix_list_match_product_id'), 'list_match', ['product_id'], unique=False)
    op.create_index('ix_list_match_question', 'list_match', ['edition_id', 'state', 'entry_id', 'product_name'], unique=False)


def downgrade() -> None:
    for table in ("list_match", "list_entry", "list_class", "list_reading", "list_edition"):
        op.drop_table(table)
