"""Empties the outbox through a channel: claims a few mails, sends them one by one, settles each as it goes.

At least once: a worker killed between the sending and its record sends again, under the same Message-ID.
Logs hold numbers of messages, never an address or a word of them."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, groupby
from traceback import format_tb

from router.notices.channels import Channel, Envelope, Permanent, Temporary, Unreachable
from router.notices.compose import TOPICS, Message
from router.notices.digest import compose_digest
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
Mail = tuple[ClaimedNotice, ...]
"""One message, or several of one digest."""


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
    database: Database,
    channel: Channel,
    clock: Clock,
    worker: str,
    *,
    choices: str = "",
    go_on: Callable[[], bool] = lambda: True,
) -> Drained:
    """Sends all that is due, urgent first, until none is left, the channel is closed, or `go_on` says no.

    `clock` is asked for each mail, since sending takes time and a lease must not be outrun. `choices` is the page
    where people say which messages they want."""
    out = _WayOut(database, channel, clock, choices)
    total = Drained()
    try:
        while not total.closed:
            if not go_on():
                return replace(total, interrupted=True)
            with database.writing() as session:
                batch = outbox.claim(session, worker, clock(), LEASE, BATCH, TOPICS)
            if not batch:
                break
            total = _deliver(out, _mails(batch), total)
    finally:
        channel.close()
    return total


@dataclass(frozen=True, slots=True)
class _WayOut:
    database: Database
    channel: Channel
    clock: Clock
    choices: str


def _mails(batch: tuple[ClaimedNotice, ...]) -> list[Mail]:
    """Those that leave together follow each other."""
    return [tuple(mail) for _, mail in groupby(batch, lambda notice: notice.digest or notice.id)]


def _deliver(out: _WayOut, mails: list[Mail], total: Drained) -> Drained:
    for place, mail in enumerate(mails):
        if out.clock() + MARGIN > mail[0].lease_until:
            _put_back(out, mails[place:], None, None)
            return total
        try:
            total = _deliver_one(out, mail, total)
        except Unreachable as error:
            LOG.warning("nothing goes out for now (%s)", type(error.__cause__ or error).__name__)
            _put_back(out, mails[place:], out.clock() + CLOSED_FOR, str(error))
            return replace(total, closed=True)
    return total


def _deliver_one(out: _WayOut, claimed: Mail, total: Drained) -> Drained:
    """One mail sent and settled. Raises Unreachable, with its messages still claimed."""
    with out.database.reading() as session:
        mail = outbox.still_claimed(session, claimed)
    for notice in claimed:
        if notice not in mail:
            LOG.info("notice %d was withdrawn, or taken by another worker, before it was sent", notice.id)
    if not mail:
        return total
    try:
        out.channel.send(_envelope(mail, out.clock(), out.choices))
    except Unreachable:
        raise
    except Temporary as error:
        return _try_later(out, mail, str(error), total)
    except Permanent as error:
        return _set_aside(out, mail, str(error), total)
    except Exception as error:  # a message nobody foresaw must not stop the line
        place = "".join(format_tb(error.__traceback__))  # not the words: they may hold the address
        LOG.error("notice %d can't be sent (%s)\n%s", mail[0].id, type(error).__name__, place)
        return _set_aside(out, mail, type(error).__name__, total)
    with out.database.writing() as session:
        ours = [outbox.mark_sent(session, notice, out.clock()) for notice in mail]
    if not all(ours):
        LOG.warning(
            "notice %d was sent after its lease had run or it was withdrawn; it may go twice", mail[0].id
        )
    return replace(total, sent=total.sent + len(mail))


def _envelope(mail: Mail, at: datetime, choices: str) -> Envelope:
    first = mail[0]
    if not first.alone:
        digest = compose_digest([Message(each.subject, each.body) for each in mail], choices)
        return Envelope(first.address, digest.subject, digest.text, first.digest or "", at, None, choices)
    return Envelope(
        address=first.address,
        subject=first.subject,
        text=first.body,
        message_id=first.message_id,
        at=at,
        thread=None if first.ticket_id is None else f"dossier-{first.ticket_id}",
        choices=choices if first.kind in TOPICS and not first.urgent else "",
    )


def _try_later(out: _WayOut, mail: Mail, error: str, total: Drained) -> Drained:
    if mail[0].attempts == len(DELAYS):
        return _set_aside(out, mail, error, total)
    with out.database.writing() as session:
        at = out.clock() + DELAYS[mail[0].attempts]
        for notice in mail:
            outbox.mark_delayed(session, notice, at, error)
    LOG.info("notice %d delayed, attempt %d", mail[0].id, mail[0].attempts + 1)
    return replace(total, delayed=total.delayed + len(mail))


def _set_aside(out: _WayOut, mail: Mail, error: str, total: Drained) -> Drained:
    with out.database.writing() as session:
        for notice in mail:
            outbox.mark_failed(session, notice, error)
    LOG.warning("notice %d set aside at attempt %d", mail[0].id, mail[0].attempts + 1)
    return replace(total, failed=total.failed + len(mail))


def _put_back(out: _WayOut, mails: list[Mail], next_try_at: datetime | None, error: str | None) -> None:
    with out.database.writing() as session:
        for notice in chain.from_iterable(mails):
            outbox.put_back(session, notice, next_try_at, error)
