"""Where a ticket's time went: conserved to the microsecond over random lives, and the cases people argue about."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from router.clock.calendar import between, calendars_of
from router.clock.ledger import Held, History, Ledger, TimeKind, Wait, ledger
from router.model.words import Party, PauseCause
from tests.clock.lives import LifeOracle, a_life, painted, told

LIVES, BATCHES = 1_000, 20
MICROSECOND = timedelta(microseconds=1)
NOTHING = timedelta()
DEPARTEMENT, ACADEMIE = Party.DEPARTEMENT_MAINTENANCE, Party.ACADEMIE_DSI
OFFICE = calendars_of(
    """
[calendar.bureau]
timezone = "Europe/Paris"
monday = ["08:00-12:00", "14:00-18:00"]
tuesday = ["08:00-12:00", "14:00-18:00"]
wednesday = ["08:00-12:00"]
thursday = ["08:00-12:00", "14:00-18:00"]
friday = ["08:00-12:00", "14:00-18:00"]
"""
)["bureau"]
CORSICAN = calendars_of(
    """
[calendar.corse]
timezone = "Europe/Paris"
monday = ["08:00-18:00"]
school_zone = "corse"
open = [{ date = 2026-11-24, spans = ["08:00-12:00"] }]
"""
)["corse"]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_time_is_conserved_in_a_thousand_random_lives(batch: int) -> None:
    for seed in range(batch, LIVES, BATCHES):
        life = a_life(seed)
        history, oracle = life.history(), LifeOracle(life)
        found = ledger(history)
        kept = sum(found.held().values(), NOTHING)
        stopped = found.total(TimeKind.PAUSED) + found.total(TimeKind.SUSPENDED)
        assert kept + stopped + found.total(TimeKind.REQUESTER) == life.end - life.events[0].at, seed
        _check_partition(found, seed)
        assert painted(life, found.segments) == oracle.painted(), seed
        for each in found.segments:
            for instant in (each.from_at, each.from_at + each.length / 2, each.until_at - MICROSECOND):
                assert oracle.at(instant) == told(each), (seed, instant)


def _check_partition(found: Ledger, seed: int) -> None:
    assert all(each.length > NOTHING for each in found.segments), seed
    assert all(one.until_at == other.from_at for one, other in pairwise(found.segments)), seed
    ends = [(each.from_at, each.until_at) for each in found.segments] or [(found.opened_at, found.end_at)]
    assert (ends[0][0], ends[-1][1]) == (found.opened_at, found.end_at), seed
    spells = found.spells()
    assert tuple(each for spell in spells for each in spell.segments) == found.segments, seed
    assert all(spell.until_at == after.from_at for spell, after in pairwise(spells)), seed


def test_the_lives_hold_what_they_are_for() -> None:
    """Else the property above would say little."""
    seen: dict[TimeKind, int] = dict.fromkeys(TimeKind, 0)
    covered = limited = reopened = again = 0
    for seed in range(LIVES):
        life = a_life(seed)
        history = life.history()
        for each in ledger(history).segments:
            seen[each.kind] += 1
        limited += sum(
            bool(each.limit_at and each.limit_at < (each.until_at or life.end)) for each in history.waits
        )
        covered += any(
            since < (wait.until_at or life.end) and (until is None or wait.from_at < until)
            for since, until in history.suspensions
            for wait in history.waits
        )
        reopened += len(history.settled)
        again += len(history.holdings) > len({each.party for each in history.holdings})
    assert min(seen.values()) > 100
    assert min(covered, limited, reopened, again) > 90


@pytest.mark.parametrize("seed", range(0, 300))
def test_running_time_is_what_the_arithmetic_says(seed: int) -> None:
    """Two roads to one number: the ledger's segments, and `between` with its pauses."""
    life = a_life(seed)
    history = life.history()
    found = ledger(history)
    for place, held in enumerate(history.holdings):
        waits = [
            (wait.from_at, min(wait.until_at or life.end, wait.limit_at or life.end))
            for wait in history.waits
            if wait.holding == place
        ]
        pauses = [*waits, *history.suspensions]
        served = between(held.calendar, held.from_at, held.until_at or life.end, pauses)
        if isinstance(served, timedelta):
            assert found.of_holding(place, TimeKind.RUNNING) == served
            assert found.of_holding(place, TimeKind.UNKNOWN) == NOTHING
        else:
            assert found.of_holding(place, TimeKind.UNKNOWN) > NOTHING


