"""Time in open days, a RUPN's deputy, and one mail for several messages.

A deadline may be counted in open days (`open_days`); its `allowance` is then none. Deadlines already open keep theirs,
in seconds.

A RUPN may have a deputy (`account.deputy`), told when she is silent; nobody is one until somebody says so.

The previous release still works while it runs: the new columns may be null or have a default, and it reads none of
them. It would take a deadline counted in open days for one without time, so no target in open days is to be put in
force before every process runs this release; nor a ladder that names a deputy, whose steps it would set aside.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deadline", sa.Column("open_days", sa.Integer(), nullable=True))
    op.add_column("account", sa.Column("deputy", sa.Boolean(), server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    op.drop_column("account", "deputy")
    op.drop_column("deadline", "open_days")
