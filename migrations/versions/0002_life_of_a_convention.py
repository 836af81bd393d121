"""The life of a convention: publications of one convention, drafts, and who proposed and approved them.

A book used to be published for the whole installation, from the command line. From here on a publication concerns one
convention, or all of them as before (`convention_id` null); it keeps the avenant or the decision that justifies it,
who proposed it and who approved it, and the draft it comes from. What was published before keeps its meaning: for all
conventions, by the command line.

The previous release still works while it runs: it adds publications without the new columns, which may all be null,
and reads none of them. It takes the latest publication for everybody's, so no draft is to be approved before every
process runs this release; the drafts' pages exist only in this one. SQLite changes a table by copying it, which loses
its triggers: they are made again.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from router.store.columns import Document, Instant
from router.store.guards import made_append_only, made_ordinary

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFERENCES = (("draft_id", "rule_draft"), ("proposed_by", "account"), ("approved_by", "account"))


def upgrade() -> None:
    _create_drafts()
    _create_events()
    with op.batch_alter_table("published_book", recreate=_copied()) as table:
        table.add_column(sa.Column("convention_id", sa.Text(), nullable=True))
        table.add_column(sa.Column("number", sa.Integer(), nullable=True))
        table.add_column(sa.Column("base_fingerprint", sa.Text(), nullable=True))
        table.add_column(sa.Column("draft_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("kind", sa.Text(), nullable=True))
        table.add_column(sa.Column("reference", sa.Text(), nullable=True))
        table.add_column(sa.Column("signed_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("articles", Document, nullable=True))
        table.add_column(sa.Column("proposed_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("proposed_for", sa.Text(), nullable=True))
        table.add_column(sa.Column("approved_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("approved_for", sa.Text(), nullable=True))
        for column, target in REFERENCES:
            table.create_foreign_key(op.f(f"fk_published_book_{column}"), target, [column], ["id"])
        table.create_index("uq_published_book_number", ["convention_id", "number"], unique=True)
        table.create_index("uq_published_book_draft_id", ["draft_id"], unique=True)
    engine = op.get_bind().dialect.name
    _run(made_append_only(engine, ("rule_draft_event",)))
    if engine == "sqlite":
        _run(made_append_only(engine, ("published_book",)))


def downgrade() -> None:
    engine = op.get_bind().dialect.name
    _run(made_ordinary(engine, ("rule_draft_event",)))
    with op.batch_alter_table("published_book", recreate=_copied()) as table:
        table.drop_index("uq_published_book_draft_id")
        table.drop_index("uq_published_book_number")
        for column, _target in REFERENCES:
            table.drop_constraint(op.f(f"fk_published_book_{column}"), type_="foreignkey")
        for column in (
            *("approved_for", "approved_by", "proposed_for", "proposed_by", "articles", "signed_on"),
            *("reference", "kind", "draft_id", "base_fingerprint", "number", "convention_id"),
        ):
            table.drop_column(column)
    if engine == "sqlite":
        _run(made_append_only(engine, ("published_book",)))
    op.drop_table("rule_draft_words")
    op.drop_index(op.f("ix_rule_draft_event_draft_id"), table_name="rule_draft_event")
    op.drop_table("rule_draft_event")
    op.drop_index("uq_rule_draft_shipped_base", table_name="rule_draft")
    op.drop_index("ix_rule_draft_list", table_name="rule_draft")
    op.drop_table("rule_draft")


def _create_drafts() -> None:
    op.create_table(
        "rule_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("convention_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sources", Document, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("base_fingerprint", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("articles", Document, nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_for", sa.Text(), nullable=True),
        sa.Column("proposed_at", Instant(), nullable=True),
        sa.Column("shipped_base", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["proposed_by"], ["account.id"], name=op.f("fk_rule_draft_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_draft")),
    )
    op.create_index("ix_rule_draft_list", "rule_draft", ["convention_id", "status", "id"], unique=False)
    op.create_index("uq_rule_draft_shipped_base", "rule_draft", ["convention_id", "shipped_base"], unique=True)


def _create_events() -> None:
    op.create_table(
        "rule_draft_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["rule_draft.id"], name=op.f("fk_rule_draft_event_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_draft_event")),
    )
    op.create_index(op.f("ix_rule_draft_event_draft_id"), "rule_draft_event", ["draft_id"], unique=False)
    op.create_table(
        "rule_draft_words",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["rule_draft_event.id"], name=op.f("fk_rule_draft_words_event_id")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_rule_draft_words")),
    )


def _copied() -> str:
    """SQLite alone copies the table; asked for at once, so that its definition reads as a new one's."""
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"


def _run(statements: tuple[str, ...]) -> None:
    for statement in statements:
        op.execute(sa.text(statement))
