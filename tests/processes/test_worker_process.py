"""The worker as it runs: a process that works until it is told to stop, then stops cleanly and soon."""

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from router.desk.health import health
from router.store.engine import Database
from tests.notices.rows import notice, queue, stored

ROOT = Path(__file__).parents[2]
PROGRAM = """
import logging, sys
from router.settings import MailMode, Settings
from router.worker import run_worker
logging.basicConfig(level=logging.INFO, stream=sys.stderr)
run_worker(Settings(database=sys.argv[1], mail_mode=MailMode.KEEP, worker_tick_seconds=1))
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_works_then_stops_when_told(
    database: Database, database_url: str, how: signal.Signals
) -> None:
    queue(database, notice("a"))
    worker = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, database_url], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    try:
        limit = time.monotonic() + 60
        while stored(database)["a"].state != "sent":
            assert worker.poll() is None and time.monotonic() < limit
            time.sleep(0.05)
        assert health(database, datetime.now(UTC)).ok
        worker.send_signal(how)
        _, log = worker.communicate(timeout=20)
    finally:
        worker.kill()
    assert worker.returncode == 0, log
    assert "stopped" in log.splitlines()[-1]
    assert "example.org" not in log
    assert "Traceback" not in log
