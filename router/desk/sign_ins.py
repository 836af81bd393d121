"""A person's sessions, kept on the server: a cookie only names one, so that ending it ends every copy of the cookie."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from router.desk.accounts import actor_from
from router.desk.house import Desk
from router.model.actor import Actor, Busy
from router.store import accounts as account_store
from router.store import sign_ins as store

IDLE = timedelta(hours=2)
# When a session was last seen is written at most this often: reading a page is not a write.
GRAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Connection:
    """One of a person's sessions, as her account page lists it. `current`: the one she is looking from."""

    device: str
    began_at: datetime
    seen_at: datetime
    current: bool


def actor_of(desk: Desk, key: str, at: datetime) -> Actor | None:
    """Whoever a session names, while it is neither ended nor over and her account is active."""
    with desk.database.asking() as session:
        found = store.living(session, key, _limits(desk, at))
    if found is None:
        return None
    identity, seen_at = found
    if at - seen_at >= GRAIN:
        # Late is forgiven: what she came for is not refused over it.
        with suppress(Busy), desk.database.writing() as session:
            store.seen(session, key, at)
    return actor_from(identity)


def sign_out(desk: Desk, key: str, at: datetime) -> None:
    """Ends one session, and so every copy of its cookie."""
    with desk.database.writing() as session:
        store.end(session, key, at)


def mine(desk: Desk, actor: Actor, key: str, at: datetime) -> tuple[Connection, ...]:
    """The person's living sessions, the one that asks (`key`) first, then the last seen."""
    with desk.database.reading() as session:
        rows = store.of_account(session, actor.id, _limits(desk, at))
    found = [Connection(row.device, row.began_at, row.seen_at, row.id == key) for row in rows]
    return tuple(sorted(found, key=lambda each: not each.current))


def end_others(desk: Desk, actor: Actor, key: str, at: datetime) -> int:
    """Ends every session of the person but the one that asks; how many."""
    with desk.database.writing() as session:
        ended = store.end_all(session, actor.id, at, but=key)
        account_store.record(session, actor.id, at, actor.signature, "sessions_ended", {})
        return ended


def sweep(desk: Desk, at: datetime) -> int:
    """Removes the sessions that are over for good; how many. For the worker, once a day."""
    with desk.database.writing() as session:
        return store.sweep(session, at - _absolute(desk))


def _limits(desk: Desk, at: datetime) -> store.Limits:
    # What is written late is forgiven: the cookie itself keeps the idle limit to the minute.
    return store.Limits(began_after=at - _absolute(desk), seen_after=at - IDLE - GRAIN)


def _absolute(desk: Desk) -> timedelta:
    return timedelta(hours=desk.settings.session_hours)
