"""Service-time arithmetic: additions per minute on one core, and agreement with the minute-by-minute oracle.

Run from the project's folder: `python -m bench clock`; a wider check: `python -m bench.clock 20000`."""

import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from router.clock.calendar import ServiceCalendar, add, between, calendars_of, subtract
from tests.clock.test_arithmetic import BUILT, check_case

CALENDARS = Path(__file__).parents[1] / "rules/clocks/calendars.toml"
ROUNDS = 200_000
FIRST = datetime(2025, 9, 1, tzinfo=UTC)
TWO_YEARS = 2 * 365 * 86_400


def starts(count: int) -> list[datetime]:
    chance = random.Random(20261124)
    return [FIRST + timedelta(seconds=chance.randrange(TWO_YEARS)) for _ in range(count)]


def per_minute(work: Callable[[datetime, timedelta], object]) -> float:
    """Calls per minute over the same random starts and allowances, after one call to compute the calendar."""
    chance = random.Random(1)
    cases = [(start, timedelta(minutes=chance.randrange(1, 80 * 60))) for start in starts(ROUNDS)]
    begin = perf_counter()
    for start, allowance in cases:
        work(start, allowance)
    return ROUNDS / (perf_counter() - begin) * 60


def first_answer(name: str) -> float:
    """Seconds from the file's text to the first answer of a calendar."""
    text = CALENDARS.read_text(encoding="utf-8")
    begin = perf_counter()
    add(calendars_of(text)[name], FIRST, timedelta(hours=4))
    return perf_counter() - begin


def measure(calendar: ServiceCalendar) -> None:
    hour = timedelta(hours=1)

    def add_with_pauses(start: datetime, allowance: timedelta) -> object:
        return add(
            calendar,
            start,
            allowance,
            [(start + hour, start + 30 * hour), (start + 5 * hour, start + 6 * hour)],
        )

    kinds: dict[str, Callable[[datetime, timedelta], object]] = {
        "add": lambda start, allowance: add(calendar, start, allowance),
        "add, two pauses": add_with_pauses,
        "subtract": lambda start, allowance: subtract(calendar, start, allowance),
        "between": lambda start, allowance: between(calendar, start, start + allowance),
    }
    for kind, work in kinds.items():
        print(f"{calendar.name:20} {kind:16} {per_minute(work):12,.0f} per minute")


def agree(cases: int) -> None:
    """Random cases without hypothesis: the same questions to the oracle and to the product."""
    chance = random.Random(7)
    for _ in range(cases):
        calendar, oracle = BUILT[chance.choice(list(BUILT))]
        start, allowance = chance.randrange(oracle.minutes), chance.randrange(5_000)
        begins = [chance.randrange(oracle.minutes) for _ in range(chance.randrange(4))]
        check_case(
            calendar, oracle, start, allowance, [(begin, begin + chance.randrange(5_000)) for begin in begins]
        )
    print(f"oracle: {cases:,} random cases (add, between, subtract), no difference")


def measured(quick: bool) -> None:
    """What `python -m bench` asks: fewer cases when quick."""
    _measured(1_000 if quick else 10_000)


def main() -> None:
    _measured(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)


def _measured(cases: int) -> None:
    print(f"text to first answer: {first_answer('nord-pedagogique') * 1000:.0f} ms")
    calendars = calendars_of(CALENDARS.read_text(encoding="utf-8"))
    for name in ("nord-pedagogique", "sud-administratif", "permanent"):
        measure(calendars[name])
    agree(cases)


if __name__ == "__main__":
    main()
