"""Time in open days, and one mail for several messages.

A deadline may be counted in open days (`open_days`); its `allowance` is then none. Deadlines already open keep theirs,
in seconds.

The previous release still works while it runs: the new columns may be null or have a default, and it reads none of
them. It would take a deadline counted in open days for one without time, so no target in open days is to be put in
force before every process runs this release.

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
    with op.batch_alter_table("deadline", recreate=_copied()) as table:
        table.add_column(sa.Column("open_days", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("deadline", recreate=_copied()) as table:
        table.drop_column("open_days")


def _copied() -> str:
    """SQLite alone copies the table; asked for at once, so that its definition reads as a new one's."""
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"
