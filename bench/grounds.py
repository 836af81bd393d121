"""Where the measures are taken: fresh databases of both engines as durable as in production, the small world of
the tests in them, and the real web server on top."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from router.desk import passwords
from router.settings import Settings, load_settings
from router.store.engine import open_database
from router.store.schema import upgrade
from router.store.tables import Account
from tests.desk.world import World, settle_world
from tests.postgres import DURABLE, own_server

PASSWORD = "quatre mots pour mesurer"
SECRET_KEY = "une clé de mesure, longue de plus de trente-deux caractères"
HOUSE = Path(__file__).parents[1]
START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Ground:
    """One database, settled, and the settings that name it."""

    engine: str
    settings: Settings
    config: Path
    world: World


@contextmanager
def grounds(engine: str) -> Iterator[Ground]:
    """A new database of this engine, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="aiguillage-bench-"))
    try:
        if engine == "sqlite":
            yield _settled(engine, folder, f"sqlite:///{folder / 'bench.sqlite3'}")
        else:
            with own_server(DURABLE) as url:
                yield _settled(engine, folder, url.replace("postgresql://", "postgresql+psycopg://"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settled(engine: str, folder: Path, url: str) -> Ground:
    config = folder / "config.toml"
    config.write_text(
        f'database = "{url}"\nport = {_free_port()}\nmail_mode = "keep"\nlogin_attempts = 100\n'
        f'data_folder = "{folder}"\n',
        encoding="utf-8",
    )
    settings = load_settings(config, {})
    database = open_database(url, synchronous=settings.sqlite_synchronous)
    upgrade(database.engine)
    return Ground(engine, settings, config, settle_world(database, settings))


def give_password(ground: Ground) -> None:
    """The same password to everybody, so that the clients can sign in."""
    hashed = passwords.hashed(PASSWORD)
    with ground.world.desk.database.writing() as session:
        for account in session.scalars(select(Account)):
            account.password_hash = hashed


@contextmanager
def served(ground: Ground) -> Iterator[int]:
    """The application as `aiguillage serve` serves it; gives the number of its process."""
    with _running(ground, "serve") as process:
        _wait_until_it_answers(process, f"{address(ground)}/robots.txt")
        yield process.pid


@contextmanager
def working(ground: Ground) -> Iterator[int]:
    """The worker; gives the number of its process."""
    with _running(ground, "worker") as process:
        yield process.pid


def address(ground: Ground) -> str:
    return f"http://{ground.settings.host}:{ground.settings.port}"


@contextmanager
def _running(ground: Ground, command: str) -> Iterator[subprocess.Popen[bytes]]:
    program = [sys.executable, "-c", "from router.cli import main; main()"]
    surroundings = os.environ | {"AIGUILLAGE_SECRET_KEY": SECRET_KEY}
    with (ground.config.parent / f"{command}.log").open("wb") as log:
        process = subprocess.Popen(
            [*program, command, "--config", ground.config], cwd=HOUSE, stdout=log, stderr=log, env=surroundings
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)


def _wait_until_it_answers(process: subprocess.Popen[bytes], url: str) -> None:
    limit = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < limit:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
