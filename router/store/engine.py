"""Opens the database. One use case = one `writing()` block = one transaction; pages use `reading()`.

SQLite: WAL, foreign keys on, and writers take the lock at once (`BEGIN IMMEDIATE`): a transaction that first
reads and then writes would otherwise fail under load, whatever the busy timeout. PostgreSQL: READ COMMITTED;
use cases lock the ticket row they change."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from router.model.actor import Busy
from router.store.liveness import RENEWED_SECONDS, refuse_dead_connections
from router.store.turns import begin_immediate

BUSY_TIMEOUT_MS = 10_000
STILL_TAKEN = (
    "D'autres enregistrements sont en cours et rien du vôtre n'a encore été fait. Attendez une minute, puis envoyez de "
    "nouveau."
)


class DatabaseBusy(OperationalError, Busy):
    """The file stayed taken as long as a writer is patient."""

    def __init__(self, taken: sqlite3.OperationalError) -> None:
        OperationalError.__init__(self, "BEGIN IMMEDIATE", None, taken)
        self.message, self.field = STILL_TAKEN, None


@dataclass(frozen=True, slots=True)
class Database:
    """An engine, and the two ways to open a session on it."""

    engine: Engine
    _reader: Engine = field(init=False, repr=False, compare=False)
    _asker: Engine = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        reader = self.engine.execution_options(readonly=True)
        loose = self.engine.dialect.name != "sqlite"
        asker = reader.execution_options(isolation_level="AUTOCOMMIT") if loose else reader
        object.__setattr__(self, "_reader", reader)
        object.__setattr__(self, "_asker", asker)

    @property
    def locks_rows(self) -> bool:
        """Whether writers work side by side, each holding the rows it has taken; else there is one at a time."""
        return self.engine.dialect.name != "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that may write: committed when the block ends, rolled back when it raises."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads, on one snapshot where the database offers it."""
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def asking(self) -> Iterator[Session]:
        """The same for a few questions at each request: PostgreSQL, where each statement sees what is committed when
        it begins anyway, is spared the opening and the end of a transaction. No lock, no cursor kept open."""
        with Session(self._asker, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def sealed(self) -> Iterator[Session]:
        """A session the database itself keeps from writing, on one snapshot of it: for what only looks back."""
        with self.reading() as session:
            connection = session.connection()
            if connection.dialect.name != "sqlite":
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield session
                return
            connection.exec_driver_sql("PRAGMA query_only=ON")
            try:
                yield session
            finally:
                connection.exec_driver_sql("PRAGMA query_only=OFF")


def create_engine_from(url: str, *, synchronous: str = "FULL", pool_size: int = 10) -> Engine:
    """An engine for `url`; `synchronous` (FULL or NORMAL) is SQLite's durability of each commit.

    Its errors never hold the values of a statement: they would end in logs, names and texts included."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        server = create_engine(
            parsed,
            pool_size=pool_size,
            max_overflow=10,
            pool_recycle=RENEWED_SECONDS,
            hide_parameters=True,
        )
        refuse_dead_connections(server)
        return server
    engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, hide_parameters=True)
    _prepare_sqlite(engine, synchronous)
    return engine


def open_database(url: str, *, synchronous: str = "FULL") -> Database:
    return Database(create_engine_from(url, synchronous=synchronous))


def _prepare_sqlite(engine: Engine, synchronous: str) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's begin event below speaks BEGIN, not the driver
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("readonly", False):
            connection.exec_driver_sql("BEGIN")
            return
        plain: Any = connection.connection.driver_connection
        try:
            begin_immediate(plain, BUSY_TIMEOUT_MS)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise DatabaseBusy(error) from error
            raise OperationalError("BEGIN IMMEDIATE", None, error) from error
