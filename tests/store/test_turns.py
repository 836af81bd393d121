"""Writers of one process stand in line in front of a SQLite file; the line never blocks whoever SQLite would let in."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, insert, select
from sqlalchemy.exc import OperationalError

from router.store import engine as engines
from router.store.engine import Database, create_engine_from
from router.store.tables import RateLimit
from tests.databases import Databases
from tests.desk.world import MONDAY

SECONDS = 20


@pytest.fixture
def file(databases: Databases) -> Iterator[Path]:
    url = databases.migrated("sqlite")
    yield Path(url.removeprefix("sqlite:///"))
    databases.drop(url)


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    made = create_engine_from(f"sqlite:///{file}", synchronous="NORMAL")
    yield made
    made.dispose()


def _write(database: Database, key: str) -> None:
    with database.writing() as session:
        session.execute(insert(RateLimit).values(key=key, window_at=MONDAY, attempts=1))


def _written(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(RateLimit)) or 0


def test_threads_write_one_after_the_other_and_none_asks_a_file_that_is_taken(engine: Engine) -> None:
    database, inside, most = Database(engine), [0], [0]

    @event.listens_for(engine, "before_cursor_execute")
    def entering(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement == "BEGIN IMMEDIATE":
            inside[0] += 1
            most[0] = max(most[0], inside[0])

    @event.listens_for(engine, "commit")
    def leaving(_connection: object) -> None:
        inside[0] -= 1

    threads = [
        threading.Thread(target=lambda name=name: [_write(database, f"{name}/{n}") for n in range(20)])
        for name in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert most == [1]
    assert _written(database) == 120


def test_a_turn_ends_with_its_transaction_whatever_happened_in_it(engine: Engine) -> None:
    database = Database(engine)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), database.writing() as session:
            session.execute(insert(RateLimit).values(key="lost", window_at=MONDAY, attempts=1))
            raise ZeroDivisionError
    thread = threading.Thread(target=_write, args=(database, "kept"))
    thread.start()
    thread.join(SECONDS)
    assert _written(database) == 1


def test_a_file_taken_by_another_process_is_still_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_MS", 50)
    made = create_engine_from(f"sqlite:///{file}", synchronous="NORMAL")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        _write(Database(made), "refused")
    other.execute("ROLLBACK")
    _write(Database(made), "kept")
    assert _written(Database(made)) == 1
    other.close()
    made.dispose()


def test_who_waits_for_a_turn_that_does_not_come_is_told_by_sqlite(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_MS", 50)
    made = create_engine_from(f"sqlite:///{file}", synchronous="NORMAL")
    database = Database(made)
    with database.writing() as session:
        session.execute(insert(RateLimit).values(key="first", window_at=MONDAY, attempts=1))
        with pytest.raises(OperationalError, match="locked"):
            _write(database, "second")
    _write(database, "third")
    assert _written(database) == 2
    made.dispose()
