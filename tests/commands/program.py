"""Runs the real program, in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "router")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def run(folder: Path, *arguments: str, given: bytes | str = b"", **environment: str) -> Outcome:
    """The program called in `folder`, whose data it uses."""
    done = subprocess.run(
        [*PROGRAM, *arguments],
        cwd=folder,
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        env=environment_in(**environment),
        timeout=120,
        check=False,
    )
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def environment_in(**more: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("AIGUILLAGE_")}
    return own | {"PYTHONPATH": str(ROOT)} | more


def jsonl(*objects: Any) -> str:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects)


def errors(lines: Sequence[Any]) -> list[tuple[Any, str | None]]:
    """(id, field) of every refused line."""
    return [(line["id"], line["error"]["field"]) for line in lines if "error" in line]
