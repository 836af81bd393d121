"""What whoever runs the service looks at: messages, steps set aside, publications. Reads only, page by page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from router.model.words import DeadlineKind, NoticeState
from router.store import outbox
from router.store.tables import DeadlineRow, EscalationRow, NoticeRow, PublishedBook, Ticket

PAGE = 50
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PoisonStep:
    """A step that could not be fired, with the error that set it aside. `seen`: the reader may open its ticket; what
    it tells to whom is empty for an alert she may not see."""

    id: int
    ticket_id: int
    seen: bool
    kind: DeadlineKind
    act: str
    offset: timedelta
    tell: tuple[str, ...]
    due_at: datetime | None
    set_aside_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Publication:
    fingerprint: str
    in_force_from: datetime
    published_at: datetime
    published_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message, whether its ticket is an alert, and whether the reader may see that ticket."""

    row: NoticeRow
    alert: bool
    seen: bool


def letters(
    session: Session,
    readable: ColumnElement[bool],
    seen: ColumnElement[bool],
    *,
    state: NoticeState | None,
    before: int | None,
    limit: int,
) -> list[Letter]:
    """Newest first; `seen` is the reader's sight, `before` the id of the last one of the page before."""
    query = (
        select(NoticeRow, func.coalesce(Ticket.alert, False), func.coalesce(seen, False))
        .outerjoin(Ticket, Ticket.id == NoticeRow.ticket_id)
        .where(readable)
        .order_by(NoticeRow.id.desc())
        .limit(limit)
    )
    if state is not None:
        query = query.where(NoticeRow.state == state)
    if before is not None:
        query = query.where(NoticeRow.id < before)
    return [Letter(row, bool(alert), bool(shown)) for row, alert, shown in session.execute(query)]


def sent_to(address: str) -> ColumnElement[bool]:
    """Every message to one address; to all of them when it is empty."""
    return NoticeRow.address == address if address else true()


def own(account_id: int, address: str, seen: ColumnElement[bool]) -> ColumnElement[bool]:
    """A person's own: sent to her address, and not to somebody who had it before her. What has become an alert she
    may not see is not among them: nothing says that there is one."""
    hers = or_(NoticeRow.account_id.is_(None), NoticeRow.account_id == account_id)
    open_to_her = or_(Ticket.id.is_(None), Ticket.alert.is_(False), seen)
    return and_(NoticeRow.address == address, hers, open_to_her)


def queue_counts(session: Session, at: datetime) -> dict[NoticeState, int]:
    """How many messages are in each state; of those sent, only the last day's."""
    sent = session.scalar(
        select(func.count()).where(
            NoticeRow.state == NoticeState.SENT,
            NoticeRow.urgent.in_((True, False)),  # so that the index serves
            NoticeRow.next_try_at > at - DAY,
        )
    )
    return outbox.unsent_counts(session) | {NoticeState.SENT: sent or 0}


def poison_steps(session: Session, seen: ColumnElement[bool], limit: int = PAGE) -> list[PoisonStep]:
    """The latest set aside first; `seen` is the reader's sight."""
    query = (
        select(EscalationRow, DeadlineRow.kind, Ticket.alert, func.coalesce(seen, False))
        .join(DeadlineRow, DeadlineRow.id == EscalationRow.deadline_id)
        .join(Ticket, Ticket.id == EscalationRow.ticket_id)
        .where(EscalationRow.state == "poison")
        .order_by(EscalationRow.id.desc())
        .limit(limit)
    )
    return [
        PoisonStep(
            id=row.id,
            ticket_id=row.ticket_id,
            seen=bool(shown),
            kind=DeadlineKind(kind),
            act=row.act,
            offset=timedelta(seconds=row.offset),
            tell=() if alert and not shown else tuple(row.tell),
            due_at=row.due_at,
            set_aside_at=row.fired_at,
            error=row.error or "",
        )
        for row, kind, alert, shown in session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class SetAside:
    """A step set aside, its deadline and its ticket, all locked for the transaction that changes them."""

    step: EscalationRow
    deadline: DeadlineRow
    ticket: Ticket


def set_aside(session: Session, step_id: int) -> SetAside | None:
    """The step, when it is still set aside. Its ticket is locked first, as every gesture does."""
    ticket_id = session.scalar(select(EscalationRow.ticket_id).where(EscalationRow.id == step_id))
    if ticket_id is None:
        return None
    ticket = session.scalars(select(Ticket).where(Ticket.id == ticket_id).with_for_update()).one()
    step = session.scalars(
        select(EscalationRow).where(EscalationRow.id == step_id, EscalationRow.state == "poison")
    ).one_or_none()
    return SetAside(step, session.get_one(DeadlineRow, step.deadline_id), ticket) if step else None


def publications(session: Session, at: datetime) -> tuple[Publication | None, list[Publication]]:
    """The publication for all in force at `at`, and all those that will be later, soonest first."""
    past = (
        select(PublishedBook)
        .where(PublishedBook.in_force_from <= at, PublishedBook.convention_id.is_(None))
        .order_by(PublishedBook.in_force_from.desc(), PublishedBook.id.desc())
        .limit(1)
    )
    coming = select(PublishedBook).where(PublishedBook.in_force_from > at).order_by(PublishedBook.in_force_from)
    present = session.scalars(past).first()
    return _publication(present) if present else None, [_publication(row) for row in session.scalars(coming)]


def _publication(row: PublishedBook) -> Publication:
    return Publication(row.fingerprint, row.in_force_from, row.published_at, row.published_by, row.reason)
