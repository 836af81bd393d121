"""What only a past that is played back needs: when something falls due next, and what the outbox sent meanwhile."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, bindparam, event, func, inspect, select, update
from sqlalchemy.orm import Session

from router.model.words import NoticeState
from router.store.rows import table_of
from router.store.tables import Account, College, EscalationRow, NoticeRow, PublishedBook, Ticket


@dataclass(frozen=True, slots=True)
class Glance:
    """What a ticket's own row says of where it stands: a few columns, not the whole ticket."""

    uai: str
    convention_id: str | None
    category: str
    holder: str
    status: str
    alert: bool
    assignee_id: int | None
    reporter_id: int | None
    acknowledged_at: datetime | None
    review: str | None


# One writer, and a file nobody else knows, thrown away if the load is interrupted: nothing to recover, nobody to wait.
_CARELESS = ("locking_mode=EXCLUSIVE", "journal_mode=MEMORY")
_STEP, _TICKET = table_of(EscalationRow).c, table_of(Ticket).c
_NEXT_STEP = select(func.min(_STEP.due_at)).where(_STEP.state == "pending")
_GLANCE = select(*(_TICKET[each.name] for each in fields(Glance))).where(_TICKET.id == bindparam("ticket"))


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds already. `other`: accounts or a published book."""

    uais: frozenset[str]
    other: bool


def contents(session: Session) -> Contents:
    """Asked without bringing the database to this release: one that isn't ours is left untouched."""
    known = inspect(session.connection())
    uais = (
        frozenset(session.scalars(select(College.uai)))
        if known.has_table(College.__tablename__)
        else frozenset()
    )
    other = any(
        known.has_table(table.__tablename__) and session.scalar(select(table.id).limit(1)) is not None
        for table in (Account, PublishedBook)
    )
    return Contents(uais, other)


def glance(session: Session, ticket_id: int) -> Glance:
    return Glance(*session.connection().execute(_GLANCE, {"ticket": ticket_id}).one())


def draft_only(engine: Engine) -> None:
    """For an SQLite file that is only a draft until it is complete: a crash may spoil it."""

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        for pragma in _CARELESS:
            connection.execute(f"PRAGMA {pragma}").close()


def next_step_at(session: Session) -> datetime | None:
    """The earliest instant at which a step waits to be fired."""
    found: datetime | None = session.connection().scalar(_NEXT_STEP)
    return found


def settle_notices(session: Session, until: datetime) -> None:
    """Every message due before `until` left at the instant it was due: what a channel that keeps messages does."""
    session.execute(
        update(NoticeRow)
        .where(NoticeRow.state == NoticeState.QUEUED, NoticeRow.next_try_at <= until)
        .values(state=NoticeState.SENT, sent_at=NoticeRow.next_try_at, attempts=1)
    )
