"""Writers wait for a SQLite file that another writes in, threads and processes alike, and are told if in vain."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select, text
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


def test_threads_that_write_at_once_all_have_their_turn(engine: Engine) -> None:
    database = Database(engine)
    threads = [
        threading.Thread(target=lambda name=name: [_write(database, f"{name}/{n}") for n in range(20)])
        for name in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert _written(database) == 120


def test_a_writer_waits_for_another_process_to_end(file: Path, engine: Engine) -> None:
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    thread = threading.Thread(target=_write, args=(Database(engine), "waited"))
    thread.start()
    thread.join(0.2)
    assert thread.is_alive() and _written(Database(engine)) == 0
    other.execute("COMMIT")
    thread.join(SECONDS)
    assert not thread.is_alive() and _written(Database(engine)) == 1
    other.close()


def test_other_statements_keep_sqlites_own_patience(engine: Engine) -> None:
    database = Database(engine)
    with database.writing() as session:
        assert session.scalar(text("PRAGMA busy_timeout")) == engines.BUSY_TIMEOUT_MS


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


def test_who_waits_for_a_turn_that_does_not_come_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
