"""Panels of experts and their scores; which round another renews.

Revision 0016.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('expert_panel',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('method', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('seed', sa.String(), nullable=False),
    sa.Column('pool', columns.Json(), nullable=False),
    sa.Column('due_at', columns.Moment(), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('made_at', columns.Moment(), nullable=False),
    sa.Column('told_at', columns.Moment(), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', columns.Moment(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['ended_by_id'], ['user_account.id'], name=op.f('fk_expert_panel_ended_by_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['user_account.id'], name=op.f('fk_expert_panel_made_by_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_expert_panel_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expert_panel'))
    )
    op.create_index(op.f('ix_expert_panel_round_id'), 'expert_panel', ['round_id'], unique=False)
    op.create_table('expert_seat',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('panel_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=False),
    sa.Column('proposed_at', columns.Moment(), nullable=False),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=True),
    sa.Column('confirmed_at', columns.Moment(), nullable=True),
    sa.Column('declared_at', columns.Moment(), nullable=True),
    sa.Column('replaced_at', columns.Moment(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['user_account.id'], name=op.f('fk_expert_seat_confirmed_by_id')),
    sa.ForeignKeyConstraint(['panel_id'], ['expert_panel.id'], name=op.f('fk_expert_seat_panel_id')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['user_account.id'], name=op.f('fk_expert_seat_proposed_by_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_expert_seat_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expert_seat')),
    sa.UniqueConstraint('panel_id', 'number', name=op.f('uq_expert_seat_panel_id_number')),
    sa.UniqueConstraint('panel_id', 'user_id', name=op.f('uq_expert_seat_panel_id_user_id'))
    )
    op.create_index(op.f('ix_expert_seat_user_id'), 'expert_seat', ['user_id'], unique=False)
    op.create_table('expert_declaration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('company_id', sa.Integer(), nullable=False),
    sa.Column('conflict', sa.Boolean(), nullable=False),
    sa.Column('ground', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['organisation.id'], name=op.f('fk_expert_declaration_company_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['expert_seat.id'], name=op.f('fk_expert_declaration_seat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expert_declaration')),
    sa.UniqueConstraint('seat_id', 'company_id', name=op.f('uq_expert_declaration_seat_id_company_id'))
    )
    op.create_table('score_sheet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('lot_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('submitted_at', columns.Moment(), nullable=True),
    sa.Column('returned_at', columns.Moment(), nullable=True),
    sa.Column('returned_by_id', sa.Integer(), nullable=True),
    sa.Column('return_reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_score_sheet_lot_id')),
    sa.ForeignKeyConstraint(['returned_by_id'], ['user_account.id'], name=op.f('fk_score_sheet_returned_by_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['expert_seat.id'], name=op.f('fk_score_sheet_seat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score_sheet')),
    sa.UniqueConstraint('seat_id', 'lot_id', name=op.f('uq_score_sheet_seat_id_lot_id'))
    )
    op.create_index(op.f('ix_score_sheet_lot_id'), 'score_sheet', ['lot_id'], unique=False)
    op.create_table('expert_score',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sheet_id', sa.Integer(), nullable=False),
    sa.Column('company_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(), nullable=False),
    sa.Column('score', columns.Amount(), nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['organisation.id'], name=op.f('fk_expert_score_company_id')),
    sa.ForeignKeyConstraint(['sheet_id'], ['score_sheet.id'], name=op.f('fk_expert_score_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expert_score')),
    sa.UniqueConstraint('sheet_id', 'company_id', 'item', name=op.f('uq_expert_score_sheet_id_company_id_item'))
    )
    # in place: rebuilding the table, as SQLite's batch does, would drop what other tables point at
    op.execute('alter table round add column renews_id integer constraint fk_round_renews_id references round (id)')


def downgrade() -> None:
    for name in ('expert_score', 'score_sheet', 'expert_declaration', 'expert_seat', 'expert_panel'):
        op.drop_table(name)
    with op.batch_alter_table('round') as table:  # the constraint goes with its column
        table.drop_column('renews_id')
