"""No dead connection of the pool reaches a use case, and a living one isn't asked each time whether it lives.

A connection just used is looked at without a word to the server: when the server ends one (restart, cut, time-out),
its socket has something to read. One that has, or that was left alone for a while, is asked before it is used."""

import select
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

# A network that drops a connection without a word does so to those left alone: firewalls count in minutes.
TRUSTED_SECONDS = 5.0
_RETURNED = "returned at"


def refuse_dead_connections(engine: Engine) -> None:
    """On an engine of psycopg: a dead connection found is thrown away with all those as old, and another is made."""
    dialect = engine.dialect

    @event.listens_for(engine, "checkin")
    def remember(_connection: Any, record: Any) -> None:
        record.info[_RETURNED] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def look(connection: Any, record: Any, _proxy: Any) -> None:
        returned = record.info.get(_RETURNED)
        if returned is None or (time.monotonic() - returned < TRUSTED_SECONDS and _silent(connection)):
            return  # new, or in use a moment ago
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def _silent(connection: Any) -> bool:
    """Whether the server has said nothing since: neither data nor the end of the connection."""
    watched = select.poll()
    watched.register(connection.pgconn.socket, select.POLLIN)
    return not watched.poll(0)
