"""What watches the worker: its beats, and the age of what is due and not done. Judges nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from router.model.words import NoticeState
from router.store import outbox
from router.store.tables import EscalationRow, NoticeRow, Ticket, WorkerBeat

FORGOTTEN_AFTER = timedelta(days=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Beat:
    """A worker process: when it began, when it last passed."""

    name: str
    started_at: datetime
    beat_at: datetime


@dataclass(frozen=True, slots=True)
class WatchFacts:
    """What a monitor needs to know, about nobody. `oldest_*` are instants, None when nothing waits."""

    last_beat_at: datetime | None
    oldest_due_at: datetime | None
    poison: int
    queued: int
    failed: int
    oldest_notice_at: datetime | None
    oldest_urgent_at: datetime | None


def beat(session: Session, name: str, started_at: datetime, at: datetime) -> None:
    """Records that the worker `name` passes at `at`; its first beat drops those silent for a day, since each
    process has a name of its own."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    here = session.scalar(select(WorkerBeat.name).where(WorkerBeat.name == name))
    if here is None:
        session.execute(delete(WorkerBeat).where(WorkerBeat.beat_at < at - FORGOTTEN_AFTER))
    session.execute(
        dialect.insert(WorkerBeat)
        .values(name=name, started_at=started_at, beat_at=at)
        .on_conflict_do_update(index_elements=["name"], set_={"started_at": started_at, "beat_at": at})
    )


def server_time(session: Session) -> datetime | None:
    """What time it is for the database's own machine; None for SQLite, which has the clock of whoever asks."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    return session.scalar(select(func.clock_timestamp()))


def beats(session: Session) -> tuple[Beat, ...]:
    """Every worker known, the last to pass first."""
    rows = session.scalars(select(WorkerBeat).order_by(WorkerBeat.beat_at.desc(), WorkerBeat.name))
    return tuple(Beat(row.name, row.started_at, row.beat_at) for row in rows)


def watch_facts(session: Session, at: datetime) -> WatchFacts:
    counts = outbox.unsent_counts(session)
    return WatchFacts(
        last_beat_at=session.scalar(select(func.max(WorkerBeat.beat_at))),
        oldest_due_at=_oldest_due(session, at),
        poison=session.scalar(select(func.count()).where(EscalationRow.state == "poison")) or 0,
        queued=counts[NoticeState.QUEUED] + counts[NoticeState.SENDING],
        failed=counts[NoticeState.FAILED],
        oldest_notice_at=outbox.oldest_waiting(session, at),
        oldest_urgent_at=_oldest_urgent(session),
    )


def _oldest_due(session: Session, at: datetime) -> datetime | None:
    return session.scalar(
        select(func.min(EscalationRow.due_at)).where(
            EscalationRow.state == "pending", EscalationRow.due_at <= at
        )
    )


def _oldest_urgent(session: Session) -> datetime | None:
    # By when it was queued: a retry pushes `next_try_at` on, yet the person told late is told late.
    return session.scalar(
        select(func.min(NoticeRow.created_at)).where(
            NoticeRow.state.in_((NoticeState.QUEUED, NoticeState.SENDING)),
            NoticeRow.urgent == True,  # noqa: E712
        )
    )


@dataclass(frozen=True, slots=True)
class StepCounts:
    """Steps that wait though due; of those due in the last day, how many are fired, and how many of these were late."""

    due: int
    fired: int
    late: int


def step_counts(session: Session, at: datetime, late_after: timedelta) -> StepCounts:
    """Within a day, so that the index serves however long the service has run."""
    due = session.scalar(
        select(func.count()).where(EscalationRow.state == "pending", EscalationRow.due_at <= at)
    )
    of_today = (EscalationRow.state == "fired", EscalationRow.due_at > at - DAY, EscalationRow.due_at <= at)
    fired = session.execute(select(EscalationRow.due_at, EscalationRow.fired_at).where(*of_today)).all()
    late = sum(fired_at - due_at > late_after for due_at, fired_at in fired if fired_at and due_at)
    return StepCounts(due or 0, len(fired), late)


def open_by_holder(session: Session) -> dict[str, int]:
    """How many open tickets each party holds, alerts left out."""
    rows = session.execute(
        select(Ticket.holder, func.count())
        .where(Ticket.opened.is_(True), Ticket.alert.is_(False))
        .group_by(Ticket.holder)
    )
    return {row[0]: row[1] for row in rows}
