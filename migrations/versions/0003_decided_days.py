"""What is decided about days, and which of it each deadline takes into account.

The previous release still works while it runs: a deadline it opens counts as computed before any decision, and the
worker of this one computes it again once a decision is there. It reads neither table.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from router.store.columns import Document, Instant
from router.store.guards import made_append_only, made_ordinary

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("convention_id", sa.Text(), nullable=True),
        sa.Column("uai", sa.Text(), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("data", Document, nullable=False),
        sa.ForeignKeyConstraint(
            ["target_id"], ["calendar_change.id"], name=op.f("fk_calendar_change_target_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_change")),
    )
    op.create_index("ix_calendar_change_convention", "calendar_change", ["convention_id", "id"], unique=False)
    op.create_index(op.f("ix_calendar_change_uai"), "calendar_change", ["uai"], unique=False)
    op.create_index(op.f("ix_calendar_change_target_id"), "calendar_change", ["target_id"], unique=False)
    op.create_table(
        "calendar_words",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["calendar_change.id"], name=op.f("fk_calendar_words_change_id")
        ),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_calendar_words")),
    )
    for statement in made_append_only(op.get_bind().dialect.name, ("calendar_change",)):
        op.execute(sa.text(statement))
    with op.batch_alter_table("deadline", recreate=_copied()) as table:
        table.add_column(sa.Column("calendars", sa.Integer(), server_default=sa.text("0"), nullable=False))
        table.add_column(sa.Column("settled_at", Instant(), nullable=True))
    with op.batch_alter_table("holding", recreate=_copied()) as table:
        table.add_column(sa.Column("calendars", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("holding", recreate=_copied()) as table:
        table.drop_column("calendars")
    with op.batch_alter_table("deadline", recreate=_copied()) as table:
        table.drop_column("settled_at")
        table.drop_column("calendars")
    for statement in made_ordinary(op.get_bind().dialect.name, ("calendar_change",)):
        op.execute(sa.text(statement))
    op.drop_table("calendar_words")
    op.drop_index(op.f("ix_calendar_change_target_id"), table_name="calendar_change")
    op.drop_index(op.f("ix_calendar_change_uai"), table_name="calendar_change")
    op.drop_index("ix_calendar_change_convention", table_name="calendar_change")
    op.drop_table("calendar_change")


def _copied() -> str:
    """SQLite alone copies the table; asked for at once, so that its definition reads as a new one's."""
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"
