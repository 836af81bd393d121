"""Empties the outbox through a channel: claims a few messages, sends them one by one, settles each as it goes.

At least once: a worker killed between the sending and its record sends again, under the same Message-ID.
Logs hold numbers of messages, never an address or a word of them."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from traceback import format_tb

from router.notices.channels import Channel, Envelope, Permanent, Temporary, Unreachable
from router.store import outbox
from router.store.engine import Database
from router.store.outbox import ClaimedNotice

LOG = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(minutes=2)
# No send starts with less of the lease left than it may take: connecting, then a few answers.
MARGIN = timedelta(seconds=60)
CLOSED_FOR = timedelta(minutes=1)
DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
    timedelta(hours=24),
)
"""The waits between two attempts; after the last one the message is set aside for an administrator."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Drained:
    """What one pass did. `closed` says it stopped because nothing could go out, `interrupted` because it was
    told to: something may be left."""

    sent: int = 0
    delayed: int = 0
    failed: int = 0
    closed: bool = False
    interrupted: bool = False


def drain(
    database: Database, channel: Channel, clock: Clock, worker: str, *, go_on: Callable[[], bool] = lambda: True
) -> Drained:
    """Sends all that is due, urgent first, until none is left, the channel is closed, or `go_on` says no.

    `clock` is asked for each message, since sending takes time and a lease must not be outrun."""
    total = Drained()
    try:
        while not total.closed:
            if not go_on():
                return replace(total, interrupted=True)
            with database.writing() as session:
                batch = outbox.claim(session, worker, clock(), LEASE, BATCH)
            if not batch:
                break
            total = _deliver(database, channel, clock, batch, total)
    finally:
        channel.close()
    return total


def _deliver(
    database: Database, channel: Channel, clock: Clock, batch: tuple[ClaimedNotice, ...], total: Drained
) -> Drained:
    for place, notice in enumerate(batch):
        if clock() + MARGIN > notice.lease_until:
            _put_back(database, batch[place:], None, None)
            return total
        try:
            total = _deliver_one(database, channel, clock, notice, total)
        except Unreachable as error:
            LOG.warning("nothing goes out for now (%s)", type(error.__cause__ or error).__name__)
            _put_back(database, batch[place:], clock() + CLOSED_FOR, str(error))
            return replace(total, closed=True)
    return total


def _deliver_one(
    database: Database, channel: Channel, clock: Clock, notice: ClaimedNotice, total: Drained
) -> Drained:
    """One message sent and settled. Raises Unreachable, with the message still claimed."""
    with database.reading() as session:
        ours = outbox.still_claimed(session, notice)
    if not ours:
        LOG.info("notice %d was withdrawn, or taken by another worker, before it was sent", notice.id)
        return total
    try:
        channel.send(_envelope(notice, clock()))
    except Unreachable:
        raise
    except Temporary as error:
        return _try_later(database, notice, clock(), str(error), total)
    except Permanent as error:
        return _set_aside(database, notice, str(error), total)
    except Exception as error:  # a message nobody foresaw must not stop the line
        place = "".join(format_tb(error.__traceback__))  # not the words: they may hold the address
        LOG.error("notice %d can't be sent (%s)\n%s", notice.id, type(error).__name__, place)
        return _set_aside(database, notice, type(error).__name__, total)
    with database.writing() as session:
        ours = outbox.mark_sent(session, notice, clock())
    if not ours:
        LOG.warning(
            "notice %d was sent after its lease had run or it was withdrawn; it may go twice", notice.id
        )
    return replace(total, sent=total.sent + 1)


def _envelope(notice: ClaimedNotice, at: datetime) -> Envelope:
    thread = None if notice.ticket_id is None else f"dossier-{notice.ticket_id}"
    return Envelope(notice.address, notice.subject, notice.body, notice.message_id, at, thread)


def _try_later(database: Database, notice: ClaimedNotice, at: datetime, error: str, total: Drained) -> Drained:
    if notice.attempts == len(DELAYS):
        return _set_aside(database, notice, error, total)
    with database.writing() as session:
        outbox.mark_delayed(session, notice, at + DELAYS[notice.attempts], error)
    LOG.info("notice %d delayed, attempt %d", notice.id, notice.attempts + 1)
    return replace(total, delayed=total.delayed + 1)


def _set_aside(database: Database, notice: ClaimedNotice, error: str, total: Drained) -> Drained:
    with database.writing() as session:
        outbox.mark_failed(session, notice, error)
    LOG.warning("notice %d set aside at attempt %d", notice.id, notice.attempts + 1)
    return replace(total, failed=total.failed + 1)


def _put_back(
    database: Database, notices: tuple[ClaimedNotice, ...], next_try_at: datetime | None, error: str | None
) -> None:
    with database.writing() as session:
        for notice in notices:
            outbox.put_back(session, notice, next_try_at, error)
