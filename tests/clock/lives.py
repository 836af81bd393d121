"""Random lives of tickets for the ledger, and a second opinion on them that shares nothing with it.

A life is a list of events as people would tell them. One reading of it gives what the ledger takes; the oracle reads
the same events again, its own way, and says what each second (`painted`) or any instant (`at`) was."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from router.clock.ledger import Held, History, Segment, TimeKind, Wait
from router.clock.service_calendar import ServiceCalendar
from router.model.words import HOLDERS, Party, PauseCause
from tests.clock.oracle import Oracle
from tests.clock.test_arithmetic import ALWAYS, NIGHTS, PARIS, SCENES, WEEK, Scene, days, holidays_of

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
CAUSES = tuple(PauseCause)
REQUESTER, SUSPENDED, FIRST_CAUSE = 255, 3, 4
TOLD = {TimeKind.CLOSED: 0, TimeKind.RUNNING: 1, TimeKind.UNKNOWN: 2, TimeKind.SUSPENDED: SUSPENDED}
END_OF_COVERAGE = replace(
    next(scene for scene in SCENES if scene.name == "fin-de-couverture"), begin="2028-08-21T00:00", length=30
)


@dataclass(frozen=True)
class Ground:
    """A window of time, the calendar of each holder in it, and what the oracle knows of each second."""

    begin: datetime
    calendars: Mapping[Party, ServiceCalendar]
    minutes: Mapping[Party, bytes]
    seconds: Mapping[Party, bytes]

    @property
    def end(self) -> datetime:
        return self.begin + SECOND * min(map(len, self.seconds.values()))


@cache
def grounds() -> tuple[Ground, ...]:
    """Both changes of hour, with school and public holidays; and where a calendar ends while others go on."""
    autumn = Scene(
        "toussaint",
        PARIS,
        WEEK,
        "2026-10-12T00:00",
        'public_holidays = "metropole"\nschool_zone = "B"',
        frozenset(holidays_of(2026) | days("2026-10-17", "2026-11-01")),
        length=45,
    )
    spring = replace(
        autumn,
        name="paques",
        begin="2027-03-10T00:00",
        settings='public_holidays = "metropole"',
        off=frozenset(holidays_of(2027)),
    )
    return tuple(_ground(scene) for scene in (autumn, spring, END_OF_COVERAGE))


def _ground(main: Scene) -> Ground:
    always = Scene("toujours", PARIS, ALWAYS, main.begin, length=main.length)
    others = (
        always,
        replace(always, name="nuits", zone="Australia/Lord_Howe", week=NIGHTS),
        replace(always, name="terre-neuve", zone="America/St_Johns", week=WEEK),
    )
    scenes = dict(zip(HOLDERS, (main, *others), strict=True))
    oracles: dict[Party, Oracle] = {party: scene.oracle() for party, scene in scenes.items()}
    return Ground(
        begin=oracles[HOLDERS[0]].begin,
        calendars={party: scene.calendar() for party, scene in scenes.items()},
        minutes={party: oracle.states for party, oracle in oracles.items()},
        seconds={
            party: b"".join(bytes((state,)) * 60 for state in oracle.states)
            for party, oracle in oracles.items()
        },
    )


@dataclass(frozen=True)
class Event:
    """`hold` (with its party: an opening, a transfer, a contest, a reopening), `wait` (with its cause and limit),
    `resume`, `resolve`."""

    at: datetime
    kind: str
    party: Party | None = None
    cause: PauseCause | None = None
    limit: datetime | None = None


@dataclass(frozen=True)
class Life:
    """What happened to one ticket, read at `end`."""

    ground: Ground
    events: tuple[Event, ...]
    suspensions: tuple[tuple[datetime, datetime | None], ...]
    end: datetime

    def history(self) -> History:
        """For the ledger: rows as a desk would keep them."""
        holdings: list[Held] = []
        waits: list[Wait] = []
        settled: list[tuple[datetime, datetime]] = []
        for event in self.events:
            if event.kind in ("hold", "resolve", "resume"):
                waits = [each if each.until_at else replace(each, until_at=event.at) for each in waits]
            if event.kind == "wait" and event.cause:
                waits.append(Wait(len(holdings) - 1, event.cause, event.at, None, event.limit))
            if event.kind in ("hold", "resolve") and holdings and holdings[-1].until_at is None:
                holdings[-1] = replace(holdings[-1], until_at=event.at)
            if event.kind == "hold" and event.party:
                if holdings and (left := holdings[-1].until_at) and left < event.at:
                    settled.append((left, event.at))
                holdings.append(Held(event.party, self.ground.calendars[event.party], event.at))
        return History(self.events[0].at, self.end, holdings, waits, self.suspensions, settled)


def a_life(seed: int) -> Life:
    """Anything that can happen, in any order that makes sense."""
    dice = random.Random(seed)  # dice, no secret
    ground = grounds()[seed % len(grounds())]
    begin, end = ground.begin, ground.end - timedelta(days=2)
    now = _instant(dice, begin, begin + (end - begin) * 0.8)
    span = (end - now) * dice.choice((0.02, 0.1, 0.3, 0.6, 1))
    held = [dice.choice(HOLDERS)]
    events, waiting, resolved = [Event(now, "hold", held[0])], False, False
    for _ in range(dice.randrange(0, 14)):
        now = _later(dice, now, now + span / 8)
        if now >= end:
            break
        ways = ["hold"] if resolved else ["hold", "contest", "resolve", "resume" if waiting else "wait"]
        way = dice.choice(ways)
        match way:
            case "wait":
                limit = _later(dice, now, now + timedelta(days=3)) if dice.random() < 0.7 else None
                events.append(Event(now, "wait", cause=dice.choice(CAUSES), limit=limit))
            case "hold" | "contest":
                held.append(dice.choice(held if way == "contest" or resolved else HOLDERS))
                events.append(Event(now, "hold", held[-1]))
            case _:
                events.append(Event(now, way))
        waiting, resolved = way == "wait", way == "resolve"
    stop = events[-1].at if resolved else _later(dice, events[-1].at, events[-1].at + span / 4)
    return Life(ground, tuple(events), _suspensions(dice, events[0].at, stop), min(stop, ground.end))


def _suspensions(
    dice: random.Random, begin: datetime, end: datetime
) -> tuple[tuple[datetime, datetime | None], ...]:
    """They may overlap each other, waits, the begin and the end, or be of no length at all."""
    found: list[tuple[datetime, datetime | None]] = []
    for _ in range(dice.choice((0, 0, 1, 2, 4))):
        since = _instant(dice, begin - timedelta(hours=9), end + timedelta(hours=1))
        until = None if dice.random() < 0.2 else since + (end - begin + SECOND) * dice.choice((0, 0.05, 0.3, 1))
        found.append((since, until))
    return tuple(found)


def _instant(dice: random.Random, low: datetime, high: datetime) -> datetime:
    """Any microsecond, or a whole quarter of an hour, where clocks open and close."""
    at = low + (high - low) * dice.random()
    if dice.random() < 0.5:
        return at
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def _later(dice: random.Random, since: datetime, until: datetime) -> datetime:
    """Sometimes the very same instant."""
    return since if dice.random() < 0.1 else max(since, _instant(dice, since, until))


@dataclass(frozen=True)
class LifeOracle:
    """Each instant of a life as a number: the holder's rank times eight, plus what its clock does."""

    life: Life

    def painted(self) -> bytes:
        """Second after second from the opening on (its fraction kept), each as it is at its begin."""
        start = self.life.events[0].at
        first = _ceil(start - self.life.ground.begin)
        length = _ceil(self.life.end - self.life.ground.begin) - first
        line = bytearray(bytes((REQUESTER,)) * length)

        def seconds(since: datetime, until: datetime) -> slice:
            ends = (_ceil(each - self.life.ground.begin) - first for each in (since, until))
            low, high = (min(max(each, 0), length) for each in ends)
            return slice(low, max(low, high))

        for party, since, until in self._stays():
            place = seconds(since, until)
            base = HOLDERS.index(party) * 8
            states = self.life.ground.seconds[party][first + place.start : first + place.stop]
            line[place] = states.translate(bytes((base + min(state, 2)) % 256 for state in range(256)))
            for cause, begin, end in self._waits(since, until):
                _paint(line, seconds(begin, end), base + FIRST_CAUSE + CAUSES.index(cause))
            for begin, stop in self.life.suspensions:
                end = min(stop or until, until)
                _paint(line, seconds(max(begin, since), end), base + SUSPENDED)
        return bytes(line)

    def at(self, instant: datetime) -> int:
        """One instant, from the events before it alone."""
        past = [event for event in self.life.events if event.at <= instant]
        turn = next(event for event in reversed(past) if event.kind in ("hold", "resolve"))
        if turn.party is None:
            return REQUESTER
        base = HOLDERS.index(turn.party) * 8
        if any(
            since <= instant and (until is None or instant < until) for since, until in self.life.suspensions
        ):
            return base + SUSPENDED
        last = past[-1]
        if last.kind == "wait" and last.cause and (last.limit is None or instant < last.limit):
            return base + FIRST_CAUSE + CAUSES.index(last.cause)
        minute = (instant - self.life.ground.begin) // timedelta(minutes=1)
        return base + self.life.ground.minutes[turn.party][minute]

    def _stays(self) -> list[tuple[Party, datetime, datetime]]:
        turns = [event for event in self.life.events if event.kind in ("hold", "resolve")]
        ends = [*(event.at for event in turns[1:]), self.life.end]
        return [(turn.party, turn.at, end) for turn, end in zip(turns, ends, strict=True) if turn.party]

    def _waits(self, since: datetime, until: datetime) -> list[tuple[PauseCause, datetime, datetime]]:
        events = self.life.events
        following = [*(event.at for event in events[1:]), self.life.end]
        return [
            (event.cause, max(event.at, since), min(after, until, event.limit or until))
            for event, after in zip(events, following, strict=True)
            if event.cause and since <= event.at <= until
        ]


def told(segment: Segment) -> int:
    """A segment as the oracle says it."""
    if segment.party is None:
        return REQUESTER
    base = HOLDERS.index(segment.party) * 8
    if segment.kind is TimeKind.PAUSED and segment.cause:
        return base + FIRST_CAUSE + CAUSES.index(segment.cause)
    return base + TOLD[segment.kind]


def painted(life: Life, segments: Sequence[Segment]) -> bytes:
    """The segments, second after second, as the oracle paints them."""
    begin = life.ground.begin
    return b"".join(
        bytes((told(each),)) * (_ceil(each.until_at - begin) - _ceil(each.from_at - begin)) for each in segments
    )


def _paint(line: bytearray, place: slice, told: int) -> None:
    line[place] = bytes((told,)) * (place.stop - place.start)


def _ceil(length: timedelta) -> int:
    return -(-length // SECOND)
