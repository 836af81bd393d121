"""The machine the figures come from, how busy it is with other work, and what processes use of it."""

import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def describe() -> None:
    """The lines that head every measure. A load near or above the number of cores spoils times, not counts."""
    cores = len(os.sched_getaffinity(0))
    print(f"{_processor()}, {cores} cores, {platform.system()} {platform.release()}")
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    load()


def load() -> None:
    print("load before: " + ", ".join(f"{each:.1f}" for each in os.getloadavg()) + " (1, 5, 15 minutes)")


def cpu_seconds(process: int) -> float:
    """User and system time of a process, its children and those it has reaped; none for one that is gone."""
    return sum(_own_seconds(each) for each in family(process))


def family(process: int) -> list[int]:
    """A process and its living descendants."""
    found = [process]
    for child in _children(process):
        found += family(child)
    return found


def child_named(name: str) -> int | None:
    """A child of this process that runs the program `name`."""
    named = (each for each in _children(os.getpid()) if Path(f"/proc/{each}/comm").read_text().strip() == name)
    return next(named, None)


def memory_mb(process: int) -> tuple[float, float]:
    """(RSS, PSS) in megabytes: PSS counts what is shared with other processes once."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    sizes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines[1:])}
    return sizes["Rss"] / 1024, sizes["Pss"] / 1024


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a table of Markdown, the first column to the left."""
    lines = [list(head), ["-" * 3, *["--:"] * (len(head) - 1)], *map(list, rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    print()
    for line in lines:
        cells = [
            line[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)),
        ]
        print("| " + " | ".join(cells) + " |")


def _own_seconds(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICK


def _children(process: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except FileNotFoundError:
        return []


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
