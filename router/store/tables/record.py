"""What is said and kept of a ticket: messages, journal, files, readers."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from router.store.tables.base import Base


class NoticeRow(Base):
    """Avis: one message to one address. `key` makes a repeat recognisable before and after sending.

    `waits`: it waited for opening hours, and may leave with others. `digest` is what the mail it leaves in is
    recognised by, kept from the first try on: shared by those that leave together, its own `message_id` when it
    leaves alone."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_due", "state", "urgent", "next_try_at", "id"),
        # Only those that still wait: few, whatever the years.
        Index(
            "ix_notice_waiting",
            "address",
            "id",
            sqlite_where=text("state = 'queued' AND waits = 1"),
            postgresql_where=text("state = 'queued' AND waits"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    party: Mapped[str]
    address: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    urgent: Mapped[bool]
    state: Mapped[str]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]  # also « not before »
    claimed_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None]
    message_id: Mapped[str]
    waits: Mapped[bool] = mapped_column(server_default=text("false"))
    digest: Mapped[str | None]


class EventRow(Base):
    """Journal: append only (the database refuses UPDATE and DELETE), hash-chained per ticket.
    Holds no name and no free text: those lie in `event_detail`, whose salted digest is chained."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_kind_at", "kind", "at"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]  # "account:12", "worker", "command"
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]
    detail_digest: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class EventDetail(Base):
    """The names and words beside an event; erased whole with their salt, the chain stays valid."""

    __tablename__ = "event_detail"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    actor_name: Mapped[str]
    text: Mapped[str]
    internal: Mapped[bool]  # hidden from the collège
    salt: Mapped[str]


class Attachment(Base):
    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime]


class AlertReader(Base):
    """Who may see an alert beyond those whose role allows it: admitted one by one by the RSSI."""

    __tablename__ = "alert_reader"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    admitted_at: Mapped[datetime]
    admitted_by: Mapped[str]


class TicketParty(Base):
    """A party that holds, held or was told of a ticket: what queues and visibility ask."""

    __tablename__ = "ticket_party"
    __table_args__ = (Index("ix_ticket_party_party", "party", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    party: Mapped[str] = mapped_column(primary_key=True)
