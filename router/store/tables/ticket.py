"""An incident, its ticket, and everything that happens to it over time."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from router.store.tables.base import Base


class IncidentRow(Base):
    """What was declared, word for word. Never changes."""

    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(primary_key=True)
    uai: Mapped[str] = mapped_column(ForeignKey("college.uai"))
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    reporter_role: Mapped[str]
    reporter_name: Mapped[str]
    reporter_email: Mapped[str]
    reporter_phone: Mapped[str]
    filed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    channel: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    room: Mapped[str]
    asset_tag: Mapped[str]
    product: Mapped[str]
    declared: Mapped[dict[str, Any]]
    classification: Mapped[dict[str, Any]]
    external_id: Mapped[str | None] = mapped_column(unique=True)
    content_hash: Mapped[str]
    filed_at: Mapped[datetime]


class Ticket(Base):
    """Dossier: the duty to answer an incident. `due_at` is the holder's next deadline, kept for the queues;
    `opened` says the ticket still has a holder; `alert` bounds who may see it."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_queue", "holder", "opened", "alert", "due_at", "id"),
        Index("ix_ticket_convention_queue", "convention_id", "holder", "opened", "alert", "due_at", "id"),
        Index("ix_ticket_college", "uai", "opened", "alert", "opened_at"),
        Index("ix_ticket_alert", "alert", "opened", "opened_at"),
        Index("ix_ticket_opened_at", "opened_at"),
        Index("ix_ticket_convention_opened_at", "convention_id", "opened_at"),
        # A planner takes the index with the most equalities: these two must have one more than the queue's,
        # or the counts above a long queue would read all of it.
        Index(
            "ix_ticket_assignee", "assignee_id", "holder", "opened", "alert", "convention_id", "due_at", "id"
        ),
        Index("ix_ticket_status", "status", "holder", "opened", "alert", "convention_id", "due_at", "id"),
        Index("ix_ticket_review", "review", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), unique=True)
    uai: Mapped[str] = mapped_column(ForeignKey("college.uai"))
    convention_id: Mapped[str | None]
    subject: Mapped[str]
    room: Mapped[str]
    category: Mapped[str]
    product: Mapped[str]
    priority: Mapped[str]
    status: Mapped[str]
    opened: Mapped[bool]
    alert: Mapped[bool]
    review: Mapped[str | None]  # the RSSI's review list: "pending" | "seen"
    to_confirm: Mapped[bool]
    holder: Mapped[str]
    holding_id: Mapped[int | None]
    decision_id: Mapped[int | None]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"), index=True)
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    containment_of: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    opened_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    due_at: Mapped[datetime]  # FAR when no deadline of the holder runs
    cycle: Mapped[int]  # grows with each reopening
    contests: Mapped[int]
    principal_excluded: Mapped[bool]
    search_text: Mapped[str]
    head_seq: Mapped[int]
    head_hash: Mapped[str]
    head_at: Mapped[datetime]  # of the last event that changed something: no later gesture may come before it
    policy: Mapped[str]  # fingerprint of the book the ticket was opened under
    suggested: Mapped[
        str | None
    ]  # the category its words suggested; null when they suggested none, or before 0008
    suggested_by: Mapped[str | None]  # the version of the model that read them


class DecisionRow(Base):
    """Attribution: one decision. A re-route adds one; none is edited."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    at: Mapped[datetime]
    responsible: Mapped[str]
    inform: Mapped[list[str]]
    priority: Mapped[str]
    rule: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    articles: Mapped[list[str]]
    why: Mapped[str]
    facts: Mapped[dict[str, Any]]
    guessed: Mapped[list[str]]
    rulebook: Mapped[str]
    cause: Mapped[str]  # "filed" | "corrected" | "first_level" | "transferred" | "contested" | "arbitrated"


class HoldingRow(Base):
    """Prise en charge: one party holds the ticket from … to …; a party may hold it several times."""

    __tablename__ = "holding"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seq"),
        Index("ix_holding_party_from_at", "party", "from_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    seq: Mapped[int]
    party: Mapped[str]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    clock: Mapped[str]  # the calendar its deadlines run on
    ended_by: Mapped[str | None]  # "resolved" | "transferred" | "corrected" | "contested" | "first_level" | …
    # Open, unpaused seconds on its clock, counted when it ended; null until then, or beyond the known calendar.
    served_seconds: Mapped[int | None]
    calendars: Mapped[int | None]  # the last calendar change known then; 0 is none, null until it ended


class PauseRow(Base):
    """The holder's clock stands still from … to …, at the latest until `limit_at`."""

    __tablename__ = "pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    holding_id: Mapped[int] = mapped_column(ForeignKey("holding.id"))
    cause: Mapped[str]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    limit_at: Mapped[datetime | None]
    author: Mapped[str]


class DeadlineRow(Base):
    """Échéance of one party. `due_at` is null beyond the known calendars (`unknown_from` says since when)."""

    __tablename__ = "deadline"
    __table_args__ = (Index("ix_deadline_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    holding_id: Mapped[int | None] = mapped_column(ForeignKey("holding.id"))
    kind: Mapped[str]
    party: Mapped[str]
    clock: Mapped[str]
    allowance: Mapped[int]  # seconds of open time; none when `open_days` says how long
    open_days: Mapped[int | None]  # ends with the nth open day after the one it starts on
    starts_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]  # `due_at` as it was, when the clock stood still after it
    unknown_from: Mapped[date | None]
    met_at: Mapped[datetime | None]
    state: Mapped[str]  # "running" | "paused" | "met" | "cancelled"; missed is due_at < met_at or now
    # The last calendar change that `due_at` takes into account; 0 is none. A settled deadline keeps its own.
    calendars: Mapped[int] = mapped_column(server_default=text("0"))
    settled_at: Mapped[datetime | None]  # when it was met or cancelled; null before 0003


class EscalationRow(Base):
    """One step of a ticket's copied ladder, or one automatic act of a deadline; fired at most once per
    (deadline, step, cycle). `due_at` null while the clock is paused."""

    __tablename__ = "escalation"
    __table_args__ = (
        UniqueConstraint("deadline_id", "step", "cycle"),
        Index("ix_escalation_due", "state", "due_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"))
    step: Mapped[int]
    cycle: Mapped[int]
    act: Mapped[str]  # "tell" | "resume" | "forward" | "close"
    offset: Mapped[int]  # seconds of open time from the deadline, negative before it
    tell: Mapped[list[str]]
    urgent: Mapped[bool]
    channel: Mapped[str] = mapped_column(server_default=text("'mail'"))
    due_at: Mapped[datetime | None]
    fired_at: Mapped[datetime | None]
    state: Mapped[str]  # "pending" | "fired" | "cancelled" | "poison"
    error: Mapped[str | None]
