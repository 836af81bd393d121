"""A backlog drained by real workers through what befalls a machine: its database restarts, its clock jumps."""

import random
from datetime import timedelta

from sqlalchemy import select, update

from router.desk import escalate
from router.store.engine import Database, create_engine_from
from router.store.schema import upgrade
from router.store.seals import verify_seals
from router.store.tables import EscalationRow, NoticeRow
from tests.desk.world import settle_world
from tests.postgres import restartable_server
from tests.processes.backlog import LONG_AFTER, due, fill
from tests.processes.drain_crew import Crew, check_each_once, fired, wait_until
from tests.processes.test_races import race

STEPS = 300
MANY, KILLS = 2_000, 5
MODELS = 10


def test_workers_find_a_restarted_server_again_and_finish() -> None:
    with restartable_server() as server:
        url = server.url.replace("postgresql://", "postgresql+psycopg://")
        database = Database(create_engine_from(url))
        upgrade(database.engine)
        fill(settle_world(database), STEPS, MODELS)
        crew = Crew(url, batch=2)
        crew.hire(2)
        try:
            crew.ready()
            crew.start()
            wait_until(lambda: fired(database) > 40)
            database.engine.dispose()
            server.restart(pause_seconds=0.3)
            left = due(database)
            assert left, "the restart came too late to prove anything"
            wait_until(lambda: due(database) == 0)
            assert [each.exitcode for each in crew.hands] == [None, None]
        finally:
            crew.stop()
        check_each_once(database, STEPS)
        database.engine.dispose()


def test_four_workers_killed_at_random_over_a_backlog_lose_and_repeat_nothing(
    database: Database, database_url: str
) -> None:
    """The real worker, each killed whatever it is doing and replaced; the full form is `make bench ARGS=drain`."""
    fill(settle_world(database), MANY, MODELS)
    waiting, dice = due(database), random.Random(20261128)  # dice, no secret
    marks = sorted(dice.randrange(waiting // 2) for _ in range(KILLS))
    crew = Crew(database_url, batch=5)
    crew.hire(4)
    try:
        crew.ready()
        crew.start()
        for mark in marks:
            wait_until(lambda mark=mark: waiting - due(database) >= mark)
            crew.kill_one(dice)
        wait_until(lambda: due(database) == 0)
    finally:
        crew.stop()
    assert crew.killed == KILLS
    check_each_once(database, MANY)


def test_a_clock_that_jumps_an_hour_back_and_forth_loses_and_repeats_nothing(
    database: Database, database_url: str
) -> None:
    world = settle_world(database)
    fill(world, STEPS, MODELS)
    spread(database)
    crew = Crew(database_url, batch=3, seed=20261128)
    crew.hire(2)
    try:
        crew.ready()
        crew.start()
        wait_until(lambda: due(database) == 0)
    finally:
        crew.stop()
    escalate.run_due(world.desk, LONG_AFTER + timedelta(hours=2))
    check_each_once(database, STEPS)


def test_four_workers_make_one_seal_a_day(database: Database, database_url: str) -> None:
    settle_world(database).file()
    assert sorted(race(database_url, [["seal", LONG_AFTER.isoformat()]] * 4)) == ["0", "0", "0", "1"]
    with database.reading() as session:
        seals, breaks = verify_seals(session)
        assert (len(seals), breaks) == (1, ())
        told = session.scalars(select(NoticeRow.address).where(NoticeRow.kind == "seal")).all()
        assert sorted(told) == ["dsi-lead@example.org", "lead@example.org"]


def spread(database: Database) -> None:
    """Steps due all through the hours around the instant: some are due by one clock and not by another."""
    dice = random.Random(7)  # dice, no secret
    with database.writing() as session:
        rows = [
            {"id": number, "due_at": LONG_AFTER + timedelta(minutes=dice.randrange(-120, 90))}
            for number in session.scalars(select(EscalationRow.id)).all()
        ]
        session.execute(update(EscalationRow), rows)
