"""One worker process that fires what is due, as the real one does, by a clock of the test's.

At each pass the clock says the instant given, and with a seed other than 0 an hour more or less, as a machine whose
clock is set right and wrong again. It says « ready », waits for a word, then works until it is told to stop."""

import os
import random
import signal
import time
from datetime import datetime, timedelta
from multiprocessing.connection import Connection

from router.desk.escalate import run_due
from router.desk.house import Desk
from router.notices.channels import Envelope
from router.settings import Settings
from router.store.engine import open_database
from router.worker import Worker
from tests.desk.world import shipped_policy

POLICY = shipped_policy()  # read once, by whoever these processes are born of
JUMPS = (timedelta(), timedelta(hours=1), timedelta(hours=-1))


class Silence:
    """Takes every message and sends none."""

    def send(self, envelope: Envelope) -> None:
        pass

    def close(self) -> None:
        pass


def main(url: str, at: datetime, batch: int, seed: int, line: Connection) -> None:
    dice = random.Random(seed)

    def clock() -> datetime:
        return at if seed == 0 else at + dice.choice(JUMPS)

    database = open_database(url, synchronous="FULL")
    desk = Desk(database, Settings(public_url="https://aiguillage.example.org"))
    desk.policies.remember(POLICY)
    worker = Worker(
        database,
        lambda moment, go_on: run_due(desk, moment, batch=batch, go_on=go_on),
        Silence(),
        clock,
        name=f"drain:{os.getpid()}",
        started_at=at,
        slice_seconds=60.0,
    )
    signal.signal(signal.SIGTERM, lambda _signal, _frame: worker.stopping.set())
    line.send("ready")
    line.recv()
    while not worker.stopping.is_set():
        worker.tick()
        time.sleep(0.02)
