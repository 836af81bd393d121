"""What people say against the classifier, and the versions of the model learnt from it.

A ticket says which category its words suggested (`ticket.suggested`) and which version of the model said it
(`ticket.suggested_by`). Those already filed don't: nobody knows what their authors were shown.

The previous release still works while it runs: the new columns may be null, and it reads neither table. What it files
meanwhile has no suggestion, and counts in no rate.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from router.store.columns import Document, Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("suggested", "suggested_by"):
        op.add_column("ticket", sa.Column(name, sa.Text(), nullable=True))
    _corrections()
    _versions()


def downgrade() -> None:
    op.drop_table("classifier_version")
    op.drop_table("correction")
    for name in ("suggested_by", "suggested"):
        op.drop_column("ticket", name)


def _corrections() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        *_texts("gesture", "channel", "role", "suggested"),
        sa.Column("confidence", sa.Double(), nullable=True),
        *_texts("chosen", "product_suggested", "product", "version", "subject", "body", "state"),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_role", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_correction_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_ticket_id"), "correction", ["ticket_id"], unique=False)
    op.create_index("ix_correction_state", "correction", ["state", "id"], unique=False)
    op.create_index("ix_correction_at", "correction", ["at"], unique=False)


def _versions() -> None:
    op.create_table(
        "classifier_version",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("trained_at", Instant(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("corrections", sa.Integer(), nullable=False),
        sa.Column("figures", Document, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("chosen_at", Instant(), nullable=True),
        sa.Column("chosen_by", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_classifier_version")),
    )
    op.create_index("ix_classifier_version_trained_at", "classifier_version", ["trained_at"], unique=False)
    op.create_index(
        "uq_classifier_version_current",
        "classifier_version",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'current'"),
        postgresql_where=sa.text("state = 'current'"),
    )


def _texts(*names: str) -> "list[sa.Column[str]]":
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
