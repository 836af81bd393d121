"""A daily seal over the journal.

Each ticket's entries were chained, but somebody who could write in the database could chain a ticket's history anew.
From here on the worker makes one seal a day: a digest over the head of every ticket's chain and over the seal before
it, mailed to both institutions. `seal` keeps the digests, `sealed_head` the heads that had moved since the last one,
so that a seal can be checked years later, and the ticket that no longer agrees can be named. Both are append only.

The previous release still works while it runs: it knows nothing of these tables and writes nothing in them.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from router.store.columns import Instant
from router.store.guards import made_append_only, made_ordinary

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SEALED = ("seal", "sealed_head")


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seal")),
    )
    op.create_table(
        "sealed_head",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("seal", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["seal"], ["seal.number"], name=op.f("fk_sealed_head_seal")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_sealed_head_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "seal", name=op.f("pk_sealed_head")),
    )
    for statement in made_append_only(op.get_bind().dialect.name, SEALED):
        op.execute(sa.text(statement))


def downgrade() -> None:
    for statement in made_ordinary(op.get_bind().dialect.name, SEALED):
        op.execute(sa.text(statement))
    op.drop_table("sealed_head")
    op.drop_table("seal")
