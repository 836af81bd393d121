"""The ceiling of any durable filing: how many one-row commits a second the same machine and engine give to the same
number of processes. A process of its own per client: `python -m bench.commits URL SECONDS`."""

import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
from sqlalchemy import make_url

LIBPQ = "postgresql://"


def ceiling(url: str, clients: int, seconds: float) -> float:
    """One-row commits per second, all clients together."""
    plain = url.replace("postgresql+psycopg://", LIBPQ)
    _prepare(plain)
    command = [sys.executable, "-m", "bench.commits", plain, str(seconds)]
    with ThreadPoolExecutor(clients) as pool:
        runs = [pool.submit(subprocess.check_output, command) for _ in range(clients)]
        return sum(float(run.result()) for run in runs)


def _prepare(url: str) -> None:
    statement = "CREATE TABLE IF NOT EXISTS bench_commit (id INTEGER PRIMARY KEY, at TEXT)"
    if url.startswith(LIBPQ):
        statement = statement.replace("INTEGER", "BIGINT GENERATED ALWAYS AS IDENTITY")
        with psycopg.connect(url) as server:
            server.execute(statement)
    else:
        _file(url).execute(statement)


def _file(url: str) -> sqlite3.Connection:
    connection = sqlite3.connect(make_url(url).database or "", timeout=10, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _commits(url: str, seconds: float) -> float:
    server = psycopg.connect(url, autocommit=True) if url.startswith(LIBPQ) else None
    connection = None if server else _file(url)
    done, begin = 0, time.monotonic()
    while time.monotonic() - begin < seconds:
        if server is not None:
            server.execute("INSERT INTO bench_commit (at) VALUES ('now')")
        elif connection is not None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO bench_commit (at) VALUES ('now')")
            connection.execute("COMMIT")
        done += 1
    return done / (time.monotonic() - begin)


if __name__ == "__main__":
    print(_commits(sys.argv[1], float(sys.argv[2])))
