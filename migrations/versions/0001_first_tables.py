"""The first tables: territory, people, policy, tickets with their clocks, outbox and journal.

Starts from nothing, so no earlier release is running. What the database itself refuses (changes to the journal,
to published books and to decisions) and the text index are plain statements per engine, in `router.store.guards`
as they were on this day.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from router.store.columns import Document, Instant
from router.store.guards import FIRST_DOWN, FIRST_UP

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "college",
        sa.Column("uai", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("departement", sa.Text(), nullable=False),
        sa.Column("academie", sa.Text(), nullable=False),
        sa.Column("convention_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column(
            "directory",
            Document,
            nullable=False,
        ),
        sa.Column("imported_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("uai", name=op.f("pk_college")),
    )
    op.create_index(op.f("ix_college_convention_id"), "college", ["convention_id"], unique=False)
    op.create_index(op.f("ix_college_departement"), "college", ["departement"], unique=False)
    op.create_table(
        "once",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("done_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("job", "period", name=op.f("pk_once")),
    )
    op.create_table(
        "party_channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("convention_id", sa.Text(), nullable=True),
        sa.Column("uai", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_channel")),
    )
    op.create_index("ix_party_channel_lookup", "party_channel", ["party", "convention_id", "uai"], unique=False)
    op.create_table(
        "published_book",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column(
            "sources",
            Document,
            nullable=False,
        ),
        sa.Column("in_force_from", Instant(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_book")),
    )
    op.create_index(op.f("ix_published_book_fingerprint"), "published_book", ["fingerprint"], unique=False)
    op.create_index(op.f("ix_published_book_in_force_from"), "published_book", ["in_force_from"], unique=False)
    op.create_table(
        "rate_limit",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("window_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window_at", name=op.f("pk_rate_limit")),
    )
    op.create_table(
        "worker_beat",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("beat_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_beat")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("party", sa.Text(), nullable=True),
        sa.Column("institution", sa.Text(), nullable=True),
        sa.Column("convention_id", sa.Text(), nullable=True),
        sa.Column("uai", sa.String(length=8), nullable=True),
        sa.Column("security_contact", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("coordinator", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("signed_in_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["uai"], ["college.uai"], name=op.f("fk_account_uai")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_index("ix_account_name", "account", ["name", "id"], unique=False)
    op.create_index(op.f("ix_account_uai"), "account", ["uai"], unique=False)
    op.create_table(
        "asset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uai", sa.String(length=8), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("product_family", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.Column("imported_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["uai"], ["college.uai"], name=op.f("fk_asset_uai")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("uai", "tag", name=op.f("uq_asset_uai_tag")),
    )
    op.create_index(op.f("ix_asset_tag"), "asset", ["tag"], unique=False)
    op.create_table(
        "account_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "data",
            Document,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_event_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_event")),
    )
    op.create_index(op.f("ix_account_event_account_id"), "account_event", ["account_id"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uai", sa.String(length=8), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("reporter_role", sa.Text(), nullable=False),
        sa.Column("reporter_name", sa.Text(), nullable=False),
        sa.Column("reporter_email", sa.Text(), nullable=False),
        sa.Column("reporter_phone", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.Integer(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("asset_tag", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column(
            "declared",
            Document,
            nullable=False,
        ),
        sa.Column(
            "classification",
            Document,
            nullable=False,
        ),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("filed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["filed_by"], ["account.id"], name=op.f("fk_incident_filed_by")),
        sa.ForeignKeyConstraint(["reporter_id"], ["account.id"], name=op.f("fk_incident_reporter_id")),
        sa.ForeignKeyConstraint(["uai"], ["college.uai"], name=op.f("fk_incident_uai")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("external_id", name=op.f("uq_incident_external_id")),
    )
    op.create_index(op.f("ix_incident_reporter_id"), "incident", ["reporter_id"], unique=False)
    op.create_table(
        "password_reset",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_password_reset_account_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_password_reset")),
    )
    op.create_index(op.f("ix_password_reset_account_id"), "password_reset", ["account_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_account_id"), "sign_in", ["account_id"], unique=False)
    op.create_index(op.f("ix_sign_in_began_at"), "sign_in", ["began_at"], unique=False)
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("uai", sa.String(length=8), nullable=False),
        sa.Column("convention_id", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.Column("alert", sa.Boolean(), nullable=False),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("to_confirm", sa.Boolean(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("holding_id", sa.Integer(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("duplicate_of", sa.Integer(), nullable=True),
        sa.Column("containment_of", sa.Integer(), nullable=True),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("acknowledged_at", Instant(), nullable=True),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("contests", sa.Integer(), nullable=False),
        sa.Column("principal_excluded", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("head_seq", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.Column("head_at", Instant(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_ticket_asset_id")),
        sa.ForeignKeyConstraint(["assignee_id"], ["account.id"], name=op.f("fk_ticket_assignee_id")),
        sa.ForeignKeyConstraint(["containment_of"], ["ticket.id"], name=op.f("fk_ticket_containment_of")),
        sa.ForeignKeyConstraint(["duplicate_of"], ["ticket.id"], name=op.f("fk_ticket_duplicate_of")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_ticket_incident_id")),
        sa.ForeignKeyConstraint(["reporter_id"], ["account.id"], name=op.f("fk_ticket_reporter_id")),
        sa.ForeignKeyConstraint(["uai"], ["college.uai"], name=op.f("fk_ticket_uai")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("incident_id", name=op.f("uq_ticket_incident_id")),
    )
    op.create_index("ix_ticket_alert", "ticket", ["alert", "opened", "opened_at"], unique=False)
    op.create_index(op.f("ix_ticket_asset_id"), "ticket", ["asset_id"], unique=False)
    op.create_index(
        "ix_ticket_assignee",
        "ticket",
        ["assignee_id", "holder", "opened", "alert", "convention_id", "due_at", "id"],
        unique=False,
    )
    op.create_index("ix_ticket_college", "ticket", ["uai", "opened", "alert", "opened_at"], unique=False)
    op.create_index(op.f("ix_ticket_containment_of"), "ticket", ["containment_of"], unique=False)
    op.create_index("ix_ticket_convention_opened_at", "ticket", ["convention_id", "opened_at"], unique=False)
    op.create_index(
        "ix_ticket_convention_queue",
        "ticket",
        ["convention_id", "holder", "opened", "alert", "due_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_ticket_duplicate_of"), "ticket", ["duplicate_of"], unique=False)
    op.create_index("ix_ticket_opened_at", "ticket", ["opened_at"], unique=False)
    op.create_index("ix_ticket_queue", "ticket", ["holder", "opened", "alert", "due_at", "id"], unique=False)
    op.create_index(op.f("ix_ticket_reporter_id"), "ticket", ["reporter_id"], unique=False)
    op.create_index("ix_ticket_review", "ticket", ["review", "id"], unique=False)
    op.create_index(
        "ix_ticket_status",
        "ticket",
        ["status", "holder", "opened", "alert", "convention_id", "due_at", "id"],
        unique=False,
    )
    op.create_table(
        "alert_reader",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("admitted_at", Instant(), nullable=False),
        sa.Column("admitted_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_alert_reader_account_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_alert_reader_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "account_id", name=op.f("pk_alert_reader")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_attachment_added_by")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_attachment_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_ticket_id"), "attachment", ["ticket_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("responsible", sa.Text(), nullable=False),
        sa.Column(
            "inform",
            Document,
            nullable=False,
        ),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "articles",
            Document,
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column(
            "facts",
            Document,
            nullable=False,
        ),
        sa.Column(
            "guessed",
            Document,
            nullable=False,
        ),
        sa.Column("rulebook", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_decision_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_rule"), "decision", ["rule"], unique=False)
    op.create_index(op.f("ix_decision_ticket_id"), "decision", ["ticket_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "data",
            Document,
            nullable=False,
        ),
        sa.Column("detail_digest", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_event_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "seq", name=op.f("pk_event")),
    )
    op.create_index("ix_event_kind_at", "event", ["kind", "at"], unique=False)
    op.create_table(
        "event_detail",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_event_detail_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "seq", name=op.f("pk_event_detail")),
    )
    op.create_table(
        "holding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("until_at", Instant(), nullable=True),
        sa.Column("acknowledged_at", Instant(), nullable=True),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("served_seconds", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_holding_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holding")),
        sa.UniqueConstraint("ticket_id", "seq", name=op.f("uq_holding_ticket_id_seq")),
    )
    op.create_index("ix_holding_party_from_at", "holding", ["party", "from_at"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("next_try_at", Instant(), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notice_account_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_notice_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    op.create_index(op.f("ix_notice_account_id"), "notice", ["account_id"], unique=False)
    op.create_index(op.f("ix_notice_address"), "notice", ["address"], unique=False)
    op.create_index("ix_notice_due", "notice", ["state", "urgent", "next_try_at", "id"], unique=False)
    op.create_index(op.f("ix_notice_ticket_id"), "notice", ["ticket_id"], unique=False)
    op.create_table(
        "ticket_party",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_party_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "party", name=op.f("pk_ticket_party")),
    )
    op.create_index("ix_ticket_party_party", "ticket_party", ["party", "ticket_id"], unique=False)
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("holding_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("allowance", sa.Integer(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("passed_at", Instant(), nullable=True),
        sa.Column("unknown_from", sa.Date(), nullable=True),
        sa.Column("met_at", Instant(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["holding_id"], ["holding.id"], name=op.f("fk_deadline_holding_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_deadline_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    op.create_index("ix_deadline_due", "deadline", ["state", "due_at"], unique=False)
    op.create_index(op.f("ix_deadline_ticket_id"), "deadline", ["ticket_id"], unique=False)
    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("holding_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("until_at", Instant(), nullable=True),
        sa.Column("limit_at", Instant(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["holding_id"], ["holding.id"], name=op.f("fk_pause_holding_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_pause_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_index(op.f("ix_pause_ticket_id"), "pause", ["ticket_id"], unique=False)
    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column(
            "tell",
            Document,
            nullable=False,
        ),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("fired_at", Instant(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_escalation_deadline_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_escalation_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("deadline_id", "step", "cycle", name=op.f("uq_escalation_deadline_id_step_cycle")),
    )
    op.create_index("ix_escalation_due", "escalation", ["state", "due_at", "id"], unique=False)
    op.create_index(op.f("ix_escalation_ticket_id"), "escalation", ["ticket_id"], unique=False)
    for statement in FIRST_UP[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in FIRST_DOWN[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_index(op.f("ix_escalation_ticket_id"), table_name="escalation")
    op.drop_index("ix_escalation_due", table_name="escalation")
    op.drop_table("escalation")
    op.drop_index(op.f("ix_pause_ticket_id"), table_name="pause")
    op.drop_table("pause")
    op.drop_index(op.f("ix_deadline_ticket_id"), table_name="deadline")
    op.drop_index("ix_deadline_due", table_name="deadline")
    op.drop_table("deadline")
    op.drop_index("ix_ticket_party_party", table_name="ticket_party")
    op.drop_table("ticket_party")
    op.drop_index(op.f("ix_notice_ticket_id"), table_name="notice")
    op.drop_index("ix_notice_due", table_name="notice")
    op.drop_index(op.f("ix_notice_address"), table_name="notice")
    op.drop_index(op.f("ix_notice_account_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_index("ix_holding_party_from_at", table_name="holding")
    op.drop_table("holding")
    op.drop_table("event_detail")
    op.drop_index("ix_event_kind_at", table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_decision_ticket_id"), table_name="decision")
    op.drop_index(op.f("ix_decision_rule"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(op.f("ix_attachment_ticket_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_table("alert_reader")
    op.drop_index("ix_ticket_status", table_name="ticket")
    op.drop_index("ix_ticket_review", table_name="ticket")
    op.drop_index(op.f("ix_ticket_reporter_id"), table_name="ticket")
    op.drop_index("ix_ticket_queue", table_name="ticket")
    op.drop_index("ix_ticket_opened_at", table_name="ticket")
    op.drop_index(op.f("ix_ticket_duplicate_of"), table_name="ticket")
    op.drop_index("ix_ticket_convention_queue", table_name="ticket")
    op.drop_index("ix_ticket_convention_opened_at", table_name="ticket")
    op.drop_index(op.f("ix_ticket_containment_of"), table_name="ticket")
    op.drop_index("ix_ticket_college", table_name="ticket")
    op.drop_index("ix_ticket_assignee", table_name="ticket")
    op.drop_index(op.f("ix_ticket_asset_id"), table_name="ticket")
    op.drop_index("ix_ticket_alert", table_name="ticket")
    op.drop_table("ticket")
    op.drop_index(op.f("ix_sign_in_began_at"), table_name="sign_in")
    op.drop_index(op.f("ix_sign_in_account_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(op.f("ix_password_reset_account_id"), table_name="password_reset")
    op.drop_table("password_reset")
    op.drop_index(op.f("ix_incident_reporter_id"), table_name="incident")
    op.drop_table("incident")
    op.drop_index(op.f("ix_account_event_account_id"), table_name="account_event")
    op.drop_table("account_event")
    op.drop_index(op.f("ix_asset_tag"), table_name="asset")
    op.drop_table("asset")
    op.drop_index(op.f("ix_account_uai"), table_name="account")
    op.drop_index("ix_account_name", table_name="account")
    op.drop_table("account")
    op.drop_table("worker_beat")
    op.drop_table("rate_limit")
    op.drop_index(op.f("ix_published_book_in_force_from"), table_name="published_book")
    op.drop_index(op.f("ix_published_book_fingerprint"), table_name="published_book")
    op.drop_table("published_book")
    op.drop_index("ix_party_channel_lookup", table_name="party_channel")
    op.drop_table("party_channel")
    op.drop_table("once")
    op.drop_index(op.f("ix_college_departement"), table_name="college")
    op.drop_index(op.f("ix_college_convention_id"), table_name="college")
    op.drop_table("college")
