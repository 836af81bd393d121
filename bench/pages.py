"""Server time and queries of the list page (50 lines) and of a ticket's page, with 1,000 and 100,000 tickets.

The first thousand tickets are filed through the use case; the rest are copies of their rows made by the database
itself, which no journal check would pass: they exist only here. Times are of the whole request inside the
application (Flask's test client), template included."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter, process_time

from flask.testing import FlaskClient
from sqlalchemy import event, func, select

import web
from bench.grounds import PASSWORD, SECRET_KEY, Ground, give_password, grounds
from bench.machine import load, quantile, table
from bench.tickets import copy_up_to, file_some
from router.model.words import Party
from router.settings import SECRET_KEY_VARIABLE
from router.store.tables import Ticket
from tests.desk.world import MONDAY

FEW, MANY = 1_000, 100_000
TOKEN = 'name="csrf_token"'
LINE = 'class="queue__due"'


def main(quick: bool) -> None:
    os.environ.setdefault(SECRET_KEY_VARIABLE, SECRET_KEY)
    rounds = 20 if quick else 100
    rows: list[tuple[str, ...]] = []
    for engine in ("sqlite", "postgresql"):
        with grounds(engine) as ground:
            give_password(ground)
            file_some(ground, FEW)
            load()
            rows += _measured(ground, FEW, rounds)
            many = FEW * 10 if quick else MANY
            copy_up_to(ground, many)
            load()
            rows += _measured(ground, many, rounds)
    print(f"\nPages: median and 95th percentile of {rounds} requests, in milliseconds")
    table(("page", "engine", "tickets", "lines", "wall", "wall p95", "CPU", "queries"), rows)


def _measured(ground: Ground, tickets: int, rounds: int) -> Iterator[tuple[str, ...]]:
    app = web.create_app(ground.settings, ground.world.desk, clock=lambda: MONDAY + timedelta(hours=2))
    some = _some_ticket(ground)
    for name, person, path in (
        ("a team's queue", "technician", "/a-traiter"),
        ("a team's queue, by a common word", "technician", "/a-traiter?q=le"),
        ("a team's queue, by a rarer word", "technician", "/a-traiter?q=imprimante"),
        ("a ticket", "technician", f"/dossiers/{some}"),
    ):
        client = app.test_client()
        sign_in(client, ground.world[person].email)
        yield (name, ground.engine, f"{tickets:,}", *_timed(ground, client, path, rounds))


def _timed(ground: Ground, client: FlaskClient, path: str, rounds: int) -> tuple[str, ...]:
    walls, cpus, lines = [], [], 0
    with counted(ground) as statements:
        for number in range(rounds + 3):
            wall, cpu = perf_counter(), process_time()
            answer = client.get(path)
            if number >= 3:
                walls.append((perf_counter() - wall) * 1000)
                cpus.append((process_time() - cpu) * 1000)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code}")
            lines = answer.text.count(LINE)
    queries = len(statements) / (rounds + 3)
    half, slow = quantile(walls, 0.5), quantile(walls, 0.95)
    return str(lines), f"{half:.1f}", f"{slow:.1f}", f"{quantile(cpus, 0.5):.1f}", f"{queries:g}"


@contextmanager
def counted(ground: Ground) -> Iterator[list[str]]:
    """The queries of each request: what reads, the account's own included."""
    engine = ground.world.desk.database.engine
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def _some_ticket(ground: Ground) -> int:
    """One of the first the queue holds: an ordinary ticket with deadlines."""
    wanted = select(func.min(Ticket.id)).where(
        Ticket.holder == Party.DEPARTEMENT_MAINTENANCE, Ticket.alert.is_(False)
    )
    with ground.world.desk.database.reading() as session:
        return session.scalars(wanted).one()


def sign_in(client: FlaskClient, email: str) -> None:
    token = client.get("/connexion").text.split(TOKEN, 1)[1].split('value="', 1)[1].split('"', 1)[0]
    answer = client.post("/connexion", data={"email": email, "password": PASSWORD, "csrf_token": token})
    if answer.status_code != 302:
        raise RuntimeError(f"sign-in refused: {answer.status_code}")
