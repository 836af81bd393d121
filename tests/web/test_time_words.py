"""What the pages of a ticket's time are made of: bars, ticks and words for cases no page of the small world reaches."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from router.clock.calendar import calendars_of
from router.clock.ledger import Held, History, TimeKind, Wait, ledger
from router.desk.ticket_time import Agreement, Judgement, Recount, Timetable
from router.model.measures import Verdict
from router.model.words import DeadlineKind, Party, PauseCause
from tests.desk.world import shipped_policy
from web.ticket import line, time_words
from web.ticket.scale import MOST_TICKS, Scale, ticks

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
DEPARTEMENT, ACADEMIE = Party.DEPARTEMENT_MAINTENANCE, Party.ACADEMIE_DSI
NORTH = shipped_policy().calendars["nord-pedagogique"]
HOUR, DAY, MICROSECOND = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)


def plain(words: str) -> str:
    return words.replace("\u00a0", " ").replace("\u202f", " ")


def held_for(length: timedelta, start: datetime = MONDAY) -> History:
    return History(start, start + length, [Held(DEPARTEMENT, NORTH, start)])


@pytest.mark.parametrize(
    "length", [timedelta(minutes=1), HOUR, 7 * HOUR, DAY, 3 * DAY, 40 * DAY, 400 * DAY, 3_000 * DAY]
)
def test_an_axis_has_a_few_ticks_and_none_outside(length: timedelta) -> None:
    found = ticks(Scale(MONDAY, MONDAY + length), PARIS)
    assert len(found) <= MOST_TICKS + 1
    assert all(0 <= tick.x <= 100 for tick in found)
    assert len(found) >= 1 or length < HOUR


def test_ticks_are_round_on_the_reader_s_wall_clock_across_a_change_of_hour() -> None:
    start = datetime(2026, 10, 24, 9, 7, tzinfo=UTC)
    days = ticks(Scale(start, start + 3 * DAY), PARIS)
    assert [plain(tick.words) for tick in days] == ["25 oct.", "26 oct.", "27 oct."]
    hours = ticks(Scale(start, start + 5 * HOUR), PARIS)
    assert [plain(tick.words) for tick in hours] == ["12 h", "13 h", "14 h", "15 h", "16 h"]
    years = ticks(Scale(start, start + 900 * DAY), PARIS)
    assert all(plain(tick.words).endswith(("2026", "2027", "2028", "2029")) for tick in years)


def kinds(history: History) -> set[TimeKind]:
    return {bar.kind for bar in line.strip(ledger(history))}


def test_nights_are_drawn_at_the_scale_of_days_and_melt_at_that_of_months() -> None:
    days, months = ledger(held_for(4 * DAY)), ledger(held_for(360 * DAY))
    assert kinds(held_for(4 * DAY)) == {TimeKind.RUNNING, TimeKind.CLOSED}
    assert len(line.strip(days)) > 6
    assert len(months.segments) > 600 and len(line.strip(months)) < 20
    assert sum(bar.label == "D" for bar in line.strip(months)) == 1


def test_bars_follow_each_other_from_end_to_end() -> None:
    bars = line.strip(ledger(held_for(20 * DAY)))
    assert bars[0].x == 0 and abs(bars[-1].x + bars[-1].width - 100) < 0.1
    assert all(abs(one.x + one.width - other.x) < 0.7 for one, other in pairwise(bars))


def test_a_brief_holding_is_still_seen() -> None:
    start = MONDAY - 30 * DAY
    holdings = [Held(ACADEMIE, NORTH, start, start + HOUR / 60), Held(DEPARTEMENT, NORTH, start + HOUR / 60)]
    first = line.strip(ledger(History(start, MONDAY, holdings)))[0]
    assert (first.party, first.width) == (ACADEMIE, line.THINNEST)


@pytest.mark.parametrize(
    ("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ")]
)
def test_deadlines_are_lettered_without_end(place: int, name: str) -> None:
    assert line.letter(place) == name


def a_deadline(kind: DeadlineKind, due_at: datetime, verdict: Verdict, state: str = "met") -> Judgement:
    again = Recount((), "{}", {}, Agreement.SAME)
    met_at = due_at if state == "met" else None
    return Judgement(
        1,
        kind,
        DEPARTEMENT,
        0,
        MONDAY,
        "pedagogique",
        "x",
        HOUR,
        None,
        due_at,
        None,
        met_at,
        state,
        verdict,
        again,
        None,
    )


def test_where_letters_are_crowded_what_is_late_keeps_its_own() -> None:
    spells = ledger(held_for(10 * DAY)).spells()
    due_at = MONDAY + 5 * DAY
    judged = [a_deadline(DeadlineKind.RESOLVE, due_at, Verdict.IN_TIME) for _ in range(6)]
    judged += [
        a_deadline(DeadlineKind.ANSWER, due_at, Verdict.IN_TIME),
        a_deadline(DeadlineKind.CLOSE, due_at, Verdict.LATE),
    ]
    judged += [a_deadline(DeadlineKind.PROMISE, due_at + HOUR, Verdict.LATE)]
    judged += [a_deadline(DeadlineKind.ANSWER, MONDAY + 9 * DAY, Verdict.RUNNING, "running")]
    found = line.chart(spells, [1], judged, (), PARIS, MONDAY + 10 * DAY)
    assert [(mark.letter, mark.level, mark.look) for mark in found.marks] == [
        ("I", 0, "late"),
        *((name, level, "in-time") for name, level in zip("ABCDEF", (1, 2, 3, None, None, None), strict=True)),
        ("J", 0, "open"),
    ]
    assert found.now is None and found.head == 4 * line.LEVEL


def test_the_line_goes_on_to_deadlines_to_come_unless_the_ticket_is_settled() -> None:
    end, later = MONDAY + DAY, MONDAY + 4 * DAY
    judged = [a_deadline(DeadlineKind.PROMISE, later, Verdict.RUNNING, "running")]
    assert line.reach(judged, end, ends=False) == later
    assert line.reach(judged, end, ends=True) == line.reach([], end, ends=False) == end
    assert line.chart(ledger(held_for(DAY)).spells(), [1], judged, (), PARIS, later).now == 25
    far = a_deadline(DeadlineKind.PROMISE, MONDAY + 200 * DAY, Verdict.RUNNING, "running")
    assert line.reach([*judged, far], end, ends=False) == later  # as after months of force majeure


def test_totals_are_in_whole_seconds_that_add_up_though_instants_are_not() -> None:
    start, odd = MONDAY + 600_000 * MICROSECOND, timedelta(hours=3, microseconds=700_001)
    holdings = [
        Held(DEPARTEMENT, NORTH, start, start + odd),
        Held(ACADEMIE, NORTH, start + odd, start + 2 * odd),
        Held(DEPARTEMENT, NORTH, start + 2 * odd),
    ]
    waits = [Wait(2, PauseCause.PART, start + 2 * odd + 250_000 * MICROSECOND, start + 3 * odd)]
    suspensions = [(start + 3 * odd, start + 3 * odd + 333_333 * MICROSECOND)]
    found = ledger(History(start, start + 5 * odd, holdings, waits, suspensions))
    sums = time_words.sums(found)
    assert [each.name for each in sums][2:] == ["En attente", "Suspendu (force majeure)"]
    assert sum(each.whole for each in sums) == time_words.whole(found) == 54_003
    assert all(
        each.whole == each.running + each.closed + each.unknown for each in sums if each.running is not None
    )  # type: ignore[operator]


def test_a_suspension_and_unknown_days_are_told() -> None:
    corsican = calendars_of(
        '[calendar.corse]\ntimezone = "Europe/Paris"\nmonday = ["08:00-18:00"]\nschool_zone = "corse"\n'
        'open = [{ date = 2026-11-23, spans = ["08:00-18:00"] }]'
    )["corse"]
    history = History(
        MONDAY,
        MONDAY + DAY,
        [Held(DEPARTEMENT, corsican, MONDAY)],
        suspensions=[(MONDAY + HOUR, MONDAY + 3 * HOUR)],
    )
    spells = ledger(history).spells()
    told = time_words.passages(spells, range(1, 4), PARIS, ends=False, last=True)
    assert [(each.title, plain(each.rest)) for each in told] == [
        ("Tenu par la maintenance du Département", "1 h de temps de service"),
        ("Suspendu : force majeure", "2 h, l'horloge est arrêtée chez la maintenance du Département"),
        (
            "Tenu par la maintenance du Département",
            "5 h 30 de temps de service, 9 h 30 où le calendrier n'est pas connu",
        ),
    ]
    assert (told[-1].until_words, plain(told[0].until_words)) == (
        "maintenant",
        "lundi 23 novembre 2026 à 10 h 30",
    )
    assert TimeKind.UNKNOWN in kinds(history)


def test_hours_are_told_in_words() -> None:
    said = [plain(each) for each in time_words.week(Timetable(("pedagogique",), NORTH))]
    assert said == [
        "Lundi, mardi, jeudi, vendredi : de 8 h à 12 h et de 13 h 30 à 17 h 30",
        "Mercredi : de 8 h à 12 h et de 13 h 30 à 15 h 30",
        "Samedi, dimanche : fermé",
        "Jours fériés de métropole : fermé",
        "Vacances scolaires (zone B) : fermé",
    ]
    permanent = shipped_policy().calendars["permanent"]
    assert time_words.week(Timetable(("permanent",), permanent)) == ("Tous les jours : à toute heure",)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 h 00 min 00 s"), (43_503, "12 h 05 min 03 s"), (360_000, "100 h 00 min 00 s")]
)
def test_lengths_are_said_to_the_second(seconds: int, words: str) -> None:
    assert plain(time_words.exact(seconds)) == words
