"""Every table of the product, in the words of the trade. What belongs to a ticket points to it."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from router.store.columns import Document, Instant

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012
        datetime: Instant(),
        dict[str, Any]: Document,
        list[str]: Document,
        list[dict[str, Any]]: Document,
        str: Text(),
        bytes: LargeBinary(),
    }


FAR = datetime(9999, 12, 31, tzinfo=UTC)


# --- Territory --------------------------------------------------------------------------------------


class College(Base):
    """A public collège, as the directory names it. `convention_id` overrides the UAI's digits."""

    __tablename__ = "college"

    uai: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str]
    town: Mapped[str]
    postcode: Mapped[str]
    departement: Mapped[str] = mapped_column(index=True)
    academie: Mapped[str]
    convention_id: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]
    directory: Mapped[dict[str, Any]]
    imported_at: Mapped[datetime]


class Asset(Base):
    """A thing of the inventory. `owner`, `zone` and `product_family` hold values of the facts of that name."""

    __tablename__ = "asset"
    __table_args__ = (UniqueConstraint("uai", "tag"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uai: Mapped[str] = mapped_column(ForeignKey("college.uai"))
    tag: Mapped[str] = mapped_column(index=True)
    label: Mapped[str]
    product_family: Mapped[str]
    owner: Mapped[str]
    zone: Mapped[str]
    room: Mapped[str]
    serial: Mapped[str]
    warranty_until: Mapped[date | None]
    imported_at: Mapped[datetime]


class PartyChannel(Base):
    """Where a party is reached, for one convention or one collège, or everywhere when both are null."""

    __tablename__ = "party_channel"
    __table_args__ = (Index("ix_party_channel_lookup", "party", "convention_id", "uai"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party: Mapped[str]
    convention_id: Mapped[str | None]
    uai: Mapped[str | None]
    email: Mapped[str]
    phone: Mapped[str]
    purpose: Mapped[str]  # "desk" | "lead" | "security" | "coordinator"


# --- People -----------------------------------------------------------------------------------------


class Account(Base):
    """A person who may sign in. `party`, `convention_id`, `uai` bound what she sees; null means no bound."""

    __tablename__ = "account"
    __table_args__ = (Index("ix_account_name", "name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    duty: Mapped[str]  # a value of the fact reporter_role
    password_hash: Mapped[str | None]
    party: Mapped[str | None]
    institution: Mapped[str | None]
    convention_id: Mapped[str | None]
    uai: Mapped[str | None] = mapped_column(ForeignKey("college.uai"), index=True)
    security_contact: Mapped[bool] = mapped_column(server_default=text("false"))
    coordinator: Mapped[bool] = mapped_column(server_default=text("false"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    session_stamp: Mapped[str]  # changed to sign every session of the account out
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]


class PasswordReset(Base):
    __tablename__ = "password_reset"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AccountEvent(Base):
    """What was done to an account, by whom. Append only; holds no name and no address."""

    __tablename__ = "account_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str]  # "account:12", or "public" for whoever isn't signed in
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]


class RateLimit(Base):
    """Attempts counted per key in a fixed window that starts at `window_at`."""

    __tablename__ = "rate_limit"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_at: Mapped[datetime] = mapped_column(primary_key=True)
    attempts: Mapped[int]


# --- Policy -----------------------------------------------------------------------------------------


class PublishedBook(Base):
    """A proved set of rules, calendars, targets and ladders, whole and immutable, in force from a date."""

    __tablename__ = "published_book"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(index=True)
    sources: Mapped[dict[str, Any]]
    in_force_from: Mapped[datetime] = mapped_column(index=True)
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    reason: Mapped[str]


# --- The ticket -------------------------------------------------------------------------------------


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
        Index("ix_ticket_assignee", "assignee_id", "opened", "due_at"),
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
    head_at: Mapped[datetime]  # of the last event: no later gesture may come before it
    policy: Mapped[str]  # fingerprint of the book the ticket was opened under


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
    allowance: Mapped[int]  # seconds of open time
    starts_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    unknown_from: Mapped[date | None]
    met_at: Mapped[datetime | None]
    state: Mapped[str]  # "running" | "paused" | "met" | "cancelled"; missed is due_at < met_at or now


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
    due_at: Mapped[datetime | None]
    fired_at: Mapped[datetime | None]
    state: Mapped[str]  # "pending" | "fired" | "cancelled" | "poison"
    error: Mapped[str | None]


class NoticeRow(Base):
    """Avis: one message to one address. `key` makes a repeat recognisable before and after sending."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_due", "state", "urgent", "next_try_at", "id"),)

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


class EventRow(Base):
    """Journal: append only (the database refuses UPDATE and DELETE), hash-chained per ticket.
    Holds no name and no free text: those lie in `event_detail`, whose salted digest is chained."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("ticket_id", "seq"), Index("ix_event_kind_at", "kind", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    seq: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str]  # "account:12", "worker", "command"
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]
    detail_digest: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class EventDetail(Base):
    """The names and words beside an event; erased with their salt, the chain stays valid."""

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


class WorkerBeat(Base):
    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]


class OnceADay(Base):
    """A periodic job already done for its period: inserted, or refused by the key."""

    __tablename__ = "once"

    job: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    done_at: Mapped[datetime]
