"""Time in open days, a RUPN's deputy, and one mail for several messages.

A deadline may be counted in open days (`open_days`); its `allowance` is then none. Deadlines already open keep theirs,
in seconds.

A RUPN may have a deputy (`account.deputy`), told when she is silent; nobody is one until somebody says so.

Messages that waited for opening hours (`notice.waits`) and go to one address leave in one mail (`notice.digest`),
unless its owner wants them one by one (`account.mail_grouped`); she may do without some kinds
(`account.mail_declined`). Those already queued waited without saying so: they leave one by one, as before.

The previous release still works while it runs: the new columns may be null or have a default, and it reads none of
them. It would take a deadline counted in open days for one without time, so no target in open days is to be put in
force before every process runs this release; nor a ladder that names a deputy, whose steps it would set aside.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from router.store.columns import Document

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deadline", sa.Column("open_days", sa.Integer(), nullable=True))
    for column in (
        _flag("deputy", "false"),
        _flag("mail_grouped", "true"),
        sa.Column("mail_declined", Document, server_default=sa.text("'[]'"), nullable=False),
    ):
        op.add_column("account", column)
    op.add_column("notice", _flag("waits", "false"))
    op.add_column("notice", sa.Column("digest", sa.Text(), nullable=True))
    op.create_index(
        "ix_notice_waiting",
        "notice",
        ["address", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued' AND waits = 1"),
        postgresql_where=sa.text("state = 'queued' AND waits"),
    )


def downgrade() -> None:
    op.drop_index("ix_notice_waiting", table_name="notice")
    op.drop_column("notice", "digest")
    op.drop_column("notice", "waits")
    for name in ("mail_declined", "mail_grouped", "deputy"):
        op.drop_column("account", name)
    op.drop_column("deadline", "open_days")


def _flag(name: str, default: str) -> "sa.Column[bool]":
    return sa.Column(name, sa.Boolean(), server_default=sa.text(default), nullable=False)
