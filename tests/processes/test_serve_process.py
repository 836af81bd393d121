"""`aiguillage serve`: the web server itself answers the signals, and refuses a database that isn't ready."""

import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from tests.commands.program import PROGRAM, environment_in, run


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def answers(address: str, within: float = 90) -> bool:
    limit = time.monotonic() + within
    while time.monotonic() < limit:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.1)
    return False


def test_it_serves_the_configured_address_then_stops(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "here.toml").write_text(f"demo = true\nport = {port}\nweb_workers = 1\n", encoding="utf-8")
    assert run(tmp_path, "db", "upgrade", "--config", "here.toml").code == 0
    assert run(tmp_path, "rules", "publish", "--config", "here.toml").code == 0
    server = subprocess.Popen(
        [*PROGRAM, "serve", "--config", "here.toml"], cwd=tmp_path, env=environment_in(), stderr=subprocess.PIPE
    )
    try:
        assert answers(f"http://127.0.0.1:{port}/")
        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=60)
        assert server.returncode == 0, log
    finally:
        server.kill()


def test_it_refuses_a_database_that_is_not_ready(tmp_path: Path) -> None:
    done = run(tmp_path, "serve")
    assert done.code == 2
    assert "aiguillage db upgrade" in done.err
    assert run(tmp_path, "worker", "--once").code == 2
