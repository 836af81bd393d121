"""Programs the tests need from the system: found, or installed as root by Debian's own packages; never downloaded."""

import fcntl
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


class ProgramMissing(Exception):
    """It was not found; the message says which command brings it."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program by the names it goes by. `variable` may name another one; `packages` bring it."""

    label: str
    variable: str
    names: tuple[str, ...]
    packages: tuple[str, ...]

    def find(self, run_folder: Path) -> str:
        """Its path. As root, the system's packages are installed where there is none."""
        named = os.environ.get(self.variable, "").strip()
        if named:
            if shutil.which(named) is None:
                raise ProgramMissing(f"{self.variable} names {named}, which cannot be run")
            return named
        found = self._on_the_path()
        if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
            # One lock for all of them: apt refuses to run twice at once, and two workers may miss two programs.
            with (run_folder / "apt-get.lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                found = self._on_the_path() or self._install()
        if found is None:
            raise ProgramMissing(
                f"no {self.label} here; as root: {' '.join(self._command)} (or name one with {self.variable})"
            )
        return found

    @property
    def _command(self) -> list[str]:
        return ["apt-get", "install", "-y", "--no-install-recommends", *self.packages]

    def _on_the_path(self) -> str | None:
        return next((path for path in map(shutil.which, self.names) if path), None)

    def _install(self) -> str | None:
        surroundings = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], self._command):
            done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise ProgramMissing(f"{' '.join(command)} failed: {done.stderr[-500:]}")
        return self._on_the_path()
