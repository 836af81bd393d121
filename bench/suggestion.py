"""Server time of the suggestion shown as she types (POST /signaler/panneau), in a collège with inventory and tickets.

Each call is a different text, as words come; times are of the whole request inside the application (Flask's test
client), template included. The goal is 50 ms."""

import os
from time import perf_counter, process_time

from flask.testing import FlaskClient

import web
from bench.grounds import SECRET_KEY, Ground, give_password, grounds
from bench.machine import load, quantile, table
from bench.pages import TOKEN, counted, sign_in
from bench.texts import texts
from bench.tickets import file_some
from router.settings import SECRET_KEY_VARIABLE
from router.store.tables import Asset
from tests.desk.world import MONDAY, NORTH

ROOMS, THINGS, TICKETS = 60, 600, 400
KINDS = ("desktop", "projector", "laptop", "tablet", "printer")


def main(quick: bool) -> None:
    os.environ.setdefault(SECRET_KEY_VARIABLE, SECRET_KEY)
    rounds = 50 if quick else 200
    rows: list[tuple[str, ...]] = []
    for engine in ("sqlite", "postgresql"):
        with grounds(engine) as ground:
            give_password(ground)
            _furnish(ground)
            file_some(ground, TICKETS)
            load()
            rows.append((engine, *_timed(ground, rounds)))
    print(
        f"\nThe suggestion as she types: {rounds} warm calls, in milliseconds; {THINGS} things, {TICKETS} tickets"
    )
    table(("engine", "median", "p95", "p99", "CPU", "queries"), rows)


def _furnish(ground: Ground) -> None:
    with ground.world.desk.database.writing() as session:
        session.add_all(
            Asset(
                uai=NORTH,
                tag=f"INV-{number:04}",
                label=f"Appareil {number}",
                owner="departement",
                zone="pedagogique",
                product_family=KINDS[number % len(KINDS)],
                room=str(100 + number % ROOMS),
                serial="",
                imported_at=MONDAY,
            )
            for number in range(THINGS)
        )


def _timed(ground: Ground, rounds: int) -> tuple[str, ...]:
    app = web.create_app(ground.settings, ground.world.desk, clock=lambda: MONDAY)
    client = app.test_client()
    sign_in(client, ground.world["rupn"].email)
    token = client.get("/signaler").text.split(TOKEN, 1)[1].split('value="', 1)[1].split('"', 1)[0]
    said = texts()
    walls, cpus = [], []
    with counted(ground) as statements:
        for number in range(rounds + 20):
            subject, body = said[number % len(said)]
            wall, cpu = perf_counter(), process_time()
            _ask(client, token, subject, body, str(100 + number % ROOMS))
            if number >= 20:
                walls.append((perf_counter() - wall) * 1000)
                cpus.append((process_time() - cpu) * 1000)
    figures = (quantile(walls, 0.5), quantile(walls, 0.95), quantile(walls, 0.99), quantile(cpus, 0.5))
    return (*(f"{each:.1f}" for each in figures), f"{len(statements) / (rounds + 20):g}")


def _ask(client: FlaskClient, token: str, subject: str, body: str, room: str) -> None:
    fields = {"subject": subject, "body": body, "room": room}
    answer = client.post("/signaler/panneau", data=fields, headers={"X-CSRFToken": token})
    if answer.status_code != 200:
        raise RuntimeError(f"/signaler/panneau: {answer.status_code}")
