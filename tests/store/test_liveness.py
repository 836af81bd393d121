"""A connection that died in the pool is never handed out, and a living one is not asked each time."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from router.store import engine as engines
from router.store.engine import Database, create_engine_from
from tests.databases import Databases


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    made = databases.migrated("postgresql")
    yield made
    databases.drop(made)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    made = create_engine_from(url)
    yield made
    made.dispose()


def _backends(engine: Engine, number: int) -> set[int]:
    """Uses that many connections at once; the server's numbers for them."""
    connections = [engine.connect() for _ in range(number)]
    found = {each.scalar(text("SELECT pg_backend_pid()")) for each in connections}
    for each in connections:
        each.close()
    return found


def _kill(url: str, pids: set[int]) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as server:
        for pid in pids:
            assert server.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone() == (True,)


def test_connections_the_server_ended_are_replaced(url: str, engine: Engine) -> None:
    before = _backends(engine, 3)
    _kill(url, before)
    assert _backends(engine, 3).isdisjoint(before)


def test_a_living_connection_is_used_again_without_being_asked(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    pings: list[object] = []
    monkeypatch.setattr(engine.dialect, "do_ping", pings.append)
    first = _backends(engine, 1)
    assert _backends(engine, 1) == first
    assert pings == []


def test_an_old_connection_is_renewed(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "RENEWED_SECONDS", 0)
    engine = create_engine_from(url)
    first = _backends(engine, 1)
    assert _backends(engine, 1).isdisjoint(first)
    engine.dispose()


def test_what_the_server_says_in_between_is_no_death(engine: Engine, url: str) -> None:
    """A notification waiting in the socket: the connection is asked, and kept."""
    with engine.connect() as connection:
        connection.exec_driver_sql("LISTEN somebody")
        connection.commit()
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as server:
        server.execute("NOTIFY somebody, 'words'")
    assert _backends(engine, 1) == {pid}


def test_no_server_at_all_is_said(url: str, engine: Engine, databases: Databases) -> None:
    before = _backends(engine, 1)
    _kill(url, before)
    databases.drop(url)
    with pytest.raises(OperationalError), engine.connect():
        pass


def test_a_question_opens_no_transaction_and_the_next_writing_one_does(url: str, engine: Engine) -> None:
    """Both on the same connection: what asking changed in it is put back."""
    database = Database(engine)
    state = text("SELECT pg_current_xact_id_if_assigned() IS NULL, now() = statement_timestamp()")
    with database.asking() as session:
        session.execute(text("SELECT pg_sleep(0.01)"))
        assert session.execute(state).one() == (True, True)  # now() is the statement's: no transaction holds it
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        session.execute(text("INSERT INTO rate_limit (key, window_at, attempts) VALUES ('a', now(), 1)"))
        raise ZeroDivisionError
    with database.reading() as session:
        session.execute(text("SELECT pg_sleep(0.01)"))
        assert session.execute(state).one() == (True, False)
        assert session.scalar(text("SELECT count(*) FROM rate_limit")) == 0
