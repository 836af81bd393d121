"""By what each step of a ticket's ladder tells, copied with the rest of the ladder when the ticket opens.

The steps already there tell by mail, the one channel there has been. The previous release still works while it runs:
the column has a default, and it doesn't read it.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "escalation", sa.Column("channel", sa.Text(), server_default=sa.text("'mail'"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("escalation", "channel")
