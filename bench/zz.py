"""How long a manager waits for a report: `python -m bench.reports 20000` on SQLite, `--postgresql` on a server.

Tickets are written straight into the tables, with the holdings, deadlines and steps that filing would give them, spread
over a school year of one convention; what is measured is the use case that the page calls, whole."""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from router.desk import oversee
from router.model.measures import Measure
from router.model.words import Category
from router.reports.period import Period
from router.store.engine import Database, create_engine_from
from router.store.schema import upgrade
from router.store.tables import DeadlineRow, EscalationRow, HoldingRow, IncidentRow, Ticket
from tests.desk.world import NORTH, settle_world
from tests.postgres import shared_server

FIRST = datetime(2025, 9, 1, 7, 0, tzinfo=UTC)
YEAR = Period(date(2025, 9, 1), date(2026, 9, 1), ZoneInfo("Europe/Paris"))
NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
CATEGORIES = [category.value for category in Category if category is not Category.SECURITY]
PARTIES = ("departement_maintenance", "departement_maintenance", "academie_dsi", "rupn")
STEPS = 8
BATCH = 2_000


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("tickets", type=int, nargs="?", default=20_000)
    asked.add_argument("--postgresql", action="store_true")
    options = asked.parse_args()
    with a_database(postgresql=options.postgresql) as database:
        world = settle_world(database)
        fill(database, options.tickets)
        manager = world["manager"]
        whole = timed(lambda: oversee.report_for(world.desk, manager, YEAR, None, NOW))
        month = Period(date(2026, 3, 1), date(2026, 4, 1), YEAR.zone)
        short = timed(lambda: oversee.report_for(world.desk, manager, month, None, NOW))
        rows = timed(
            lambda: oversee.behind(world.desk, manager, YEAR, None, Measure.BREACHED, None, None, None, NOW)
        )
        found = oversee.report_for(world.desk, manager, YEAR, None, NOW)
        assert found.total[Measure.RECEIVED] == options.tickets
        print(f"{options.tickets} tickets: year {whole:.0f} ms, month {short:.0f} ms, list {rows:.0f} ms")


def timed(action: object, times: int = 5) -> float:
    """Median milliseconds."""
    assert callable(action)
    spent = []
    for _ in range(times):
        begin = time.process_time()
        action()
        spent.append((time.process_time() - begin) * 1000)
    return median(spent)


@contextmanager
def a_database(*, postgresql: bool) -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        if not postgresql:
            engine = create_engine_from(f"sqlite:///{folder}/bench.sqlite3", synchronous="NORMAL")
            upgrade(engine)
            yield Database(engine)
            engine.dispose()
            return
        with shared_server(Path(folder)) as url:
            engine = create_engine_from(url)
            upgrade(engine)
            yield Database(engine)
            engine.dispose()


def fill(database: Database, count: int) -> None:
    for start in range(1, count + 1, BATCH):
        numbers = range(start, min(start + BATCH, count + 1))
        with database.writing() as session:
            session.execute(insert(IncidentRow), [incident(n) for n in numbers])
            session.execute(insert(Ticket), [ticket(n, count) for n in numbers])
            session.execute(insert(HoldingRow), [holding(n, count) for n in numbers])
            session.execute(insert(DeadlineRow), [row for n in numbers for row in deadlines(n, count)])
            session.execute(insert(EscalationRow), [row for n in numbers for row in steps(n)])
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def opened(n: int, count: int) -> datetime:
    return FIRST + timedelta(days=300) * (n / count)


def incident(n: int) -> dict[str, object]:
    words = dict.fromkeys(
        (
            "reporter_role",
            "reporter_name",
            "reporter_email",
            "reporter_phone",
            "channel",
            "subject",
            "body",
            "room",
        ),
        "",
    )
    rest = dict.fromkeys(("asset_tag", "product", "content_hash"), "")
    return {"id": n, "uai": NORTH, "declared": {}, "classification": {}, "filed_at": FIRST, **words, **rest}


def ticket(n: int, count: int) -> dict[str, object]:
    at = opened(n, count)
    return {
        "id": n, "incident_id": n, "uai": NORTH, "convention_id": "demo-nord", "subject": "Essai", "room": "",
        "category": CATEGORIES[n % len(CATEGORIES)], "product": "", "priority": "normal", "status": "closed",
        "opened": False, "alert": False, "to_confirm": False, "holder": PARTIES[n % 4], "opened_at": at,
        "due_at": at, "cycle": 1, "contests": 0, "principal_excluded": False, "search_text": "", "head_seq": 1,
        "head_hash": "", "head_at": at, "policy": "essai",
    }  # fmt: skip


def holding(n: int, count: int) -> dict[str, object]:
    at = opened(n, count)
    return {
        "id": n, "ticket_id": n, "seq": 1, "party": PARTIES[n % 4], "from_at": at,
        "until_at": at + timedelta(days=n % 9),
        "acknowledged_at": at, "clock": "pedagogique", "ended_by": "resolved", "served_seconds": (n * 7919) % 200_000,
    }  # fmt: skip


def deadlines(n: int, count: int) -> list[dict[str, object]]:
    at = opened(n, count)
    return [
        {
            "id": n * 4 + index, "ticket_id": n, "holding_id": None if kind == "promise" else n, "kind": kind,
            "party": PARTIES[n % 4], "clock": "pedagogique", "allowance": 1, "starts_at": at,
            "due_at": at + timedelta(days=5), "met_at": at + timedelta(days=n % 9), "state": "met",
        }
        for index, kind in enumerate(("acknowledge", "resolve", "promise", "close"))
    ]  # fmt: skip


def steps(n: int) -> list[dict[str, object]]:
    return [
        {
            "ticket_id": n, "deadline_id": n * 4 + step % 2, "step": step, "cycle": 1, "act": "tell",
            "offset": step * 3600,
            "tell": [], "urgent": False, "state": "fired" if n % 9 > 5 and step < 4 else "cancelled",
        }
        for step in range(STEPS)
    ]  # fmt: skip


if __name__ == "__main__":
    main()
