"""What looking back over 300,000 past tickets costs: decided again under another book, and counted for each line of a
comparison; on both engines, the command's own work in one process."""

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter, process_time

from bench.grounds import Ground, grounds
from bench.machine import load, table
from bench.tickets import copy_up_to, file_some
from router.desk.comparison import changes, conventions_of, count_tickets, replay
from router.desk.policy import Policy, load_policy, read_sources
from router.reports.period import Period
from router.settings import SHIPPED_RULES
from tests.desk.world import MONDAY

FEW, MANY = 1_000, 300_000
CHANGED = ("routing/30-materiel.toml", 'id = "materiel-a-confirmer"', "departement_maintenance", "academie_dsi")
READ = ("incident", "ticket", "decision", "holding")


def main(quick: bool) -> None:
    rows: list[tuple[str, ...]] = []
    tickets = MANY // 10 if quick else MANY
    for engine in ("sqlite", "postgresql"):
        with grounds(engine) as ground:
            file_some(ground, FEW)
            copy_up_to(ground, tickets, READ)
            load()
            rows += _measured(ground, tickets)
    print("\nLooking back: seconds")
    table(("what", "engine", "tickets", "wall", "CPU of this process"), rows)


def _measured(ground: Ground, tickets: int) -> list[tuple[str, ...]]:
    old, new = load_policy(read_sources(SHIPPED_RULES)), _draft()
    today = MONDAY.date()
    period = Period.through(today - timedelta(days=360), today, ground.settings.zone)
    desk = ground.world.desk

    def replayed() -> int:
        return replay(desk, new, period, None).total

    def counted() -> int:
        found = [changes(old, new, each, today) for each in conventions_of(old, new)]
        lines = [line for each in count_tickets(desk, found, MONDAY) for day in each.days for line in day.lines]
        return sum(line.tickets or 0 for line in lines)

    return [
        ("replay", ground.engine, f"{tickets:,}", *_timed(replayed)),
        ("compare, with tickets per line", ground.engine, f"{tickets:,}", *_timed(counted)),
    ]


def _timed(work: Callable[[], int]) -> tuple[str, str]:
    wall, cpu = perf_counter(), process_time()
    if work() == 0:
        raise RuntimeError("no ticket was read")
    return f"{perf_counter() - wall:.1f}", f"{process_time() - cpu:.1f}"


def _draft() -> Policy:
    """The académie takes what nobody knows the owner of: a good part of the tickets changes hands."""
    file, rule, old, new = CHANGED
    sources = dict(read_sources(SHIPPED_RULES))
    before, after = sources[file].split(rule)
    return load_policy({**sources, file: f"{before}{rule}{after.replace(old, new, 1)}", "properties.toml": ""})