def at(text: str) -> datetime:
    """A moment of the week of Monday 23 November 2026, in Paris: « 23 08:30 »."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-11-{day}T{clock}+01:00").astimezone(UTC)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def lines(found: Ledger) -> list[tuple[str, str, str]]:
    """Each segment in a few words, on the wall clock of Paris."""

    def wall(moment: datetime) -> str:
        return (moment + hours(1)).strftime("%d %H:%M")

    return [(str(each.kind), wall(each.from_at), wall(each.until_at)) for each in found.segments]


def test_a_wait_ends_at_its_limit_though_nobody_noticed() -> None:
    wait = Wait(0, PauseCause.PART, at("23 09:00"), None, at("23 11:00"))
    found = ledger(History(at("23 08:00"), at("23 12:00"), [Held(DEPARTEMENT, OFFICE, at("23 08:00"))], [wait]))
    assert lines(found) == [
        ("running", "23 08:00", "23 09:00"),
        ("paused", "23 09:00", "23 11:00"),
        ("running", "23 11:00", "23 12:00"),
    ]


def test_a_suspension_covers_a_wait_and_the_night() -> None:
    found = ledger(
        History(
            at("23 17:00"),
            at("24 09:00"),
            [Held(DEPARTEMENT, OFFICE, at("23 17:00"))],
            [Wait(0, PauseCause.REQUESTER, at("23 20:00"), at("24 08:30"))],
            [(at("23 19:00"), at("23 21:00"))],
        )
    )
    assert lines(found) == [
        ("running", "23 17:00", "23 18:00"),
        ("closed", "23 18:00", "23 19:00"),
        ("suspended", "23 19:00", "23 21:00"),
        ("paused", "23 21:00", "24 08:30"),
        ("running", "24 08:30", "24 09:00"),
    ]


def test_a_contest_comes_back_on_the_first_holders_own_clock() -> None:
    permanent = calendars_of(
        '[calendar.permanent]\ntimezone = "Europe/Paris"\n'
        + "".join(f'{day} = ["00:00-24:00"]\n' for day in ("monday", "tuesday"))
    )["permanent"]
    found = ledger(
        History(
            at("23 11:00"),
            at("23 15:00"),
            [
                Held(DEPARTEMENT, OFFICE, at("23 11:00"), at("23 12:30")),
                Held(ACADEMIE, permanent, at("23 12:30"), at("23 13:00")),
                Held(DEPARTEMENT, OFFICE, at("23 13:00")),
            ],
        )
    )
    assert found.held() == {DEPARTEMENT: hours(3.5), ACADEMIE: hours(0.5)}
    assert found.of_party(DEPARTEMENT, TimeKind.RUNNING) == hours(2)
    assert [(spell.first.party, spell.length) for spell in found.spells()] == [
        (DEPARTEMENT, hours(1.5)),
        (ACADEMIE, hours(0.5)),
        (DEPARTEMENT, hours(2)),
    ]


def test_between_a_resolution_and_its_reopening_the_time_is_the_colleges() -> None:
    holdings = [
        Held(DEPARTEMENT, OFFICE, at("23 08:00"), at("23 10:00")),
        Held(DEPARTEMENT, OFFICE, at("24 10:00"), at("24 12:00")),
    ]
    settled = [(at("23 10:00"), at("24 10:00"))]
    found = ledger(History(at("23 08:00"), at("24 12:00"), holdings, settled=settled))
    assert found.total(TimeKind.REQUESTER) == hours(24)
    assert found.held() == {DEPARTEMENT: hours(4)}
    with pytest.raises(ValueError, match="nobody"):
        ledger(History(at("23 08:00"), at("24 12:00"), holdings))


def test_an_unknown_day_is_said_but_not_inside_a_wait() -> None:
    found = ledger(
        History(
            at("23 08:00"),
            at("24 13:00"),
            [Held(DEPARTEMENT, CORSICAN, at("23 08:00"))],
            [Wait(0, PauseCause.PART, at("23 10:00"), at("23 12:00"))],
        )
    )
    assert lines(found) == [
        ("unknown", "23 08:00", "23 10:00"),
        ("paused", "23 10:00", "23 12:00"),
        ("unknown", "23 12:00", "24 00:00"),
        ("closed", "24 00:00", "24 08:00"),
        ("running", "24 08:00", "24 12:00"),
        ("closed", "24 12:00", "24 13:00"),
    ]


def test_a_reading_in_the_past_stops_there() -> None:
    holdings = [
        Held(DEPARTEMENT, OFFICE, at("23 08:00"), at("23 10:00")),
        Held(ACADEMIE, OFFICE, at("23 10:00"), at("23 12:00")),
    ]
    found = ledger(History(at("23 08:00"), at("23 09:00"), holdings))
    assert lines(found) == [("running", "23 08:00", "23 09:00")]
    assert ledger(History(at("23 08:00"), at("23 08:00"), holdings)).segments == ()


@pytest.mark.parametrize(
    ("opened", "end", "turns"),
    [
        ("23 08:00", "23 07:00", [("23 08:00", None)]),
        ("23 08:00", "23 12:00", [("23 09:00", None)]),
        ("23 08:00", "23 12:00", [("23 08:00", "23 11:00")]),
        ("23 08:00", "23 12:00", [("23 08:00", "23 10:00"), ("23 09:00", None)]),
        ("23 08:00", "23 12:00", []),
    ],
    ids=["ends before it opens", "nobody first", "nobody last", "two at once", "nobody ever"],
)
def test_a_history_that_leaves_time_out_is_refused(
    opened: str, end: str, turns: list[tuple[str, str | None]]
) -> None:
    holdings = [Held(DEPARTEMENT, OFFICE, at(low), at(high) if high else None) for low, high in turns]
    with pytest.raises(ValueError):
        ledger(History(at(opened), at(end), holdings))
