"""One worker process: empties the outbox at a given instant, writing down each message it sends.

Several processes share the record. A mail of several messages is one line, with how many it names."""

import os
import re
import time
from dataclasses import dataclass
from datetime import datetime

from router.notices.channels import Envelope
from router.notices.deliver import drain
from router.store.engine import open_database


@dataclass
class Recorder:
    """Appends whole lines in one write: a kill can't cut one, and processes can't mix theirs."""

    descriptor: int

    def send(self, envelope: Envelope) -> None:
        together = re.match(r"[0-9]+(?= messages d'Aiguillage$)", envelope.subject)
        named = f"*{together[0]}" if together else ""
        os.write(self.descriptor, f"{envelope.message_id}{named}\n".encode())
        time.sleep(0.002)  # a kill has its chance between the sending and its record

    def close(self) -> None:
        pass


def main(url: str, instant: str, record: str) -> None:
    at = datetime.fromisoformat(instant)
    recorder = Recorder(os.open(record, os.O_WRONLY | os.O_APPEND | os.O_CREAT))
    drain(open_database(url, synchronous="NORMAL"), recorder, lambda: at, f"w{os.getpid()}")
