"""Random lives of tickets while days are decided around them: every stored instant is what its rows make it."""

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest

from router.clock.targets import Clock
from router.desk import suspensions
from router.desk.calendar_days import DaysAsked, decide_days, withdraw_days
from router.desk.clock_check import Checkup, judged_anew, verify_clocks
from router.model.actor import NotFound, Refused
from router.model.words import HOLDERS, DayCause, Reach
from router.store import calendar_log
from router.store.engine import Database, open_database
from tests.databases import Databases
from tests.desk.test_histories import BEGINNINGS, History
from tests.desk.world import MONDAY, NORTH, World, settle_world

HISTORIES, GESTURES = 16, 12
HOURS: tuple[tuple[str, ...], ...] = ((), ("08:00-12:00",), ("07:00-09:30", "14:00-19:00"))


@pytest.fixture(scope="module")
def world(databases: Databases) -> Iterator[World]:
    url = databases.migrated("sqlite")
    database: Database = open_database(url, synchronous="NORMAL")
    yield settle_world(database)
    database.engine.dispose()
    databases.drop(url)


def decide(history: History) -> None:
    dice, desk = history.dice, history.world.desk
    first = history.now.date() + timedelta(days=dice.randrange(-20, 40))
    who, reach, key = dice.choice(
        (
            ("manager", Reach.CONVENTION, "demo-nord"),
            ("principal", Reach.COLLEGE, NORTH),
            ("manager_academie", Reach.ACADEMIE, ""),
        )
    )
    last = first + timedelta(days=dice.choice((0, 0, 1, 6)))
    clock = dice.choice((None, Clock.PEDAGOGIQUE, Clock.ADMINISTRATIF))
    asked = DaysAsked(reach, key, clock, first, last, dice.choice(HOURS), DayCause.OTHER, "Décidé sur place.")
    decide_days(desk, history.world[who], asked, history.now)


def withdraw(history: History) -> None:
    with history.world.desk.database.reading() as session:
        known = [each.id for each in calendar_log.changes(session)]
    if known:
        number, who = history.dice.choice(known), history.dice.choice(("manager", "principal"))
        withdraw_days(history.world.desk, history.world[who], number, "Repris.", history.now)


def suspend(history: History) -> None:
    dice, desk, now = history.dice, history.world.desk, history.now
    first = now.date() + timedelta(days=dice.randrange(-10, 10))
    asked = suspensions.SuspensionAsked(
        "demo-nord",
        dice.choice(((), (NORTH,))),
        tuple(dice.sample(HOLDERS, dice.choice((0, 0, 1, 2)))),
        first,
        first + timedelta(days=dice.choice((0, 3, 20))),
        "Crue.",
    )
    number = suspensions.declare_suspension(desk, history.world["manager"], asked, now)
    suspensions.accept_suspension(desk, history.world["manager_academie"], number, now)
    if dice.random() < 0.3:
        last = first + timedelta(days=1)
        suspensions.end_suspension(desk, history.world["manager"], number, last, "Finie.", now)


def test_whatever_is_decided_about_days_every_instant_can_be_recomputed(world: World) -> None:
    """One after the other: an act about days is of a moment, and no ticket lives before those already recorded."""
    lived, now = 0, MONDAY
    for seed in range(HISTORIES):
        dice = random.Random(seed)  # dice, no secret
        who, subject, facts = BEGINNINGS[seed % len(BEGINNINGS)]
        at = now + timedelta(minutes=dice.randrange(7 * 24 * 60))
        history = History(world, dice, world.file(who, subject, "", at, facts=facts).ticket, at)
        for _ in range(GESTURES):
            history.tick()
            history.gesture()
            with suppress(Refused):
                dice.choice((decide, withdraw, suspend, lambda _history: None))(history)
            lived += 1
        now = history.now
        _hold(verify_clocks(world.desk, history.ticket), history)
    found = verify_clocks(world.desk)
    _hold(found, history)
    assert found.tickets >= HISTORIES and found.deadlines > 4 * HISTORIES and lived == HISTORIES * GESTURES
    assert judged_anew(world.desk).differences, "so many days were decided that some verdict must have changed"


def _hold(found: Checkup, history: History) -> None:
    wrong = [
        f"{each.ticket} {each.what} {each.kind} {each.stored} {each.computed}" for each in found.differences
    ]
    assert not wrong, "\n".join([*wrong, "after:", *history.done])


def test_an_unknown_ticket_is_said(world: World) -> None:
    with pytest.raises(NotFound, match="99999"):
        verify_clocks(world.desk, 99_999)
