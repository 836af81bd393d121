"""What one filing costs the web process, without server, network or other clients: the real form posted to the WSGI
application of one process. `python -m bench.posts sqlite` says where it goes."""

import argparse
import cProfile
import io
import os
import pstats
import time
from contextlib import ExitStack
from typing import Any

from flask import Flask

import web
from bench.client import form, token_in
from bench.grounds import PASSWORD, SECRET_KEY, Ground, give_password, grounds
from bench.machine import describe, quantile, table
from bench.texts import texts
from router.settings import SECRET_KEY_VARIABLE

WARM = 60
BATCH = 20


def main(quick: bool) -> None:
    os.environ.setdefault(SECRET_KEY_VARIABLE, SECRET_KEY)
    rows = [_measured(engine, 300 if quick else 1000) for engine in ("sqlite", "postgresql")]
    print("\nOne process, one client: processor time of a POST, the database's own not counted (PostgreSQL)")
    table(("engine", "mean ms", "fastest batch ms", "by the clock, p50 ms"), rows)


def _measured(engine: str, number: int) -> tuple[str, ...]:
    with grounds(engine) as ground:
        poster = _ready(ground)
        batches: list[float] = []
        clock: list[float] = []
        for _ in range(number // BATCH):
            begin = time.process_time()
            for _ in range(BATCH):
                at = time.perf_counter()
                poster.post()
                clock.append((time.perf_counter() - at) * 1000)
            batches.append((time.process_time() - begin) * 1000 / BATCH)
    mean = sum(batches) / len(batches)
    return engine, f"{mean:.2f}", f"{min(batches):.2f}", f"{quantile(clock, 0.5):.2f}"


class Poster:
    """Somebody signed in, who sends the form again and again, each time with other words."""

    def __init__(self, app: Flask, email: str) -> None:
        self._app = app
        self._sent = 0
        client = app.test_client()
        page = client.get("/connexion").text
        client.post("/connexion", data={"email": email, "password": PASSWORD, "csrf_token": token_in(page)})
        self._token = token_in(client.get("/signaler").text)
        cookie = client.get_cookie("aiguillage")
        assert cookie is not None
        self._cookie = f"{cookie.key}={cookie.value}"

    def post(self) -> None:
        subject, body = texts()[self._sent % len(texts())]
        self._sent += 1
        sent = form(self._token, subject, body)
        answer = self._app.wsgi_app(self._environ(sent), _expect_redirection)
        for _ in answer:
            pass
        answer.close()  # type: ignore[attr-defined]

    def _environ(self, form: bytes) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/signaler",
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self._cookie,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(form)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(form),
            "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0),
        }


def _expect_redirection(status: str, _headers: list[tuple[str, str]], *_: Any) -> Any:
    if not status.startswith("302"):
        raise RuntimeError(f"a filing was refused: {status}")


def _ready(ground: Ground) -> Poster:
    give_password(ground)
    poster = Poster(web.create_app(ground.settings, ground.world.desk), ground.world["rupn"].email)
    for _ in range(WARM):
        poster.post()
    return poster


def profile(engine: str, number: int) -> None:
    """Prints the forty functions that cost most, by what they call and by themselves."""
    os.environ.setdefault(SECRET_KEY_VARIABLE, SECRET_KEY)
    with ExitStack() as stack:
        poster = _ready(stack.enter_context(grounds(engine)))
        profiler = cProfile.Profile(time.process_time)
        profiler.enable()
        for _ in range(number):
            poster.post()
        profiler.disable()
    figures = pstats.Stats(profiler)
    for order in ("cumulative", "tottime"):
        figures.sort_stats(order).print_stats(40)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=("sqlite", "postgresql"))
    parser.add_argument("--number", type=int, default=300)
    asked = parser.parse_args()
    describe()
    profile(asked.engine, asked.number)
