"""No dead connection of the pool reaches a use case, and a living one isn't asked each time whether it lives.

When the server ends a connection (restart, cut, time-out), its socket has something to read: that is looked at without
a word to the server, which is asked only then. The pool itself renews what is older than `RENEWED_SECONDS`."""

import select
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

# A network that drops a connection without a word does so to those left alone: firewalls count in minutes.
RENEWED_SECONDS = 60


def refuse_dead_connections(engine: Engine) -> None:
    """On an engine of psycopg: a dead connection found is thrown away with all those as old, and another is made."""
    dialect = engine.dialect

    @event.listens_for(engine, "checkout")
    def look(connection: Any, _record: Any, _proxy: Any) -> None:
        if _silent(connection):
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def _silent(connection: Any) -> bool:
    """Whether the server has said nothing since: neither data nor the end of the connection."""
    watched = select.poll()
    watched.register(connection.pgconn.socket, select.POLLIN)
    return not watched.poll(0)
