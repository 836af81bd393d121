"""The outbox: messages queued in the transaction that causes them, claimed and settled in their own short ones.

A claim is a lease: it commits before anything is sent, and only who still holds it may settle the row. A worker
killed in between leaves the row to the next one once the lease has run, so that a message goes at least once;
`message_id` is the same each time, so that a repeat is recognised. Nothing here sends, or decides a retry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, Select, delete, func, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from router.model.words import NoticeState
from router.store import mail_choices
from router.store.rows import as_document, recordset, run_for_each, sent_whole, table_of
from router.store.tables import NoticeRow

MOST_TOGETHER = 100
"""A longer mail is read by nobody; what is left makes the next one."""


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
    waits: bool = False


@dataclass(frozen=True, slots=True)
class ClaimedNotice:
    """A message one worker may send until `lease_until`; `attempts` were answered before;
    a claim that a kill cut short is none."""

    id: int
    claim: str
    ticket_id: int | None
    account_id: int | None
    address: str
    kind: str
    subject: str
    body: str
    message_id: str
    attempts: int
    lease_until: datetime
    urgent: bool = False
    waits: bool = False
    digest: str | None = None

    @property
    def alone(self) -> bool:
        """Whether its mail is the message itself, rather than a list that names it."""
        return self.digest in (None, self.message_id)


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
    run_for_each(session, _QUEUEING[session.get_bind().dialect.name], rows)


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
    session: Session,
    worker: str,
    at: datetime,
    lease: timedelta,
    limit: int,
    topics: Mapping[str, str] = MappingProxyType({}),
) -> tuple[ClaimedNotice, ...]:
    """Up to `limit` mails due at `at`, now held by `worker` until `at + lease`: urgent ones first, else the oldest.
    Those of workers whose lease has run are due again.

    A mail is one message, or several to one address that waited for its opening: they follow each other in the answer,
    under one `digest`. `topics` names the kinds a person may do without; those she declined are settled here."""
    _release_abandoned(session, at)
    token = f"{worker}:{uuid4().hex}"
    return _claim_urgent(session, token, at, at + lease, limit) or _claim_ordinary(
        session, token, at, at + lease, limit, topics
    )


def _release_abandoned(session: Session, at: datetime) -> None:
    session.execute(
        update(NoticeRow)
        .where(NoticeRow.state == NoticeState.SENDING, NoticeRow.lease_until <= at)
        .values(state=NoticeState.QUEUED, claimed_by=None, lease_until=None)
    )


def _claim_urgent(
    session: Session, token: str, at: datetime, until: datetime, limit: int
) -> tuple[ClaimedNotice, ...]:
    return _take(session, _due(at, limit, urgent=True), token, until)


def _claim_ordinary(
    session: Session, token: str, at: datetime, until: datetime, limit: int, topics: Mapping[str, str]
) -> tuple[ClaimedNotice, ...]:
    """Until some may be sent, or none is due: a batch that people declined whole is not the end of the queue."""
    while firsts := _take(session, _due(at, limit, urgent=False).where(or_(*_leads(at))), token, until):
        mails = [(first, *_others(session, first, token, at, until)) for first in firsts]
        wanted = _wanted(session, mails, topics)
        if wanted:
            return tuple(notice for mail in wanted for notice in mail)
    return ()


def _due(at: datetime, limit: int, *, urgent: bool) -> Select[int]:
    return (
        select(NoticeRow.id)
        .where(NoticeRow.state == NoticeState.QUEUED, NoticeRow.urgent == urgent, NoticeRow.next_try_at <= at)
        .order_by(NoticeRow.next_try_at, NoticeRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


_EARLIER = aliased(NoticeRow)
_QUEUED: ColumnElement[str] = literal_column(
    "'queued'"
)  # written out, so that both engines see that the partial index serves


def _leads(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """A message alone, or the first of its mail: the others follow it, so two workers never share a mail."""
    earlier = select(_EARLIER.id).where(
        _EARLIER.state == _QUEUED,
        _EARLIER.waits,
        _EARLIER.address == NoticeRow.address,
        _EARLIER.id < NoticeRow.id,
        _EARLIER.next_try_at <= at,
        _EARLIER.digest.is_not_distinct_from(NoticeRow.digest),
    )
    return NoticeRow.waits.is_(False), ~earlier.exists()


def _others(
    session: Session, first: ClaimedNotice, token: str, at: datetime, until: datetime
) -> tuple[ClaimedNotice, ...]:
    """What leaves in the same mail: the rows it was tried with before, else all that wait for that address."""
    if not first.waits:
        return ()
    query = (
        select(NoticeRow.id)
        .where(
            NoticeRow.state == _QUEUED,
            NoticeRow.waits,
            NoticeRow.address == first.address,
            NoticeRow.next_try_at <= at,
            NoticeRow.digest.is_not_distinct_from(first.digest),
        )
        .order_by(NoticeRow.id)
        .limit(MOST_TOGETHER - 1)
        .with_for_update(skip_locked=True)
    )
    return _take(session, query, token, until)


def _take(session: Session, chosen: Select[int], token: str, until: datetime) -> tuple[ClaimedNotice, ...]:
    due = chosen.cte("due")  # so that PostgreSQL picks the rows once; SQLite has one writer, and locks no row
    rows = session.execute(
        update(NoticeRow)
        .where(NoticeRow.id.in_(select(due.c.id)))
        .values(state=NoticeState.SENDING, claimed_by=token, lease_until=until)
        .returning(NoticeRow.next_try_at, *(getattr(NoticeRow, name) for name in _READ))
        .execution_options(synchronize_session=False)
    ).all()
    ordered = sorted(rows, key=lambda row: (row.next_try_at, row.id))
    return tuple(ClaimedNotice(claim=token, lease_until=until, **_read(row)) for row in ordered)


_READ = (
    *("id", "ticket_id", "account_id", "address", "kind", "subject", "body", "message_id", "attempts"),
    *("urgent", "waits", "digest"),
)


def _read(row: Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _READ}


def _wanted(
    session: Session, mails: Sequence[tuple[ClaimedNotice, ...]], topics: Mapping[str, str]
) -> list[tuple[ClaimedNotice, ...]]:
    """The mails as people want them: without what they declined, and one by one for those who asked it."""
    choices = mail_choices.of(session, {each.account_id for mail in mails for each in mail if each.account_id})
    wanted: list[tuple[ClaimedNotice, ...]] = []
    for mail in mails:
        if mail[0].digest is not None:  # tried before, or refused by nobody then: the same again
            wanted.append(mail)
            continue
        kept = [each for each in mail if not _declined(choices, each, topics)]
        _decline(session, [each for each in mail if each not in kept])
        together = all(choices[each.account_id].grouped for each in kept if each.account_id in choices)
        wanted += _put_together(session, kept) if together else [_alone(session, each) for each in kept]
    return wanted


def _declined(
    choices: Mapping[int, mail_choices.Choice], notice: ClaimedNotice, topics: Mapping[str, str]
) -> bool:
    choice = choices.get(notice.account_id or 0)
    return choice is not None and topics.get(notice.kind) in choice.declined


def _put_together(session: Session, kept: Sequence[ClaimedNotice]) -> list[tuple[ClaimedNotice, ...]]:
    if len(kept) < 2:
        return [_alone(session, each) for each in kept]
    digest = stable_message_id("\n".join(each.message_id for each in kept))
    _write_digest(session, [each.id for each in kept], digest)
    return [tuple(replace(each, digest=digest) for each in kept)]


def _alone(session: Session, notice: ClaimedNotice) -> tuple[ClaimedNotice, ...]:
    """A message that waited but leaves alone says so, so that no later try joins it to others."""
    if not notice.waits:
        return (notice,)
    _write_digest(session, [notice.id], notice.message_id)
    return (replace(notice, digest=notice.message_id),)


def _write_digest(session: Session, ids: Sequence[int], digest: str) -> None:
    session.execute(
        update(NoticeRow)
        .where(NoticeRow.id.in_(ids))
        .values(digest=digest)
        .execution_options(synchronize_session=False)
    )


def _decline(session: Session, notices: Sequence[ClaimedNotice]) -> None:
    """Settles what its reader doesn't want: kept, and shown as such, but not sent."""
    for notice in notices:
        _release(session, notice, state=NoticeState.DECLINED)


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
        .values(state=NoticeState.QUEUED, attempts=0, next_try_at=at, digest=None)
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


def still_claimed(session: Session, mail: Sequence[ClaimedNotice]) -> tuple[ClaimedNotice, ...]:
    """Those of a mail that may still be sent under its claim: neither withdrawn since, nor another worker's."""
    query = select(NoticeRow.id).where(
        NoticeRow.id.in_([each.id for each in mail]), NoticeRow.claimed_by == mail[0].claim
    )
    ours = set(session.scalars(query))
    return tuple(each for each in mail if each.id in ours)


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
