"""The threads of one process that write in one SQLite file wait for their turn, and are woken when it comes.

A courtesy, not a guard: SQLite's own lock is what keeps two from writing, other processes included. But who finds that
lock taken looks again after longer and longer sleeps, up to a tenth of a second, while others pass before it."""

import threading
from typing import Any

from sqlalchemy import Connection, Engine, event

_HELD = "holds its turn"


class Turns:
    """The line in front of one engine's file. `patience`: after so many seconds without a turn, SQLite judges."""

    def __init__(self, engine: Engine, patience: float) -> None:
        self._patience = patience
        self._one_writes = threading.Lock()
        event.listen(engine, "checkin", self._leave)

    def wait(self, connection: Connection) -> None:
        """Before a transaction that may write; the turn ends when its connection goes back to the pool."""
        info = connection.info
        if not info.get(_HELD):
            info[_HELD] = self._one_writes.acquire(timeout=self._patience)

    def _leave(self, _connection: Any, record: Any) -> None:
        if record.info.pop(_HELD, False):
            self._one_writes.release()
