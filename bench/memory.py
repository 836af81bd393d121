"""Memory of a web process and of the worker once warm, and what importing the application costs."""

import subprocess
import sys
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from bench.client import Orders, warm_up
from bench.grounds import HOUSE, PASSWORD, Ground, give_password, grounds, served, working
from bench.machine import family, memory_mb, table
from bench.texts import texts

IMPORTS = {
    "router.rulebook.decide": "decide alone",
    "router.cli": "the command line",
    "web": "the web application",
    "router.worker": "the worker",
}


def main(quick: bool) -> None:
    rows = []
    for engine in ("sqlite", "postgresql"):
        with grounds(engine) as ground:
            give_password(ground)
            rows += [*_web(ground, 100 if quick else 500), *_worker(ground)]
    print("\nMemory once warm, in MB (PSS counts what processes share once)")
    table(("process", "engine", "RSS", "PSS"), rows)
    print("\nImport, processor seconds (the least of five)")
    table(
        ("module", "s"),
        [(f"{name} ({what})", f"{_import_seconds(name):.2f}") for name, what in IMPORTS.items()],
    )


def _web(ground: Ground, filings: int) -> list[tuple[str, ...]]:
    """The web processes after a few hundred filings by one client, spread over them by the server."""
    with served(ground) as server:
        for person in ("rupn", "teacher"):
            warm_up(_orders(ground, person), filings // 2)
        processes = family(server)
        return [_row("web, parent" if each == server else "web", ground, each) for each in processes]


def _worker(ground: Ground) -> list[tuple[str, ...]]:
    """The worker after two ticks over those filings."""
    with working(ground) as worker:
        time.sleep(2 * ground.settings.worker_tick_seconds + 3)
        return [_row("worker", ground, worker)]


def _row(name: str, ground: Ground, process: int) -> tuple[str, ...]:
    resident, proportional = memory_mb(process)
    return name, ground.engine, f"{resident:.0f}", f"{proportional:.0f}"


def _orders(ground: Ground, person: str) -> Orders:
    email = ground.world[person].email
    return Orders(ground.settings.host, ground.settings.port, email, PASSWORD, 0, 0, list(texts()))


def _import_seconds(module: str) -> float:
    return min(_one_import(module) for _ in range(5))


def _one_import(module: str) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", f"import {module}"], cwd=Path(HOUSE), check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
