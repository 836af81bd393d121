"""Programs the tests need from the system: found, or brought by Debian's own packages, installed or only unpacked."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class ProgramMissing(Exception):
    """It was not found; the message says which command brings it."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program by the names it goes by. `variable` may name another one; `packages` bring it.

    `settle` makes a program of its packages unpacked in a folder, for those who are not root, and gives its path.
    """

    label: str
    variable: str
    names: tuple[str, ...]
    packages: tuple[str, ...]
    settle: Callable[[Path], Path] | None = None

    def find(self, run_folder: Path) -> str:
        """Its path. Where there is none, the system's packages are installed as root, else unpacked if that can do."""
        named = os.environ.get(self.variable, "").strip()
        if named:
            if shutil.which(named) is None:
                raise ProgramMissing(f"{self.variable} names {named}, which cannot be run")
            return named
        found = self._on_the_path()
        bring = self._install if os.geteuid() == 0 else self._unpack
        if found is None and shutil.which("apt-get"):
            # One lock for all of them: apt refuses to run twice at once, and two workers may miss two programs.
            with (run_folder / "apt-get.lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                found = self._on_the_path() or bring()
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
        for command in (["apt-get", "update", "-qq"], self._command):
            _run(command, Path.cwd())
        return self._on_the_path()

    def _unpack(self) -> str | None:
        """Beside the virtual environment, once: the signed packages the machine already lists, no root right needed."""
        if self.settle is None:
            return None
        kept = Path(sys.prefix) / "programs" / self.packages[0]
        if not kept.is_dir():
            made = kept.with_name(f"{kept.name}.{os.getpid()}")
            made.mkdir(parents=True)
            unpack(self.packages, made)
            made.rename(kept)
        return str(self.settle(kept))


def unpack(packages: tuple[str, ...], folder: Path) -> None:
    """These packages and whatever they need that is not installed, downloaded by apt and laid out under the folder."""
    unlocked = ["apt-get", "-o", "Debug::NoLocking=1"]
    wanted = _run(
        [*unlocked, "install", "-y", "--no-install-recommends", "--print-uris", "-qq", *packages], folder
    )
    names = [line.split()[1].split("_")[0] for line in wanted.splitlines() if line.startswith("'")]
    _run([*unlocked, "download", "-qq", *names], folder)
    for archive in sorted(folder.glob("*.deb")):
        _run(["dpkg", "-x", archive.name, "."], folder)
        archive.unlink()


def _run(command: list[str], folder: Path) -> str:
    surroundings = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ProgramMissing(f"{' '.join(command)} failed: {done.stderr[-500:]}")
    return done.stdout
