"""Which book is in force for whom, and what the database refuses of publications and of what was done to drafts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from router.store import books
from router.store.books import Edition, PublishedAtOnce, edition_of
from router.store.engine import Database, create_engine_from
from router.store.schema import downgrade, upgrade
from router.store.tables import RuleDraft, RuleDraftEvent
from tests.databases import KINDS, Databases

FIRST = datetime(2025, 9, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def publish(database: Database, fingerprint: str, since: datetime, convention: str | None = None) -> None:
    with database.writing() as session:
        books.publish(
            session, fingerprint, {"a.toml": ""}, in_force_from=since, at=since, by="command", reason="",
            convention=convention,
        )  # fmt: skip


def in_force(database: Database, at: datetime, convention: str | None) -> str | None:
    with database.reading() as session:
        found = edition_of(books.editions_in_force(session, at), convention)
    return found.fingerprint if found else None


@pytest.mark.parametrize(
    ("days", "north", "south", "nobody"),
    [(-1, None, None, None), (0, "all", "all", "all"), (9, "all", "all", "all"), (10, "north", "all", "all"),
     (20, "all too", "all too", "all too"), (30, "north too", "all too", "all too")],
)  # fmt: skip
def test_a_convention_goes_by_the_latest_of_its_own_and_those_for_all(
    database: Database, days: int, north: str | None, south: str | None, nobody: str | None
) -> None:
    publish(database, "all", FIRST)
    publish(database, "north too", FIRST + 30 * DAY, "north")
    publish(database, "north", FIRST + 10 * DAY, "north")
    publish(database, "all too", FIRST + 20 * DAY)
    at = FIRST + days * DAY
    found = (in_force(database, at, "north"), in_force(database, at, "south"), in_force(database, at, None))
    assert found == (north, south, nobody)


def test_on_the_same_day_the_later_written_wins(database: Database) -> None:
    publish(database, "one", FIRST)
    publish(database, "two", FIRST)
    publish(database, "own", FIRST, "north")
    assert in_force(database, FIRST, "south") == "two"
    assert in_force(database, FIRST, "north") == "own"


def test_the_latest_wins_whatever_the_order_read() -> None:
    own, later = Edition(9, "north", "own", FIRST), Edition(3, None, "later", FIRST + DAY)
    assert edition_of({"north": own, None: later}, "north") == later
    assert edition_of({"north": own}, "south") is None


def test_the_same_number_twice_is_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(database, "one", FIRST, "north")
    monkeypatch.setattr(books, "_next_number", lambda _session, _convention: 1)  # both read before either wrote
    with pytest.raises(PublishedAtOnce):
        publish(database, "two", FIRST, "north")


def test_publications_and_events_are_never_changed(database: Database, engine: Engine) -> None:
    publish(database, "one", FIRST, "north")
    with database.writing() as session:
        draft = RuleDraft(
            convention_id="north", title="t", sources={}, fingerprint="f", base_fingerprint="one", reference="",
            articles=[], status="draft", author="command", started_at=FIRST,
        )  # fmt: skip
        session.add(draft)
        session.flush()
        session.add(
            RuleDraftEvent(
                draft_id=draft.id, at=FIRST, actor="command", kind="started", fingerprint="f", version=1
            )
        )
    for table in ("published_book", "rule_draft_event"):
        for order in (f"UPDATE {table} SET fingerprint = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError, match="append only"), engine.begin() as connection:
                connection.execute(text(order))


@pytest.fixture(params=KINDS)
def old_engine(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Engine]:
    url = databases.empty(request.param)
    made = create_engine_from(url, synchronous="NORMAL")
    upgrade(made, "0001")
    yield made
    made.dispose()
    databases.drop(url)


OF_THE_PREVIOUS_RELEASE = text(
    "INSERT INTO published_book (fingerprint, sources, in_force_from, published_at, published_by, reason) "
    "VALUES (:fingerprint, '{\"a.toml\": \"\"}', '2025-09-01 00:00:00', '2025-09-01 00:00:00', 'command', '')"
)


def test_what_the_previous_release_publishes_stays_for_all_before_and_after(old_engine: Engine) -> None:
    database = Database(old_engine)
    with old_engine.begin() as connection:
        connection.execute(OF_THE_PREVIOUS_RELEASE, {"fingerprint": "before"})
    upgrade(old_engine)
    assert in_force(database, FIRST + DAY, "north") == "before"
    with old_engine.begin() as connection:  # still running beside
        connection.execute(OF_THE_PREVIOUS_RELEASE, {"fingerprint": "beside"})
    assert in_force(database, FIRST + DAY, "north") == "beside"
    downgrade(old_engine, "0001")
    with old_engine.connect() as connection:
        kept = list(connection.execute(text("SELECT fingerprint FROM published_book ORDER BY id")).scalars())
    assert kept == ["before", "beside"]
    with pytest.raises(DBAPIError, match="append only"), old_engine.begin() as connection:
        connection.execute(text("DELETE FROM published_book"))
