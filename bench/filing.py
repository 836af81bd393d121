"""Incidents filed per second over HTTP: eight clients signed in, the real form, the real server, durable commits.

Each filing reads the words, decides, and commits incident, ticket, decision, holding, deadlines, ladder, events and
messages together. Afterwards the tickets are counted and every chain of the journal is verified."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from bench import commits
from bench.client import Orders
from bench.grounds import PASSWORD, Ground, give_password, grounds, served
from bench.machine import child_named, cpu_seconds, load, quantile, table
from bench.texts import texts
from router.store import journal
from router.store.tables import DeadlineRow, EventRow, NoticeRow, Ticket

CLIENTS = 8
WARM_SECONDS = 3.0
PEOPLE = ("rupn", "teacher", "bursar", "principal", "rupn_too", "rupn_south", "rupn", "teacher")


@dataclass(frozen=True, slots=True)
class Run:
    """One run's figures; times in milliseconds, processor time per filing."""

    per_second: float
    half: float
    slowest: float
    web_cpu: float
    database_cpu: float | None
    ceiling: float


def main(quick: bool) -> None:
    seconds, runs = (4.0, 1) if quick else (15.0, 3)
    rows = []
    for engine in ("sqlite", "postgresql"):
        with grounds(engine) as ground:
            give_password(ground)
            load()
            rows += [_row(engine, _run(ground, seconds)) for _ in range(runs)]
            _check(ground)
    print(
        f"\nFilings over HTTP: {CLIENTS} clients, {seconds:.0f} s a run after {WARM_SECONDS:.0f} s of warm-up"
    )
    table(
        ("engine", "filed /s", "p50 ms", "p99 ms", "web CPU ms", "database CPU ms", "bare commits /s"),
        rows,
    )


def _row(engine: str, run: Run) -> tuple[str, ...]:
    return (
        engine,
        f"{run.per_second:.0f}",
        f"{run.half:.0f}",
        f"{run.slowest:.0f}",
        f"{run.web_cpu:.1f}",
        "in the web's" if run.database_cpu is None else f"{run.database_cpu:.1f}",
        f"{run.ceiling:.0f}",
    )


def _run(ground: Ground, seconds: float) -> Run:
    ceiling = commits.ceiling(ground.settings.database_url, CLIENTS, seconds / 3)
    with served(ground) as server:
        clients = _signed_in(ground, seconds)
        _let_them_file(clients)
        time.sleep(WARM_SECONDS)
        database = child_named("postgres")
        before = cpu_seconds(server), cpu_seconds(database or 0)
        answers = [json.loads(_hear(client)) for client in clients]
        web_cpu, database_cpu = cpu_seconds(server) - before[0], cpu_seconds(database or 0) - before[1]
    for client in clients:
        client.wait(timeout=10)
    refused = [each for answer in answers for each in answer["refused"]]
    if refused:
        raise RuntimeError(f"{len(refused)} posts made no ticket: {refused[:3]}")
    latencies = [each for answer in answers for each in answer["latencies"]]
    return Run(
        per_second=len(latencies) / seconds,
        half=quantile(latencies, 0.50),
        slowest=quantile(latencies, 0.99),
        web_cpu=web_cpu * 1000 / len(latencies),
        database_cpu=database_cpu * 1000 / len(latencies) if database else None,
        ceiling=ceiling,
    )


def _signed_in(ground: Ground, seconds: float) -> list[subprocess.Popen[str]]:
    clients = [_client() for _ in range(CLIENTS)]
    for number, client in enumerate(clients):
        _tell(client, json.dumps(_orders(ground, number, seconds)))
    for client in clients:
        _hear(client)
    return clients


def _let_them_file(clients: list[subprocess.Popen[str]]) -> None:
    for client in clients:
        _tell(client, "go")


def _orders(ground: Ground, number: int, seconds: float) -> dict[str, Any]:
    found = texts()
    turn = number * len(found) // CLIENTS
    orders = Orders(
        host=ground.settings.host,
        port=ground.settings.port,
        email=ground.world[PEOPLE[number]].email,
        password=PASSWORD,
        warm_seconds=WARM_SECONDS,
        seconds=seconds,
        texts=[*found[turn:], *found[:turn]],
    )
    return {name: getattr(orders, name) for name in Orders.__slots__}


def _client() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bench.client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _tell(client: subprocess.Popen[str], line: str) -> None:
    assert client.stdin is not None
    client.stdin.write(line + "\n")
    client.stdin.flush()


def _hear(client: subprocess.Popen[str]) -> str:
    assert client.stdout is not None
    line = client.stdout.readline()
    if not line:
        raise RuntimeError("a client stopped")
    return line


def _count(ground: Ground, kind: type[Any]) -> int:
    with ground.world.desk.database.reading() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def _check(ground: Ground) -> None:
    """What was counted is really there: every chain holds, and each ticket has its rows."""
    with ground.world.desk.database.reading() as session:
        events, breaks = journal.verify(session)
    if breaks:
        raise RuntimeError(f"broken chains: {breaks[:3]}")
    tickets = _count(ground, Ticket)
    each = {kind.__tablename__: _count(ground, kind) / tickets for kind in (DeadlineRow, EventRow, NoticeRow)}
    shown = ", ".join(f"{number:.1f} {name}s" for name, number in each.items())
    print(f"{ground.engine}: {tickets:,} tickets, {events:,} events verified; per ticket {shown}")
