"""Looks at a folder again and again, and says when something in it has changed. Polls: it works on every disk."""

import time
from collections.abc import Iterator
from pathlib import Path

PAUSE_SECONDS = 0.4
State = tuple[tuple[str, int, int], ...]


def changes(folder: Path, pause: float = PAUSE_SECONDS) -> Iterator[None]:
    """Yields at once, then each time the folder's files are no longer what they were. Never ends by itself."""
    seen: State | None = None
    while True:
        found = state_of(folder)
        if found != seen:
            seen = found
            yield
        else:
            time.sleep(pause)


def state_of(folder: Path) -> State:
    """Names, sizes and times of the rule files. A file that goes while it is looked at is no longer there."""
    found = []
    for path in sorted(folder.rglob("*.toml")):
        try:
            about = path.stat()
        except OSError:
            continue
        found.append((path.relative_to(folder).as_posix(), about.st_size, about.st_mtime_ns))
    return tuple(found)
