"""How SQLite reads a long queue, page and counts: through the index made for it, never through the whole queue.

(PostgreSQL weighs its plans by the data; its times are measured by `make bench`.)"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from router.desk import browse, grey_zones, rule_use
from router.store import outbox
from router.store.engine import Database, create_engine_from
from tests.databases import Databases
from tests.desk.world import MONDAY, World, settle_world


@pytest.fixture
def sqlite_engine(databases: Databases) -> Iterator[Engine]:
    url = databases.migrated("sqlite")
    engine = create_engine_from(url, synchronous="NORMAL")
    yield engine
    engine.dispose()
    databases.drop(url)


@pytest.fixture
def world(sqlite_engine: Engine) -> World:
    return settle_world(Database(sqlite_engine))


def plans(engine: Engine, world: World, name: str) -> list[str]:
    """The plan of each statement that a person's queue costs."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        if " ticket " in statement:
            seen.append((statement, values))

    actor = world[name]
    event.listen(engine, "before_cursor_execute", note)
    browse.queue(world.desk, actor, browse.team_filters(actor), None, MONDAY)
    event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        asked = (connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", values) for each, values in seen)
        return [" ".join(row.detail for row in rows) for rows in asked]


@pytest.mark.parametrize("name", ["technician", "dsi"])
def test_a_queue_and_its_counts_each_have_their_index(sqlite_engine: Engine, world: World, name: str) -> None:
    world.file(at=MONDAY)
    total, page, *rest = plans(sqlite_engine, world, name)
    late, _unassigned, waiting, mine = rest[-4:]
    assert all("SCAN ticket" not in plan for plan in (total, page, *rest))
    assert "_queue" in page
    assert "ORDER BY" not in page
    assert "due_at<?" in late
    assert "ix_ticket_status" in waiting
    assert "ix_ticket_assignee" in mine


def test_a_rules_year_is_read_through_its_index(sqlite_engine: Engine, world: World) -> None:
    filed = world.file(at=MONDAY)
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        if "decision.rule" in statement:
            seen.append((statement, values))

    manager, after = world["manager"], MONDAY + timedelta(days=1)
    event.listen(sqlite_engine, "before_cursor_execute", note)
    rule_use.rule_use(world.desk, manager, filed.decision_rule, after)
    rule_use.rule_tickets(world.desk, manager, filed.decision_rule, None, after)
    grey_zones.register(world.desk, manager, manager.convention_id, after)
    event.remove(sqlite_engine, "before_cursor_execute", note)
    with sqlite_engine.connect() as connection:
        plans = [
            " ".join(row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", values))
            for each, values in seen
        ]
    counts, listed, zones = plans
    assert "ix_decision_rule" in counts and "ix_decision_rule" in listed
    assert "opened_at>?" in zones and "decision USING INTEGER PRIMARY KEY" in zones
    assert all("SCAN ticket" not in plan and "SCAN decision" not in plan for plan in plans)


def test_the_first_of_a_mail_is_found_among_those_that_wait_only(sqlite_engine: Engine, world: World) -> None:
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        if "NOT (EXISTS" in statement:
            seen.append((statement, values))

    event.listen(sqlite_engine, "before_cursor_execute", note)
    with world.desk.database.writing() as session:
        outbox.claim(session, "w", MONDAY, timedelta(minutes=2), 20)
    event.remove(sqlite_engine, "before_cursor_execute", note)
    ((statement, values),) = seen
    with sqlite_engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        plan = " ".join(row.detail for row in rows)
    assert (
        "ix_notice_waiting (address=? AND rowid<?)" in plan or "ix_notice_waiting (address=? AND id<?)" in plan
    )
    assert "ix_notice_due" in plan
    assert "SCAN notice" not in plan
