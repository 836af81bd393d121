"""Worker processes born of a parent that has imported everything once.

An interpreter takes seconds of a loaded machine to read the code; a crew that loses and replaces workers all the time
would spend most of a test there. Each is still a process of its own, to be killed by its number whatever it does."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

_FORKS = multiprocessing.get_context("forkserver")
# The parent imports these, and holds no connection, no thread and no database.
_FORKS.set_forkserver_preload(
    [f"tests.processes.{name}" for name in ("desk_process", "drain_worker", "outbox_worker")]
)


def born(main: Callable[..., None], *words: object) -> BaseProcess:
    """A process that runs `main(*words)`, gone with the tests' own."""
    process = _FORKS.Process(target=main, args=words, daemon=True)
    process.start()
    return process


def line() -> tuple[Connection, Connection]:
    """Both ends of a line between the tests and one worker: whatever is killed, nobody else waits on it."""
    return _FORKS.Pipe()
