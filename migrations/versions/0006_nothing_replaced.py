"""No entry replaced under another's key.

On SQLite `INSERT OR REPLACE` deletes the row whose key is taken, and no trigger that refuses a deletion is asked. Each
append-only table now refuses a row whose key is there already. PostgreSQL has nothing of the kind to refuse.

The previous release still works while it runs: it never writes a key twice.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from router.store.guards import made_irreplaceable, made_replaceable

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (
    *("event", "published_book", "decision", "account_event"),
    *("rule_draft_event", "calendar_change", "seal", "sealed_head"),
)


def upgrade() -> None:
    for statement in made_irreplaceable(op.get_bind().dialect.name, TABLES):
        op.execute(sa.text(statement))


def downgrade() -> None:
    for statement in made_replaceable(op.get_bind().dialect.name, TABLES):
        op.execute(sa.text(statement))
