"""The outbox: messages queued in the transaction that causes them, claimed and settled in their own short ones.

A claim is a lease: it commits before anything is sent, and only who still holds it may settle the row. A worker
killed in between leaves the row to the next one once the lease has run, so that a message goes at least once;
`message_id` is the same each time, so that a repeat is recognised. Nothing here sends, or decides a retry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from router.model.words import NoticeState
from router.store.rows import as_document, recordset, sent_whole, table_of
from router.store.tables import NoticeRow


class NewNotice(NamedTuple):
    """What the caller says of a message; the rest of its row is the outbox's own business."""

    key: str
    party: str
    address: str
    kind: str
    subject: str
    body: str
    urgent: bool
    created_at: datetime
    next_try_at: datetime
    ticket_id: int | None = None
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimedNotice:
    """A message one worker may send until `lease_until`; `attempts` were answered before;
    a claim that a kill cut short is none."""

    id: int
    claim: str
    ticket_id: int | None
    address: str
    subject: str
    body: str
    message_id: str
    attempts: int
    lease_until: datetime


def stable_message_id(key: str) -> str:
    """What a repeat of the message is recognised by; says nothing of who or what it is about."""
    return sha256(key.encode()).hexdigest()[:32]


def enqueue(session: Session, notices: Sequence[NewNotice]) -> None:
    """Queues the messages in the caller's transaction, in one statement; one whose `key` is already there is left as
    it is. None is sent before its `next_try_at`; an urgent one passes before all others."""
    if not notices:
        return
    rows = [_queued(notice) for notice in notices]
    if sent_whole(session, rows):
        session.connection().execute(_QUEUEING_WHOLE, {"rows": as_document(rows)})
        return
    session.connection().execute(_QUEUEING[session.get_bind().dialect.name], rows)


_QUEUEING = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(table_of(NoticeRow)).on_conflict_do_nothing(
        index_elements=["key"]
    )
    for dialect in (postgresql, sqlite)
}

_COLUMNS = (*NewNotice._fields, "state", "attempts", "message_id")
_GIVEN, _ = recordset(NoticeRow, _COLUMNS)
_QUEUEING_WHOLE = (
    postgresql.insert(table_of(NoticeRow))
    .from_select(_COLUMNS, select(*_GIVEN.c))
    .on_conflict_do_nothing(index_elements=["key"])
)


def _queued(notice: NewNotice) -> dict[str, Any]:
    own = {"state": NoticeState.QUEUED, "attempts": 0, "message_id": stable_message_id(notice.key)}
    return notice._asdict() | own


def claim(
    session: Session, worker: str, at: datetime, lease: timedelta, limit: int
) -> tuple[ClaimedNotice, ...]:
    """Up to `limit` messages due at `at`, now held by `worker` until `at + lease`: urgent ones first, else the
    oldest. Those of workers whose lease has run are due again."""
    _release_abandoned(session, at)
    token = f"{worker}:{uuid4().hex}"
    for urgent in (True, False):
        claimed = _claim_due(session, urgent, token, at, at + lease, limit)
        if claimed:
            return claimed
    return ()


def _release_abandoned(session: Session, at: datetime) -> None:
    session.execute(
        update(NoticeRow)
        .where(NoticeRow.state == NoticeState.SENDING, NoticeRow.lease_until <= at)
        .values(state=NoticeState.QUEUED, claimed_by=None, lease_until=None)
    )


