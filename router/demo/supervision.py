"""Two processes that live and stop together: told to stop, both stop cleanly, and none is left behind."""

import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

STARTS_WITHIN = 60.0
STOPS_WITHIN = 20.0
LOOKS_EVERY = 0.2


@dataclass(frozen=True, slots=True)
class Child:
    """A process to run: its name for people, its command, the descriptors it inherits."""

    name: str
    command: Sequence[str]
    descriptors: tuple[int, ...] = ()


def supervise(
    children: Sequence[Child], environment: Mapping[str, str], address: str, ready: Callable[[], None]
) -> str | None:
    """Runs the children until SIGINT or SIGTERM; calls `ready` once the address answers.

    The name of a child that ended by itself, None when all were told to stop."""
    with _stop_asked() as asked:
        running: dict[str, subprocess.Popen[bytes]] = {}
        try:
            for child in children:
                running[child.name] = subprocess.Popen(  # noqa: S603  # our own commands
                    child.command, env=dict(environment), pass_fds=child.descriptors, stdin=subprocess.DEVNULL
                )
            return _watch(running, asked, address, ready)
        finally:
            _stop(running.values())


def _watch(
    running: Mapping[str, subprocess.Popen[bytes]],
    asked: threading.Event,
    address: str,
    ready: Callable[[], None],
) -> str | None:
    announced, began = False, time.monotonic()
    while not asked.wait(LOOKS_EVERY):
        gone = next((name for name, process in running.items() if process.poll() is not None), None)
        if gone is not None:
            return None if asked.wait(1.0) else gone  # Ctrl-C reaches the children too, maybe first
        if not announced and (_answers(address) or time.monotonic() - began > STARTS_WITHIN):
            announced = True
            ready()
    return None


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310  # our own address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _stop(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    everyone = list(processes)
    for process in everyone:
        process.terminate()
    limit = time.monotonic() + STOPS_WITHIN
    for process in everyone:
        try:
            process.wait(max(0.1, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _stop_asked() -> Iterator[threading.Event]:
    """Set by the first SIGINT or SIGTERM; the signals are put back afterwards."""
    asked = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        asked.set()

    before = {each: signal.signal(each, ask) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