def _claim_due(
    session: Session, urgent: bool, token: str, at: datetime, until: datetime, limit: int
) -> tuple[ClaimedNotice, ...]:
    # A CTE, so that PostgreSQL picks the rows once; SQLite has one writer at a time and locks no row.
    due = (
        select(NoticeRow.id)
        .where(NoticeRow.state == NoticeState.QUEUED, NoticeRow.urgent == urgent, NoticeRow.next_try_at <= at)
        .order_by(NoticeRow.next_try_at, NoticeRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    rows = session.execute(
        update(NoticeRow)
        .where(NoticeRow.id.in_(select(due.c.id)))
        .values(
            state=NoticeState.SENDING,
            claimed_by=token,
            lease_until=until,
        )
        .returning(
            NoticeRow.id,
            NoticeRow.next_try_at,
            NoticeRow.ticket_id,
            NoticeRow.address,
            NoticeRow.subject,
            NoticeRow.body,
            NoticeRow.message_id,
            NoticeRow.attempts,
        )
        .execution_options(synchronize_session=False)
    ).all()
    return tuple(
        ClaimedNotice(
            row.id,
            token,
            row.ticket_id,
            row.address,
            row.subject,
            row.body,
            row.message_id,
            row.attempts,
            until,
        )
        for row in sorted(rows, key=lambda row: (row.next_try_at, row.id))
    )


def mark_sent(session: Session, notice: ClaimedNotice, at: datetime) -> bool:
    """Whether the row was still ours: False when the lease had run and another worker took it."""
    return _settle(session, notice, state=NoticeState.SENT, sent_at=at, error=None)


def mark_failed(session: Session, notice: ClaimedNotice, error: str) -> bool:
    """Sets the message aside for an administrator, with its error; it isn't tried again by itself."""
    return _settle(session, notice, state=NoticeState.FAILED, error=error)


def mark_delayed(session: Session, notice: ClaimedNotice, next_try_at: datetime, error: str) -> bool:
    """Queues the message again for later; the attempt counts."""
    return _settle(session, notice, state=NoticeState.QUEUED, next_try_at=next_try_at, error=error)


def put_back(
    session: Session, notice: ClaimedNotice, next_try_at: datetime | None = None, error: str | None = None
) -> bool:
    """Gives up a claim that came to nothing through no fault of the message: no attempt is counted."""
    later = {} if next_try_at is None else {"next_try_at": next_try_at, "error": error}
    return _release(session, notice, state=NoticeState.QUEUED, **later)


def _settle(session: Session, notice: ClaimedNotice, **values: object) -> bool:
    return _release(session, notice, attempts=notice.attempts + 1, **values)


def _release(session: Session, notice: ClaimedNotice, **values: object) -> bool:
    settled = session.execute(
        update(NoticeRow)
        .where(NoticeRow.id == notice.id, NoticeRow.claimed_by == notice.claim)
        .values(claimed_by=None, lease_until=None, **values)
        .returning(NoticeRow.id)
        .execution_options(synchronize_session=False)
    )
    return settled.first() is not None


def retry_failed(session: Session, notice_id: int, at: datetime) -> bool:
    """Queues a message set aside again, as new; False when it is not, or no longer, set aside."""
    retried = session.execute(
        update(NoticeRow)
        .where(NoticeRow.id == notice_id, NoticeRow.state == NoticeState.FAILED)
        .values(state=NoticeState.QUEUED, attempts=0, next_try_at=at)
        .returning(NoticeRow.id)
        .execution_options(synchronize_session=False)
    )
    return retried.first() is not None


def withdraw(session: Session, ticket_id: int) -> None:
    """Takes back a ticket's messages that haven't gone out: they carry its words, which no message may any more.

    One that a worker has claimed goes too: `still_claimed` tells it so before it sends, and a try that comes to
    nothing finds no row to queue again."""
    unsent = (NoticeState.QUEUED, NoticeState.SENDING, NoticeState.FAILED)
    session.execute(
        delete(NoticeRow)
        .where(NoticeRow.ticket_id == ticket_id, NoticeRow.state.in_(unsent))
        .execution_options(synchronize_session=False)
    )


def still_claimed(session: Session, notice: ClaimedNotice) -> bool:
    """Whether the message may still be sent under this claim: neither withdrawn since, nor another worker's."""
    query = select(NoticeRow.id).where(NoticeRow.id == notice.id, NoticeRow.claimed_by == notice.claim)
    return session.scalar(query) is not None


def unsent_counts(session: Session) -> dict[NoticeState, int]:
    """How many messages wait, are being sent, or are set aside; those sent are not counted."""
    states = (NoticeState.QUEUED, NoticeState.SENDING, NoticeState.FAILED)
    rows = session.execute(
        select(NoticeRow.state, func.count()).where(NoticeRow.state.in_(states)).group_by(NoticeRow.state)
    )
    counted = {NoticeState(state): count for state, count in rows}
    return {state: counted.get(state, 0) for state in states}


def oldest_waiting(session: Session, at: datetime, *, urgent: bool | None = None) -> datetime | None:
    """Since when the oldest message whose time has come waits to be sent; None when none does."""
    query = select(func.min(NoticeRow.next_try_at)).where(
        NoticeRow.state == NoticeState.QUEUED, NoticeRow.next_try_at <= at
    )
    if urgent is not None:
        query = query.where(NoticeRow.urgent == urgent)
    return session.scalar(query)
